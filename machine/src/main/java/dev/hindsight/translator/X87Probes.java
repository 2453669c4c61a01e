package dev.hindsight.translator;

import dev.hindsight.cpu.Flags;
import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which x87 instructions, of those that are emitted as they are, leave other condition
 * codes on this host than docs/undefined.md says, or do otherwise where the stack is at fault: each
 * is executed with all condition codes clear, and with all set. What the manual defines is not
 * asked.
 */
final class X87Probes {
  private static final int C1 = 0x200;
  private static final int CODES = 0x4700;
  private static final int TOP = 0x3800;

  /** IE, SF, and C1, which tells overflow and underflow apart. */
  private static final int STACK_FAULT = 0x241;

  private static final int STACK_UNDERFLOW = 0x41;

  /**
   * An instruction, executed after others that make the stack what it needs.
   *
   * @param before the others
   * @param code the instruction; a memory operand is at RDI, where there are zeros
   * @param keeps condition codes that it leaves as they are; it clears the others
   * @param mask other bits of the status word that are looked at
   * @param expected what they are then
   */
  record Probe(Mnemonic mnemonic, int[] before, int[] code, int keeps, int mask, int expected) {}

  /** FLD1 twice. */
  private static final int[] TWO_ONES = {0xD9, 0xE8, 0xD9, 0xE8};

  /** FLD1 eight times, and FFREE ST(3). */
  private static final int[] ONE_HOLE = {
    0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xE8,
    0xDD, 0xC3
  };

  /** Those that clear C1 and keep the others. */
  static final List<Probe> PROBES =
      List.of(
          usual(Mnemonic.FADD, 0xD8, 0xC1),
          usual(Mnemonic.FADD, 0xDC, 0xC1),
          usual(Mnemonic.FADD, 0xD8, 0x07),
          usual(Mnemonic.FADD, 0xDC, 0x07),
          usual(Mnemonic.FADDP, 0xDE, 0xC1),
          usual(Mnemonic.FIADD, 0xDA, 0x07),
          usual(Mnemonic.FIADD, 0xDE, 0x07),
          usual(Mnemonic.FSUB, 0xD8, 0xE1),
          usual(Mnemonic.FSUB, 0xDC, 0xE9),
          usual(Mnemonic.FSUB, 0xDC, 0x27),
          usual(Mnemonic.FSUBP, 0xDE, 0xE9),
          usual(Mnemonic.FISUB, 0xDA, 0x27),
          usual(Mnemonic.FSUBR, 0xD8, 0xE9),
          usual(Mnemonic.FSUBR, 0xDC, 0x2F),
          usual(Mnemonic.FSUBRP, 0xDE, 0xE1),
          usual(Mnemonic.FISUBR, 0xDA, 0x2F),
          usual(Mnemonic.FMUL, 0xD8, 0xC9),
          usual(Mnemonic.FMUL, 0xDC, 0x0F),
          usual(Mnemonic.FMULP, 0xDE, 0xC9),
          usual(Mnemonic.FIMUL, 0xDA, 0x0F),
          usual(Mnemonic.FDIV, 0xD8, 0xF1),
          usual(Mnemonic.FDIV, 0xDC, 0x37),
          usual(Mnemonic.FDIVP, 0xDE, 0xF9),
          usual(Mnemonic.FIDIV, 0xDA, 0x37),
          usual(Mnemonic.FDIVR, 0xD8, 0xF9),
          usual(Mnemonic.FDIVR, 0xDC, 0x3F),
          usual(Mnemonic.FDIVRP, 0xDE, 0xF1),
          usual(Mnemonic.FIDIVR, 0xDA, 0x3F),
          usual(Mnemonic.FLD, 0xD9, 0xC1),
          usual(Mnemonic.FLD, 0xD9, 0x07),
          usual(Mnemonic.FLD, 0xDD, 0x07),
          usual(Mnemonic.FLD, 0xDB, 0x2F),
          usual(Mnemonic.FILD, 0xDF, 0x07),
          usual(Mnemonic.FILD, 0xDB, 0x07),
          usual(Mnemonic.FILD, 0xDF, 0x2F),
          usual(Mnemonic.FST, 0xDD, 0xD1),
          usual(Mnemonic.FST, 0xD9, 0x57, 16),
          usual(Mnemonic.FST, 0xDD, 0x57, 16),
          usual(Mnemonic.FSTP, 0xDD, 0xD9),
          usual(Mnemonic.FSTP, 0xD9, 0x5F, 16),
          usual(Mnemonic.FSTP, 0xDD, 0x5F, 16),
          usual(Mnemonic.FSTP, 0xDB, 0x7F, 16),
          usual(Mnemonic.FIST, 0xDF, 0x57, 16),
          usual(Mnemonic.FIST, 0xDB, 0x57, 16),
          usual(Mnemonic.FISTP, 0xDF, 0x5F, 16),
          usual(Mnemonic.FISTP, 0xDB, 0x5F, 16),
          usual(Mnemonic.FISTP, 0xDF, 0x7F, 16),
          usual(Mnemonic.FISTTP, 0xDF, 0x4F, 16),
          usual(Mnemonic.FISTTP, 0xDB, 0x4F, 16),
          usual(Mnemonic.FISTTP, 0xDD, 0x4F, 16),
          usual(Mnemonic.FLD1, 0xD9, 0xE8),
          usual(Mnemonic.FLDL2T, 0xD9, 0xE9),
          usual(Mnemonic.FLDL2E, 0xD9, 0xEA),
          usual(Mnemonic.FLDPI, 0xD9, 0xEB),
          usual(Mnemonic.FLDLG2, 0xD9, 0xEC),
          usual(Mnemonic.FLDLN2, 0xD9, 0xED),
          usual(Mnemonic.FLDZ, 0xD9, 0xEE),
          usual(Mnemonic.FCHS, 0xD9, 0xE0),
          usual(Mnemonic.FABS, 0xD9, 0xE1),
          usual(Mnemonic.FSQRT, 0xD9, 0xFA),
          usual(Mnemonic.FRNDINT, 0xD9, 0xFC),
          usual(Mnemonic.FXCH, 0xD9, 0xC9),
          usual(Mnemonic.FDECSTP, 0xD9, 0xF6),
          usual(Mnemonic.FINCSTP, 0xD9, 0xF7),
          usual(Mnemonic.FFREE, 0xDD, 0xC1),
          usual(Mnemonic.FFREEP, 0xDF, 0xC0),
          keeping(Mnemonic.FCMOVB, 0xDA, 0xC1),
          keeping(Mnemonic.FCMOVE, 0xDA, 0xC9),
          keeping(Mnemonic.FCMOVBE, 0xDA, 0xD1),
          keeping(Mnemonic.FCMOVU, 0xDA, 0xD9),
          keeping(Mnemonic.FCMOVNB, 0xDB, 0xC1),
          keeping(Mnemonic.FCMOVNE, 0xDB, 0xC9),
          keeping(Mnemonic.FCMOVNBE, 0xDB, 0xD1),
          keeping(Mnemonic.FCMOVNU, 0xDB, 0xD9),
          keeping(Mnemonic.FUCOMI, 0xDB, 0xE9),
          keeping(Mnemonic.FCOMI, 0xDB, 0xF1),
          keeping(Mnemonic.FUCOMIP, 0xDF, 0xE9),
          keeping(Mnemonic.FCOMIP, 0xDF, 0xF1),
          keeping(Mnemonic.FNOP, 0xD9, 0xD0),
          keeping(Mnemonic.FLDCW, 0xD9, 0x6F, 8),
          keeping(Mnemonic.FNSTCW, 0xD9, 0x7F, 16),
          keeping(Mnemonic.FNSTSW, 0xDD, 0x7F, 16),
          new Probe(Mnemonic.EMMS, TWO_ONES, new int[] {0x0F, 0x77}, CODES, TOP, 0),
          new Probe(
              Mnemonic.FLD,
              ONE_HOLE,
              new int[] {0xD9, 0xC3},
              CODES & ~C1,
              STACK_FAULT,
              STACK_UNDERFLOW));

  // offsets in the table, which RDI points to
  private static final int CONTROL = 8;
  private static final int ENVIRONMENT = 48;
  private static final int STATUS = ENVIRONMENT + 4;
  private static final int RESULTS = 80;
  private static final int RESULT = 8;

  /** The control word after FNINIT. */
  private static final int DEFAULT_CONTROL = 0x37F;

  private X87Probes() {}

  private static Probe usual(Mnemonic m, int... code) {
    return new Probe(m, TWO_ONES, code, CODES & ~C1, 0, 0);
  }

  private static Probe keeping(Mnemonic m, int... code) {
    return new Probe(m, TWO_ONES, code, CODES, 0, 0);
  }

  /** The instructions that must not be emitted. */
  static Set<Mnemonic> differing(Snippet snippet) {
    return differing(snippet, PROBES);
  }

  /** Those that the host executes otherwise than some probes say. */
  static Set<Mnemonic> differing(Snippet snippet, List<Probe> probes) {
    HostEmitter out = snippet.begin();
    int at = RESULTS;
    for (Probe p : probes) {
      emit(out, p, 0, at);
      emit(out, p, CODES, at + RESULT);
      at += 2 * RESULT;
    }
    bytes(out, 0xDB, 0xE3); // FNINIT
    long[] table = new long[at / Long.BYTES];
    table[CONTROL / Long.BYTES] = DEFAULT_CONTROL;
    snippet.run(table);
    Set<Mnemonic> differing = EnumSet.noneOf(Mnemonic.class);
    at = RESULTS;
    for (Probe p : probes) {
      if (!agrees(p, 0, table[at / Long.BYTES])
          || !agrees(p, CODES, table[(at + RESULT) / Long.BYTES])) {
        differing.add(p.mnemonic);
      }
      at += 2 * RESULT;
    }
    return differing;
  }

  private static boolean agrees(Probe p, int codes, long result) {
    int status = (int) result & 0xFFFF;
    int flags = (int) (result >>> 32) & Flags.ARITHMETIC;
    int expected =
        switch (p.mnemonic) {
          // one is equal to one
          case FCOMI, FCOMIP, FUCOMI, FUCOMIP -> Flags.ZF;
          default -> Flags.ARITHMETIC;
        };
    return (status & CODES & ~p.mask) == (codes & p.keeps & ~p.mask)
        && (status & p.mask) == p.expected
        && flags == expected;
  }

  /** Executes a probe with some condition codes; status word and flags get into the table. */
  private static void emit(HostEmitter out, Probe p, int codes, int result) {
    bytes(out, 0xDB, 0xE3); // FNINIT
    bytes(out, p.before);
    environment(out, 6); // FNSTENV
    out.memory(Opcode.GROUP1.with(0x66), 0, 1, HostRegister.RDI, STATUS, false); // OR
    out.immediate(codes, 2);
    environment(out, 4); // FLDENV
    out.constant(HostRegister.RAX, Flags.FIXED | Flags.ARITHMETIC);
    out.pushRegister(HostRegister.RAX);
    out.byte1(0x9D); // POPFQ
    bytes(out, p.code);
    out.byte1(0x9C); // PUSHFQ
    out.popRegister(HostRegister.RAX);
    out.memory(Opcode.of(0xDD), 0, 7, HostRegister.RDI, result, false); // FNSTSW
    out.memory(Opcode.MOV_STORE, 0, HostRegister.RAX, HostRegister.RDI, result + 4, false);
  }

  private static void environment(HostEmitter out, int operation) {
    out.memory(Opcode.of(0xD9), 0, operation, HostRegister.RDI, ENVIRONMENT, false);
  }

  private static void bytes(HostEmitter out, int... all) {
    for (int b : all) {
      out.byte1(b);
    }
  }
}
