package dev.hindsight.translator;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.cpu.instructions.general.Shifts;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Mnemonic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which instructions, of those that are emitted as they are, leave other flags on this
 * host than docs/undefined.md says: each is executed with a few values, in each form that is
 * emitted, and compared with what the interpreter computes.
 */
final class FlagProbes {
  /** How an instruction is encoded; operands are RAX, RDX, and RCX for a count. */
  enum Form {
    /** {@code RAX, RDX}. */
    BINARY,
    /** {@code RAX, 1}: the opcode says so. */
    ONE,
    /** {@code RAX, CL}, or {@code RAX, RDX, CL}. */
    CL,
    /** {@code RAX, imm8}, or {@code RAX, RDX, imm8}. */
    IMMEDIATE,
    /** {@code RAX, RCX}: the number of a bit. */
    BIT
  }

  /**
   * An instruction in one form, with one size of operands.
   *
   * @param reg ModRM.reg
   */
  record Probe(Mnemonic mnemonic, Form form, Opcode opcode, int reg, int bits) {
    /** The count that this form has, if the table says {@code count}. */
    int count(long count) {
      return switch (form) {
        case ONE -> 1;
        case IMMEDIATE -> IMMEDIATE_COUNT;
        default -> (int) count;
      };
    }
  }

  /** What instructions do to {@code a}. */
  @FunctionalInterface
  interface Meaning {
    /** The result; flags are changed. */
    long apply(Mnemonic m, Flags f, long a, long b, int count, int bits);
  }

  private static final int IMMEDIATE_COUNT = 5;
  private static final int[] SMALL_AND_LARGE = {8, 64};
  private static final int[] ALL = {8, 16, 32, 64};
  private static final int[] WIDE = {32, 64};

  private static final long[] VALUES = {
    0, 1, -1, 0x8000_0000_8000_8080L, 0x7FFF_FFFF_7FFF_7F7FL, 0x0123_4567_89AB_CDEFL
  };

  private static final int[] COUNTS = {0, 1, 2, 7, 31, 33};

  // offsets in the rows of the table of operands
  private static final int A = 0;
  private static final int B = 8;
  private static final int COUNT = 16;
  private static final int FLAGS = 24;
  private static final int ROW = 32;

  // offsets in what each execution leaves
  private static final int RESULT = 0;
  private static final int FLAGS_AFTER = 8;
  private static final int AFTER = 16;

  private FlagProbes() {}

  private static List<Probe> probes() {
    List<Probe> all = new ArrayList<>();
    logic(all, Mnemonic.OR, 0x08);
    logic(all, Mnemonic.AND, 0x20);
    logic(all, Mnemonic.XOR, 0x30);
    logic(all, Mnemonic.TEST, 0x84);
    shift(all, Mnemonic.ROL, 0, ALL);
    shift(all, Mnemonic.ROR, 1, ALL);
    shift(all, Mnemonic.RCL, 2, WIDE);
    shift(all, Mnemonic.RCR, 3, WIDE);
    shift(all, Mnemonic.SHL, 4, ALL);
    shift(all, Mnemonic.SHR, 5, ALL);
    shift(all, Mnemonic.SAR, 7, ALL);
    doubleShift(all, Mnemonic.SHLD, 0xA4);
    doubleShift(all, Mnemonic.SHRD, 0xAC);
    bit(all, Mnemonic.BT, 0xA3);
    bit(all, Mnemonic.BTS, 0xAB);
    bit(all, Mnemonic.BTR, 0xB3);
    bit(all, Mnemonic.BTC, 0xBB);
    return all;
  }

  private static void logic(List<Probe> all, Mnemonic m, int opcode) {
    add(all, m, Form.BINARY, Opcode.of(opcode), HostRegister.RDX, SMALL_AND_LARGE);
  }

  private static void shift(List<Probe> all, Mnemonic m, int operation, int[] sizes) {
    add(all, m, Form.CL, Opcode.of(0xD2), operation, WIDE);
    add(all, m, Form.ONE, Opcode.of(0xD0), operation, sizes);
    add(all, m, Form.IMMEDIATE, Opcode.of(0xC0), operation, sizes);
  }

  private static void doubleShift(List<Probe> all, Mnemonic m, int opcode) {
    add(all, m, Form.IMMEDIATE, Opcode.of0F(opcode), HostRegister.RDX, WIDE);
    add(all, m, Form.CL, Opcode.of0F(opcode | 1), HostRegister.RDX, WIDE);
  }

  private static void bit(List<Probe> all, Mnemonic m, int opcode) {
    add(all, m, Form.BIT, Opcode.of0F(opcode), HostRegister.RCX, WIDE);
  }

  private static void add(
      List<Probe> all, Mnemonic m, Form form, Opcode opcode, int reg, int[] sizes) {
    for (int bits : sizes) {
      all.add(new Probe(m, form, opcode, reg, bits));
    }
  }

  /** What the interpreter makes of an instruction. */
  static long interpreted(Mnemonic m, Flags f, long a, long b, int count, int bits) {
    return switch (m) {
      case OR -> Arithmetic.or(f, a, b, bits);
      case AND -> Arithmetic.and(f, a, b, bits);
      case XOR -> Arithmetic.xor(f, a, b, bits);
      case TEST -> {
        Arithmetic.and(f, a, b, bits);
        yield a;
      }
      case ROL -> Shifts.rol(f, a, count, bits);
      case ROR -> Shifts.ror(f, a, count, bits);
      case RCL -> Shifts.rcl(f, a, count, bits);
      case RCR -> Shifts.rcr(f, a, count, bits);
      case SHL -> Shifts.shl(f, a, count, bits);
      case SHR -> Shifts.shr(f, a, count, bits);
      case SAR -> Shifts.sar(f, a, count, bits);
      case SHLD -> Shifts.shld(f, a, b, count, bits);
      case SHRD -> Shifts.shrd(f, a, b, count, bits);
      case BT, BTS, BTR, BTC -> {
        long bit = 1L << (count & bits - 1);
        f.cf((a & bit) != 0);
        yield m == Mnemonic.BTS
            ? a | bit
            : m == Mnemonic.BTR ? a & ~bit : m == Mnemonic.BTC ? a ^ bit : a;
      }
      default -> throw new IllegalArgumentException("not probed: " + m);
    };
  }

  /**
   * The instructions that must not be emitted as they are where somebody may look at their flags.
   */
  static Set<Mnemonic> differing(Snippet snippet) {
    return differing(snippet, probes(), FlagProbes::interpreted);
  }

  /** Those of which the host thinks otherwise than somebody else. */
  static Set<Mnemonic> differing(Snippet snippet, List<Probe> probes, Meaning meaning) {
    int rows = VALUES.length;
    int firstResult = rows * ROW / Long.BYTES;
    long[] table = new long[firstResult + probes.size() * rows * AFTER / Long.BYTES];
    for (int i = 0; i < rows; i++) {
      int row = i * ROW / Long.BYTES;
      table[row + A / 8] = VALUES[i];
      table[row + B / 8] = VALUES[(i + 2) % rows];
      table[row + COUNT / 8] = COUNTS[(i + 3) % rows];
      table[row + FLAGS / 8] = Flags.FIXED | (i % 2 == 0 ? 0 : Flags.ARITHMETIC);
    }
    HostEmitter out = snippet.begin();
    out.move(HostRegister.R9, HostRegister.RDI);
    out.lea(HostRegister.R10, HostRegister.RDI, rows * ROW);
    for (Probe p : probes) {
      emitLoop(out, p, rows);
    }
    snippet.run(table);
    Set<Mnemonic> differing = EnumSet.noneOf(Mnemonic.class);
    Flags f = new Flags();
    int result = firstResult;
    for (Probe p : probes) {
      long mask = -1L >>> 64 - p.bits;
      for (int row = 0; row < firstResult; row += ROW / Long.BYTES) {
        f.arithmetic((int) table[row + FLAGS / 8] & Flags.ARITHMETIC);
        int count = p.count(table[row + COUNT / 8]);
        long expected =
            meaning.apply(
                p.mnemonic, f, table[row + A / 8] & mask, table[row + B / 8] & mask, count, p.bits);
        int flags = (int) table[result + FLAGS_AFTER / 8] & Flags.ARITHMETIC;
        if (((table[result + RESULT / 8] ^ expected) & mask) != 0 || flags != f.arithmetic()) {
          differing.add(p.mnemonic);
        }
        result += AFTER / Long.BYTES;
      }
    }
    return differing;
  }

  /** Executes the instruction with each row of the table, which R9 points to; R10 to results. */
  private static void emitLoop(HostEmitter out, Probe p, int rows) {
    out.move(HostRegister.RDI, HostRegister.R9);
    out.constant(HostRegister.RSI, rows);
    int start = out.offset();
    out.load(HostRegister.RAX, HostRegister.RDI, A);
    out.load(HostRegister.RDX, HostRegister.RDI, B);
    out.load(HostRegister.RCX, HostRegister.RDI, COUNT);
    out.load(HostRegister.R8, HostRegister.RDI, FLAGS);
    out.pushRegister(HostRegister.R8);
    out.byte1(0x9D); // POPFQ
    emit(out, p);
    out.byte1(0x9C); // PUSHFQ
    out.popRegister(HostRegister.R8);
    out.store(HostRegister.R10, RESULT, HostRegister.RAX);
    out.store(HostRegister.R10, FLAGS_AFTER, HostRegister.R8);
    out.arithmetic(0, 1, HostRegister.R10, AFTER);
    out.arithmetic(0, 1, HostRegister.RDI, ROW);
    out.arithmetic(5, 1, HostRegister.RSI, 1);
    out.bind(out.jumpIf(ConditionCode.NE), start);
  }

  private static void emit(HostEmitter out, Probe p) {
    int w = p.bits == 64 ? 1 : 0;
    Opcode o = p.opcode;
    if (o.map() == 0 && p.bits != 8) {
      o = Opcode.of(o.opcode() | 1);
    }
    out.register(p.bits == 16 ? o.with(0x66) : o, w, p.reg, HostRegister.RAX, p.bits == 8);
    if (p.form == Form.IMMEDIATE) {
      out.byte1(IMMEDIATE_COUNT);
    }
  }
}
