package dev.hindsight.cpu.floating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.silicon.Maker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binary32, Binary64 and the conversions against SSE, FMA and F16C of the host, bit for bit. */
class SseSiliconTest {
  private static final int CASES_PER_OPERATION = 6000;

  @TempDir static Path directory;
  private static @Nullable HostFloatingPoint host;

  /** An operation on the low elements of xmm0, xmm1 and xmm2. */
  private interface Wide {
    long apply(long a, long b, long c, FloatEnvironment e);
  }

  private enum Result {
    BITS16,
    BITS32,
    BITS64,
    /** The exclusive or of both quadwords; the upper ones of the operands are c and b. */
    BITS128,
    RAX32,
    RAX64,
    FLAGS
  }

  private record Operation(
      String name, boolean doubles, Result result, Wide wide, List<Integer> code) {
    Operation(String name, boolean doubles, Result result, Wide wide, int... code) {
      this(name, doubles, result, wide, Arrays.stream(code).boxed().toList());
    }
  }

  private static final List<Operation> OPERATIONS = operations();

  @BeforeAll
  static void compile() throws IOException {
    host = HostFloatingPoint.open(directory);
  }

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    arithmetic(all);
    packed(all);
    conversions(all);
    fused(all);
    return all;
  }

  private static void d(List<Operation> all, String name, int opcode, Wide wide) {
    all.add(new Operation(name, true, Result.BITS64, wide, 0xF2, 0x0F, opcode, 0xC1));
  }

  private static void s(List<Operation> all, String name, int opcode, Wide wide) {
    all.add(new Operation(name, false, Result.BITS32, wide, 0xF3, 0x0F, opcode, 0xC1));
  }

  private static void arithmetic(List<Operation> all) {
    d(all, "addsd", 0x58, (a, b, c, e) -> Binary64.add(a, b, e));
    d(all, "subsd", 0x5C, (a, b, c, e) -> Binary64.sub(a, b, e));
    d(all, "mulsd", 0x59, (a, b, c, e) -> Binary64.mul(a, b, e));
    d(all, "divsd", 0x5E, (a, b, c, e) -> Binary64.div(a, b, e));
    d(all, "sqrtsd", 0x51, (a, b, c, e) -> Binary64.sqrt(b, e));
    d(all, "minsd", 0x5D, (a, b, c, e) -> Binary64.min(a, b, e));
    d(all, "maxsd", 0x5F, (a, b, c, e) -> Binary64.max(a, b, e));
    s(all, "addss", 0x58, (a, b, c, e) -> Binary32.add((int) a, (int) b, e));
    s(all, "subss", 0x5C, (a, b, c, e) -> Binary32.sub((int) a, (int) b, e));
    s(all, "mulss", 0x59, (a, b, c, e) -> Binary32.mul((int) a, (int) b, e));
    s(all, "divss", 0x5E, (a, b, c, e) -> Binary32.div((int) a, (int) b, e));
    s(all, "sqrtss", 0x51, (a, b, c, e) -> Binary32.sqrt((int) b, e));
    s(all, "minss", 0x5D, (a, b, c, e) -> Binary32.min((int) a, (int) b, e));
    s(all, "maxss", 0x5F, (a, b, c, e) -> Binary32.max((int) a, (int) b, e));
    all.add(
        new Operation(
            "ucomisd",
            true,
            Result.FLAGS,
            (a, b, c, e) -> flags(Binary64.compare(a, b, false, e)),
            0x66,
            0x0F,
            0x2E,
            0xC1));
    all.add(
        new Operation(
            "comisd",
            true,
            Result.FLAGS,
            (a, b, c, e) -> flags(Binary64.compare(a, b, true, e)),
            0x66,
            0x0F,
            0x2F,
            0xC1));
    all.add(
        new Operation(
            "ucomiss",
            false,
            Result.FLAGS,
            (a, b, c, e) -> flags(Binary32.compare((int) a, (int) b, false, e)),
            0x0F,
            0x2E,
            0xC1));
    all.add(
        new Operation(
            "comiss",
            false,
            Result.FLAGS,
            (a, b, c, e) -> flags(Binary32.compare((int) a, (int) b, true, e)),
            0x0F,
            0x2F,
            0xC1));
  }

  private static void packed(List<Operation> all) {
    all.add(
        new Operation(
            "divpd",
            true,
            Result.BITS128,
            (a, b, c, e) -> Binary64.div(a, b, e) ^ Binary64.div(c, b, e),
            0x66,
            0x0F,
            0x5E,
            0xC1));
  }

  private static long flags(int order) {
    return switch (order) {
      case -1 -> 0x01;
      case 0 -> 0x40;
      case 1 -> 0;
      default -> 0x45;
    };
  }

  private static void conversions(List<Operation> all) {
    all.add(
        new Operation(
            "cvtss2sd",
            false,
            Result.BITS64,
            (a, b, c, e) -> FloatConversions.binary32ToBinary64((int) b, e),
            0xF3,
            0x0F,
            0x5A,
            0xC1));
    all.add(
        new Operation(
            "cvtsd2ss",
            true,
            Result.BITS32,
            (a, b, c, e) -> FloatConversions.binary64ToBinary32(b, e),
            0xF2,
            0x0F,
            0x5A,
            0xC1));
    for (int truncate = 0; truncate < 2; truncate++) {
      boolean t = truncate == 1;
      all.add(
          new Operation(
              "cvtsd2si32",
              true,
              Result.RAX32,
              (a, b, c, e) ->
                  FloatConversions.binary64ToInt32(b, t ? FloatEnvironment.ZERO : e.rounding(), e),
              0xF2,
              0x0F,
              t ? 0x2C : 0x2D,
              0xC1));
      all.add(
          new Operation(
              "cvtsd2si64",
              true,
              Result.RAX64,
              (a, b, c, e) ->
                  FloatConversions.binary64ToInt64(b, t ? FloatEnvironment.ZERO : e.rounding(), e),
              0xF2,
              0x48,
              0x0F,
              t ? 0x2C : 0x2D,
              0xC1));
      all.add(
          new Operation(
              "cvtss2si32",
              false,
              Result.RAX32,
              (a, b, c, e) ->
                  FloatConversions.binary32ToInt32(
                      (int) b, t ? FloatEnvironment.ZERO : e.rounding(), e),
              0xF3,
              0x0F,
              t ? 0x2C : 0x2D,
              0xC1));
      all.add(
          new Operation(
              "cvtss2si64",
              false,
              Result.RAX64,
              (a, b, c, e) ->
                  FloatConversions.binary32ToInt64(
                      (int) b, t ? FloatEnvironment.ZERO : e.rounding(), e),
              0xF3,
              0x48,
              0x0F,
              t ? 0x2C : 0x2D,
              0xC1));
    }
    // rax holds the first operand
    all.add(
        new Operation(
            "cvtsi2sd32",
            true,
            Result.BITS64,
            (a, b, c, e) -> FloatConversions.int32ToBinary64((int) a),
            0xF2,
            0x0F,
            0x2A,
            0xC0));
    all.add(
        new Operation(
            "cvtsi2sd64",
            true,
            Result.BITS64,
            (a, b, c, e) -> FloatConversions.int64ToBinary64(a, e),
            0xF2,
            0x48,
            0x0F,
            0x2A,
            0xC0));
    all.add(
        new Operation(
            "cvtsi2ss32",
            false,
            Result.BITS32,
            (a, b, c, e) -> FloatConversions.int64ToBinary32(a << 32 >> 32, e),
            0xF3,
            0x0F,
            0x2A,
            0xC0));
    all.add(
        new Operation(
            "cvtsi2ss64",
            true,
            Result.BITS32,
            (a, b, c, e) -> FloatConversions.int64ToBinary32(a, e),
            0xF3,
            0x48,
            0x0F,
            0x2A,
            0xC0));
    all.add(
        new Operation(
            "vcvtph2ps",
            false,
            Result.BITS32,
            (a, b, c, e) -> FloatConversions.halfToBinary32((int) b, e),
            0xC4,
            0xE2,
            0x79,
            0x13,
            0xC1));
    for (int i = 0; i < 16; i++) {
      int immediate = i;
      all.add(
          new Operation(
              "roundsd",
              true,
              Result.BITS64,
              (a, b, c, e) ->
                  FloatConversions.roundBinary64(b, mode(immediate, e), (immediate & 8) != 0, e),
              0x66,
              0x0F,
              0x3A,
              0x0B,
              0xC1,
              immediate));
      all.add(
          new Operation(
              "roundss",
              false,
              Result.BITS32,
              (a, b, c, e) ->
                  FloatConversions.roundBinary32(
                      (int) b, mode(immediate, e), (immediate & 8) != 0, e),
              0x66,
              0x0F,
              0x3A,
              0x0A,
              0xC1,
              immediate));
      if (i < 8) {
        all.add(
            new Operation(
                "vcvtps2ph",
                false,
                Result.BITS16,
                (a, b, c, e) -> FloatConversions.binary32ToHalf((int) b, mode(immediate, e), e),
                0xC4,
                0xE3,
                0x79,
                0x1D,
                0xC8,
                immediate));
      }
    }
  }

  private static int mode(int immediate, FloatEnvironment e) {
    return (immediate & 4) != 0 ? e.rounding() : immediate & 3;
  }

  private static void fused(List<Operation> all) {
    // xmm0 = ±(xmm0 * xmm1) ± xmm2 in the orders 132 (xmm0, xmm2, xmm1), 213 and 231
    for (int form = 0; form < 3; form++) {
      for (int sign = 0; sign < 4; sign++) {
        boolean negateC = (sign & 1) != 0;
        boolean negateProduct = (sign & 2) != 0;
        int f = form;
        int opcode = 0x99 + form * 16 + sign * 2;
        all.add(
            new Operation(
                "fma" + f + " " + sign + "d",
                true,
                Result.BITS64,
                (a, b, c, e) ->
                    Binary64.fma(
                        f == 0 ? a : b,
                        f == 0 ? c : f == 1 ? a : c,
                        f == 0 ? b : f == 1 ? c : a,
                        negateProduct,
                        negateC,
                        e),
                0xC4,
                0xE2,
                0xF1,
                opcode,
                0xC2));
        all.add(
            new Operation(
                "fma" + f + " " + sign + "s",
                false,
                Result.BITS32,
                (a, b, c, e) ->
                    Binary32.fma(
                        (int) (f == 0 ? a : b),
                        (int) (f == 0 ? c : f == 1 ? a : c),
                        (int) (f == 0 ? b : f == 1 ? c : a),
                        negateProduct,
                        negateC,
                        e),
                0xC4,
                0xE2,
                0x71,
                opcode,
                0xC2));
      }
    }
  }

  @Test
  void agreesWithTheHost() {
    assumeTrue(host != null, "needs gcc and an x86-64 Linux host");
    List<String> differences = new ArrayList<>();
    for (Operation operation : OPERATIONS) {
      compare(operation, differences);
    }
    assertThat(differences).isEmpty();
  }

  private static void compare(Operation operation, List<String> differences) {
    RandomOperands operands = new RandomOperands(operation.name().hashCode());
    ByteBuffer cases = HostFloatingPoint.cases(CASES_PER_OPERATION);
    for (int i = 0; i < CASES_PER_OPERATION; i++) {
      int at = i * HostFloatingPoint.SIZE;
      HostFloatingPoint.code(
          cases, at, operation.code().stream().mapToInt(Integer::intValue).toArray());
      cases.putInt(at + HostFloatingPoint.MXCSR, operands.mxcsr());
      long a = operand(operation, operands, 0);
      long b = operand(operation, operands, a);
      cases.putLong(at + HostFloatingPoint.XMM0, a);
      cases.putLong(at + HostFloatingPoint.RAX, a);
      cases.putLong(at + HostFloatingPoint.XMM1, b);
      long c = operand(operation, operands, a);
      cases.putLong(at + HostFloatingPoint.XMM2, c);
      cases.putLong(at + HostFloatingPoint.XMM0 + 8, c);
      cases.putLong(at + HostFloatingPoint.XMM1 + 8, b);
    }
    ByteBuffer results = Objects.requireNonNull(host).run(cases);
    FloatEnvironment e = new FloatEnvironment();
    int printed = 0;
    for (int i = 0; i < CASES_PER_OPERATION; i++) {
      int at = i * HostFloatingPoint.SIZE;
      String difference = difference(operation, cases, results, at, e);
      if (difference != null && printed++ < 5) {
        differences.add(difference);
      }
    }
  }

  private static long operand(Operation operation, RandomOperands operands, long other) {
    Random random = operands.random();
    if (operation.name().startsWith("cvtsi2s")) {
      return random.nextLong() >> random.nextInt(64);
    }
    if (operation.name().equals("vcvtph2ps")) {
      return random.nextInt(0x10000);
    }
    boolean near = other != 0 && random.nextInt(4) == 0;
    if (operation.doubles()) {
      return near ? operands.near(other) : operands.binary64();
    }
    int narrow = near ? operands.near((int) other) : operands.binary32();
    if (operation.name().equals("vcvtps2ph") && random.nextBoolean()) {
      narrow = narrow & 0x807F_FFFF | (127 + random.nextInt(50) - 30) << 23;
    }
    return narrow & 0xFFFF_FFFFL;
  }

  private static @Nullable String difference(
      Operation operation, ByteBuffer cases, ByteBuffer results, int at, FloatEnvironment e) {
    int mxcsr = cases.getInt(at + HostFloatingPoint.MXCSR);
    long a = cases.getLong(at + HostFloatingPoint.XMM0);
    long b = cases.getLong(at + HostFloatingPoint.XMM1);
    long c = cases.getLong(at + HostFloatingPoint.XMM2);
    e.mxcsr(mxcsr);
    long ours = operation.wide().apply(a, b, c, e);
    boolean faults = results.getInt(at + HostFloatingPoint.SIGNAL) != 0;
    long theirs =
        switch (operation.result()) {
          case BITS16 -> results.getShort(at + HostFloatingPoint.XMM0) & 0xFFFF;
          case BITS32 -> results.getInt(at + HostFloatingPoint.XMM0);
          case BITS64 -> results.getLong(at + HostFloatingPoint.XMM0);
          case BITS128 ->
              results.getLong(at + HostFloatingPoint.XMM0)
                  ^ results.getLong(at + HostFloatingPoint.XMM0 + 8);
          case RAX32 -> results.getInt(at + HostFloatingPoint.RAX);
          case RAX64 -> results.getLong(at + HostFloatingPoint.RAX);
          case FLAGS -> results.getLong(at + HostFloatingPoint.FLAGS) & 0x8D5;
        };
    int theirFlags = results.getInt(at + HostFloatingPoint.MXCSR) & 0x3F;
    int ignored = faults ? undefinedFlags(operation, e) : 0;
    if (((theirFlags ^ e.sseFlags()) & ~ignored) == 0
        && faults == (e.unmasked() != 0)
        && (faults || ours == theirs)) {
      return null;
    }
    return String.format(
        "%s mxcsr %04x: %x %x %x gives %x flags %02x, on the host %x flags %02x%s",
        operation.name(),
        mxcsr,
        a,
        b,
        c,
        ours,
        e.sseFlags(),
        theirs,
        theirFlags,
        faults ? " and faults" : "");
  }

  /**
   * Flags that depend on the maker of the processor. Unmasked underflow signals an inexact result
   * if accuracy was lost with unbounded exponent (SDM volume 1, section 4.9.1.5); VCVTPS2PH of
   * Intel's processors always does so for a denormal operand.
   */
  private static int undefinedFlags(Operation operation, FloatEnvironment e) {
    boolean denormal = (e.sseFlags() & FloatEnvironment.DENORMAL) != 0;
    return operation.name().equals("vcvtps2ph") && denormal && Maker.ofHost() == Maker.INTEL
        ? FloatEnvironment.PRECISION
        : 0;
  }
}
