package dev.hindsight.cpu.instructions.general;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.silicon.Maker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Compares the pure functions with what the host processor does with 120,000 edge cases. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ArithmeticOracleTest {
  /** A line of the oracle's output. */
  private record Case(
      String name, int bits, long a, long b, long c, int before, String r1, String r2, int after) {
    static Case parse(String line) {
      String[] w = line.split(" ");
      return new Case(
          w[0],
          Integer.parseInt(w[1]),
          hex(w[2]),
          hex(w[3]),
          hex(w[4]),
          (int) hex(w[5]),
          w[6],
          w[7],
          (int) hex(w[8]));
    }

    private static long hex(String word) {
      return Long.parseUnsignedLong(word, 16);
    }

    long unsigned(long value) {
      return value & (-1L >>> (64 - bits));
    }

    long signed(long value) {
      return (value << (64 - bits)) >> (64 - bits);
    }
  }

  /**
   * Computes a case as the semantics do; returns what RAX holds, in as many bits as are defined.
   */
  @FunctionalInterface
  private interface Function {
    long apply(Flags f, Case c);
  }

  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          Map.entry("add", (f, c) -> Arithmetic.add(f, c.a, c.b, c.bits)),
          Map.entry("adc", (f, c) -> Arithmetic.adc(f, c.a, c.b, c.bits)),
          Map.entry("sub", (f, c) -> Arithmetic.sub(f, c.a, c.b, c.bits)),
          Map.entry("sbb", (f, c) -> Arithmetic.sbb(f, c.a, c.b, c.bits)),
          Map.entry(
              "cmp",
              (f, c) -> {
                Arithmetic.cmp(f, c.a, c.b, c.bits);
                return c.a;
              }),
          Map.entry("and", (f, c) -> Arithmetic.and(f, c.a, c.b, c.bits)),
          Map.entry("or", (f, c) -> Arithmetic.or(f, c.a, c.b, c.bits)),
          Map.entry("xor", (f, c) -> Arithmetic.xor(f, c.a, c.b, c.bits)),
          Map.entry("neg", (f, c) -> Arithmetic.neg(f, c.a, c.bits)),
          Map.entry("inc", (f, c) -> Arithmetic.inc(f, c.a, c.bits)),
          Map.entry("dec", (f, c) -> Arithmetic.dec(f, c.a, c.bits)),
          Map.entry("adcx", (f, c) -> Arithmetic.adcx(f, c.b, c.a, c.bits)),
          Map.entry("adox", (f, c) -> Arithmetic.adox(f, c.b, c.a, c.bits)),
          Map.entry(
              "imul2", (f, c) -> Multiplication.imul(f, c.signed(c.a), c.signed(c.b), c.bits)),
          Map.entry("shl", (f, c) -> Shifts.shl(f, c.a, (int) c.c, c.bits)),
          Map.entry("shr", (f, c) -> Shifts.shr(f, c.a, (int) c.c, c.bits)),
          Map.entry("sar", (f, c) -> Shifts.sar(f, c.a, (int) c.c, c.bits)),
          Map.entry("rol", (f, c) -> Shifts.rol(f, c.a, (int) c.c, c.bits)),
          Map.entry("ror", (f, c) -> Shifts.ror(f, c.a, (int) c.c, c.bits)),
          Map.entry("rcl", (f, c) -> Shifts.rcl(f, c.a, (int) c.c, c.bits)),
          Map.entry("rcr", (f, c) -> Shifts.rcr(f, c.a, (int) c.c, c.bits)),
          Map.entry("shld", (f, c) -> Shifts.shld(f, c.a, c.b, (int) c.c, c.bits)),
          Map.entry("shrd", (f, c) -> Shifts.shrd(f, c.a, c.b, (int) c.c, c.bits)),
          Map.entry("bsf", (f, c) -> scan(Bits.scanForward(f, c.unsigned(c.b)), c)),
          Map.entry("bsr", (f, c) -> scan(Bits.scanReverse(f, c.unsigned(c.b)), c)),
          Map.entry("lzcnt", (f, c) -> Bits.lzcnt(f, c.unsigned(c.b), c.bits)),
          Map.entry("tzcnt", (f, c) -> Bits.tzcnt(f, c.unsigned(c.b), c.bits)),
          Map.entry("popcnt", (f, c) -> Bits.popcnt(f, c.unsigned(c.b))),
          Map.entry("andn", (f, c) -> Bits.andn(f, c.unsigned(c.a), c.unsigned(c.b), c.bits)),
          Map.entry("bextr", (f, c) -> Bits.bextr(f, c.unsigned(c.a), c.unsigned(c.b), c.bits)),
          Map.entry("bzhi", (f, c) -> Bits.bzhi(f, c.unsigned(c.a), c.unsigned(c.b), c.bits)),
          Map.entry("pdep", (f, c) -> Long.expand(c.unsigned(c.a), c.unsigned(c.b))),
          Map.entry("pext", (f, c) -> Long.compress(c.unsigned(c.a), c.unsigned(c.b))),
          Map.entry("blsi", (f, c) -> Bits.blsi(f, c.unsigned(c.b), c.bits)),
          Map.entry("blsmsk", (f, c) -> Bits.blsmsk(f, c.unsigned(c.b), c.bits)),
          Map.entry("blsr", (f, c) -> Bits.blsr(f, c.unsigned(c.b), c.bits)),
          Map.entry("crc32", (f, c) -> Bits.crc32((int) c.a, c.b, c.bits) & 0xFFFF_FFFFL));

  @Test
  void agreesWithTheHostProcessor(@TempDir Path directory) throws Exception {
    List<String> differences = new ArrayList<>();
    int cases = 0;
    for (String line : oracle(directory)) {
      Case c = Case.parse(line);
      cases++;
      String difference = compare(c);
      if (!difference.isEmpty() && differences.size() < 20) {
        differences.add(line + ": " + difference);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(cases).isGreaterThan(80_000);
  }

  private static List<String> oracle(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("oracle.c");
    Path program = directory.resolve("oracle");
    try (InputStream in = ArithmeticOracleTest.class.getResourceAsStream("oracle.c")) {
      Files.write(source, Objects.requireNonNull(in).readAllBytes());
    }
    Process gcc =
        new ProcessBuilder(
                "gcc", "-w", "-O1", "-mno-red-zone", "-o", program.toString(), source.toString())
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
    Process run =
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(run.getInputStream(), StandardCharsets.US_ASCII))) {
      List<String> lines = out.lines().toList();
      assertThat(run.waitFor()).isZero();
      return lines;
    }
  }

  /** What is wrong; nothing as a rule. */
  private static String compare(Case c) {
    Flags f = new Flags();
    f.arithmetic(c.before);
    switch (c.name) {
      case "mul", "imul" -> {
        return compareProduct(f, c);
      }
      case "div", "idiv" -> {
        return compareQuotient(c);
      }
      default -> {}
    }
    long r = Objects.requireNonNull(FUNCTIONS.get(c.name)).apply(f, c);
    if (isUndefined(c) && Maker.ofHost() != Maker.AMD) {
      return "";
    }
    // CRC32's destination has 32 bits whatever its source has
    long mask = c.name.equals("crc32") ? 0xFFFF_FFFFL : -1L >>> (64 - c.bits);
    if (((r ^ Long.parseUnsignedLong(c.r1, 16)) & mask) != 0) {
      return "result " + Long.toHexString(r);
    }
    return compareFlags(f, c);
  }

  private static String compareFlags(Flags f, Case c) {
    int wrong = (f.arithmetic() ^ c.after) & defined(c);
    return wrong == 0 ? "" : "flags " + Integer.toHexString(f.arithmetic());
  }

  /** The flags that the manual defines. */
  private static int defined(Case c) {
    int masked = Shifts.mask((int) c.c, c.bits);
    int all = Flags.ARITHMETIC;
    return switch (c.name) {
      case "and", "or", "xor" -> all & ~Flags.AF;
      case "mul", "imul", "imul2" -> Flags.CF | Flags.OF;
      case "shl", "shr", "sar" ->
          masked == 0
              ? all
              : all
                  & ~Flags.AF
                  & ~(masked == 1 ? 0 : Flags.OF)
                  & ~(masked >= c.bits ? Flags.CF : 0);
      case "shld", "shrd" ->
          masked == 0 ? all : masked > c.bits ? 0 : all & ~Flags.AF & ~(masked == 1 ? 0 : Flags.OF);
      case "rol", "ror", "rcl", "rcr" -> masked <= 1 ? all : all & ~Flags.OF;
      case "bsf", "bsr" -> Flags.ZF;
      case "lzcnt", "tzcnt" -> Flags.CF | Flags.ZF;
      case "bextr" -> Flags.ZF | Flags.CF | Flags.OF;
      case "andn", "bzhi", "blsi", "blsmsk", "blsr" -> all & ~(Flags.AF | Flags.PF);
      default -> all;
    };
  }

  /**
   * Whether the manual leaves the result undefined: SHLD and SHRD of 16 bits with counts above 16.
   * There we do what AMD's processors do; Intel's let other bits come in.
   */
  private static boolean isUndefined(Case c) {
    return (c.name.equals("shld") || c.name.equals("shrd"))
        && Shifts.mask((int) c.c, c.bits) > c.bits;
  }

  private static long scan(int index, Case c) {
    return index < 0 ? c.a : index;
  }

  private static String compareProduct(Flags f, Case c) {
    boolean signed = c.name.equals("imul");
    long a = signed ? c.signed(c.a) : c.unsigned(c.a);
    long b = signed ? c.signed(c.b) : c.unsigned(c.b);
    long low = a * b;
    long high =
        signed
            ? Multiplication.signedHigh(a, b, c.bits)
            : Multiplication.unsignedHigh(a, b, c.bits);
    if (signed) {
      Multiplication.signedFlags(f, low, high, c.bits);
    } else {
      Multiplication.unsignedFlags(f, low, high, c.bits);
    }
    long hostLow = Long.parseUnsignedLong(c.r1, 16);
    long hostHigh = c.bits == 8 ? hostLow >>> 8 : Long.parseUnsignedLong(c.r2, 16);
    if (c.unsigned(low ^ hostLow) != 0 || c.unsigned(high ^ hostHigh) != 0) {
      return "product " + Long.toHexString(high) + ":" + Long.toHexString(low);
    }
    return compareFlags(f, c);
  }

  private static String compareQuotient(Case c) {
    boolean signed = c.name.equals("idiv");
    long high = c.bits == 8 ? c.a >>> 8 : c.b;
    long low = c.unsigned(c.a);
    long divisor = signed ? c.signed(c.c) : c.unsigned(c.c);
    long quotient;
    try {
      quotient =
          signed
              ? Multiplication.divideSigned(c.signed(high), low, divisor, c.bits)
              : Multiplication.divide(c.unsigned(high), low, divisor, c.bits);
    } catch (GuestFault fault) {
      return c.r1.equals("DE") ? "" : fault.toString();
    }
    if (c.r1.equals("DE")) {
      return "no #DE";
    }
    long remainder = low - quotient * divisor;
    long hostQuotient = Long.parseUnsignedLong(c.r1, 16);
    long hostRemainder = c.bits == 8 ? hostQuotient >>> 8 : Long.parseUnsignedLong(c.r2, 16);
    return c.unsigned(quotient ^ hostQuotient) == 0 && c.unsigned(remainder ^ hostRemainder) == 0
        ? ""
        : "quotient " + Long.toHexString(quotient) + " rest " + Long.toHexString(remainder);
  }
}
