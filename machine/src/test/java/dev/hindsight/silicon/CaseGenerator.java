package dev.hindsight.silicon;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.silicon.GeneratedCase.Kind;
import dev.hindsight.silicon.StateFiller.Lanes;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandSize;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RelativeOperand;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes cases from a seed. Case {@code n} depends on the seed and {@code n} alone (and on the
 * options), so that each can be had again.
 */
final class CaseGenerator {
  /** Cases that share their data pages. */
  static final int BATCH = 1024;

  private static final int SEQUENCE_LENGTH = 20;

  private final Options options;
  private final Decoder decoder = new Decoder(CpuModels.V3.features());
  private final Set<Mnemonic> excluded = readExcluded();
  private final RowPool pool64;
  private final RowPool pool32;
  private final Sequences sequences = new Sequences();

  /**
   * What to make.
   *
   * @param seed everything is drawn from it
   * @param modes 64, 32 or both
   * @param mnemonics the mnemonics that single instructions may have
   * @param sequencePercent share of sequences
   * @param bytesPercent share of cases without a plan
   */
  record Options(
      long seed,
      List<Integer> modes,
      Predicate<Mnemonic> mnemonics,
      int sequencePercent,
      int bytesPercent) {}

  CaseGenerator(Options options) {
    this.options = options;
    Predicate<Mnemonic> wanted = m -> !excluded.contains(m) && options.mnemonics().test(m);
    pool64 = new RowPool(CodeMode.BITS64, wanted);
    pool32 = new RowPool(CodeMode.BITS32, wanted);
  }

  /** The mnemonics that are never run on the host. */
  private static Set<Mnemonic> readExcluded() {
    Set<Mnemonic> excluded = EnumSet.noneOf(Mnemonic.class);
    for (List<String> row : TextTable.read("excluded.txt", 2)) {
      for (String mnemonic : TextTable.list(row.getFirst(), ",")) {
        excluded.add(Mnemonic.valueOf(mnemonic));
      }
    }
    return excluded;
  }

  /** What single instructions are drawn from. */
  RowPool pool(int mode) {
    return mode == 64 ? pool64 : pool32;
  }

  /** The data pages of the batch that a case belongs to. */
  DataPages pages(long index) {
    return PageFiller.fill(random(-1 - index / BATCH));
  }

  private SplittableRandom random(long index) {
    return new SplittableRandom(options.seed() * 0x9E37_79B9_7F4A_7C15L + index);
  }

  /** A case by its number. */
  GeneratedCase make(long index) {
    SplittableRandom r = random(index);
    while (true) {
      int mode = options.modes().get(r.nextInt(options.modes().size()));
      int kind = r.nextInt(100);
      GeneratedCase made =
          kind < options.sequencePercent()
              ? sequence(r, index, mode)
              : single(r, index, mode, kind < options.sequencePercent() + options.bytesPercent());
      if (made != null) {
        return made;
      }
    }
  }

  // ---- one instruction

  private @Nullable GeneratedCase single(RandomGenerator r, long index, int mode, boolean wild) {
    CodeMode codeMode = pool(mode).mode();
    Encoding e = new RowEncoder(r, mode, false).encode(pool(mode).draw(r));
    if (wild) {
      int flips = r.nextInt(1, 4);
      for (int i = 0; i < flips; i++) {
        e.bytes()[r.nextInt(6)] ^= (byte) (1 << r.nextInt(8));
      }
      e = new Encoding(e.bytes(), -1, 0);
    }
    CpuState s = new CpuState();
    Instruction in = decode(codeMode, e.bytes());
    if (in == null) {
      if (!wild) {
        return null;
      }
      StateFiller.fillGeneral(r, s);
      StateFiller.fillFloating(r, s, Lanes.ANY);
      return new GeneratedCase(
          index, new TestCase(mode, 64, Arrays.copyOf(e.bytes(), 15), s), Kind.BYTES, List.of());
    }
    if (!allowed(in)) {
      return null;
    }
    StateFiller.fillGeneral(r, s);
    StateFiller.fillFloating(r, s, lanes(in.mnemonic()));
    int offset = codeOffset(r, in.length());
    if (mode == 32) {
      s.fsBase = 0;
      s.gsBase = 0;
    }
    s.gpr[4] = new Addressing(r, s).target(8, r.nextInt(4) != 0);
    long end = Layout.CODE_BASE + offset + in.length();
    aim(r, s, in, e, end, false);
    aimBranch(r, in, e, Layout.CODE_BASE + offset);
    new ValueHints(r, s).apply(in);
    Instruction last = decode(codeMode, e.bytes());
    if (last == null || !allowed(last) || savesMoreThanWeHave(last, s)) {
      return null;
    }
    return new GeneratedCase(
        index,
        new TestCase(mode, offset, Arrays.copyOf(e.bytes(), last.length()), s),
        wild ? Kind.BYTES : Kind.SINGLE,
        List.of(last));
  }

  private boolean allowed(Instruction in) {
    boolean systemCall =
        in.mnemonic() == Mnemonic.INT
            && in.operand(0) instanceof ImmediateOperand i
            && (i.value() & 0xFF) == 0x80;
    return !systemCall
        && !excluded.contains(in.mnemonic())
        && options.mnemonics().test(in.mnemonic());
  }

  /** Whether XSAVE or XRSTOR is asked for components that the host may have and we do not. */
  private static boolean savesMoreThanWeHave(Instruction in, CpuState s) {
    return (in.mnemonic() == Mnemonic.XSAVE || in.mnemonic() == Mnemonic.XRSTOR)
        && ((int) s.gpr[0] & ~7 | (int) s.gpr[2]) != 0;
  }

  private static int codeOffset(RandomGenerator r, int length) {
    return switch (r.nextInt(16)) {
      // across the two code pages, and up to or beyond the end of the second
      case 0 -> Layout.PAGE - r.nextInt(length + 1);
      case 1 -> 2 * Layout.PAGE - length;
      case 2 -> 2 * Layout.PAGE - length - r.nextInt(4);
      default -> r.nextInt(Layout.PAGE - 64);
    };
  }

  private static void aim(
      RandomGenerator r, CpuState s, Instruction in, Encoding e, long end, boolean calm) {
    Addressing addressing = new Addressing(r, s);
    for (Operand operand : in.operands()) {
      if (operand instanceof MemoryOperand m) {
        int bytes = Addressing.bytes(in.mnemonic(), m);
        long target = addressing.target(bytes, calm);
        if (isImageLoad(in.mnemonic()) && r.nextInt(4) != 0) {
          target = Layout.page(r.nextBoolean() ? 1 : 6);
        }
        if (in.mnemonic() == Mnemonic.LEA || in.mnemonic() == Mnemonic.NOP) {
          continue;
        }
        addressing.aim(m, e, end, target);
      }
    }
  }

  private static boolean isImageLoad(Mnemonic m) {
    return m == Mnemonic.FXRSTOR
        || m == Mnemonic.XRSTOR
        || m == Mnemonic.XSAVE
        || m == Mnemonic.FXSAVE;
  }

  /** Near branches stay near the code and do not come back to themselves. */
  private static void aimBranch(RandomGenerator r, Instruction in, Encoding e, long start) {
    if (in.operands().isEmpty() || !(in.operand(0) instanceof RelativeOperand)) {
      return;
    }
    int bytes = branchBytes(in);
    int at = in.length() - bytes;
    long end = start + in.length();
    long target =
        switch (r.nextInt(8)) {
          case 0 -> end + r.nextInt();
          case 1 -> Layout.CODE_BASE + 2 * Layout.PAGE - r.nextInt(2);
          default -> Layout.CODE_BASE + r.nextInt(2 * Layout.PAGE);
        };
    long displacement = bytes == 1 ? r.nextInt(-128, 128) : target - end;
    long goesTo = end + displacement;
    if (goesTo >= start && goesTo < end) {
      displacement = 1L + r.nextInt(100);
    }
    new Encoding(e.bytes(), at, bytes).displacement(displacement);
  }

  /** Size of the displacement of a near branch, which is its last part. */
  private static int branchBytes(Instruction in) {
    if (in.row().operands().getFirst().size() == OperandSize.BYTE) {
      return 1;
    }
    return in.operandBits() == 16 ? 2 : 4;
  }

  private static Lanes lanes(Mnemonic m) {
    String name = m.name();
    if (name.startsWith("P") || name.startsWith("VP")) {
      return Lanes.INTEGER;
    }
    if (name.endsWith("PS") || name.endsWith("SS") || name.startsWith("CVTPS")) {
      return Lanes.BINARY32;
    }
    if (name.endsWith("PD") || name.endsWith("SD")) {
      return Lanes.BINARY64;
    }
    return Lanes.ANY;
  }

  // ---- sequences

  private @Nullable GeneratedCase sequence(RandomGenerator r, long index, int mode) {
    RowPool some = pool(mode);
    CodeMode codeMode = some.mode();
    CpuState s = new CpuState();
    StateFiller.fillGeneral(r, s);
    StateFiller.fillFloating(r, s, Lanes.ANY);
    if (mode == 32) {
      s.fsBase = 0;
      s.gsBase = 0;
    }
    // FLD of a denormal number differs if that is not masked (differences.txt)
    StateFiller.maskDenormals(s);
    for (int n : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      s.gpr[n] = Layout.page(r.nextBoolean() ? 2 : 1) + r.nextInt(0x20, 0x60) * 32;
    }
    int offset = r.nextInt(Layout.PAGE);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    List<Instruction> instructions = new ArrayList<>();
    RowEncoder encoder = new RowEncoder(r, mode, true);
    int skip = -1;
    int branchBytes = 0;
    for (int tries = 0; instructions.size() < 2 * SEQUENCE_LENGTH && tries < 400; tries++) {
      if (instructions.size() >= SEQUENCE_LENGTH && skip < 0) {
        break;
      }
      Encoding e = encoder.encode(some.draw(r));
      Instruction in = decode(codeMode, e.bytes());
      if (in == null || !allowed(in) || !sequences.fits(in)) {
        continue;
      }
      long start = Layout.CODE_BASE + offset + code.size();
      aimCalmly(r, s, in, e, start + in.length());
      in = decode(codeMode, e.bytes());
      if (in == null || code.size() + in.length() + 8 > Layout.CODE_BYTES) {
        continue;
      }
      boolean branch = !in.operands().isEmpty() && in.operand(0) instanceof RelativeOperand;
      if (branch && skip >= 0) {
        continue;
      }
      int at = code.size();
      code.write(e.bytes(), 0, in.length());
      instructions.add(in);
      if (sequences.needsFlagsDefined(in)) {
        // CMP of two registers
        byte[] compare = {0x38, (byte) (0xC0 | r.nextInt(64))};
        compare[0] += (byte) r.nextInt(4);
        code.writeBytes(compare);
        Instruction cmp = decode(codeMode, Arrays.copyOf(compare, 16));
        if (cmp != null) {
          instructions.add(cmp);
        }
      }
      if (skip >= 0) {
        byte[] sofar = code.toByteArray();
        int over = r.nextBoolean() ? sofar.length - skip : 0;
        new Encoding(sofar, skip - branchBytes, branchBytes).displacement(over);
        code.reset();
        code.writeBytes(sofar);
        skip = -1;
      }
      if (branch) {
        skip = at + in.length();
        branchBytes = branchBytes(in);
      }
    }
    byte[] bytes = code.toByteArray();
    if (skip >= 0) {
      new Encoding(bytes, skip - branchBytes, branchBytes).displacement(0);
    }
    if (offset + bytes.length > 2 * Layout.PAGE || instructions.isEmpty()) {
      return null;
    }
    return new GeneratedCase(
        index, new TestCase(mode, offset, bytes, s), Kind.SEQUENCE, List.copyOf(instructions));
  }

  private static void aimCalmly(
      RandomGenerator r, CpuState s, Instruction in, Encoding e, long end) {
    Addressing addressing = new Addressing(r, s);
    for (Operand operand : in.operands()) {
      if (operand instanceof MemoryOperand m && in.mnemonic() != Mnemonic.LEA) {
        long target = addressing.target(Addressing.bytes(in.mnemonic(), m), true);
        if (m.ripRelative() || m.base() == null && m.index() == null) {
          long base = m.segment() == Register.FS ? s.fsBase : 0;
          if (m.segment() == Register.GS) {
            base = s.gsBase;
          }
          if (m.ripRelative()) {
            e.displacement(target - base - end);
          } else if (e.displacementAt() >= 0) {
            e.displacement(target - base);
          }
        }
      }
    }
  }

  private @Nullable Instruction decode(CodeMode mode, byte[] bytes) {
    Decoded d = decoder.decode(mode, at -> at < bytes.length ? bytes[at] & 0xFF : -1);
    return d instanceof Instruction in ? in : null;
  }
}
