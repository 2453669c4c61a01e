package dev.hindsight.translator;

import dev.hindsight.x86.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Asks CPUID and XCR0 of the host for the extensions that emitted code may use. */
final class HostFeatures {
  // the order in which they are stored
  private static final int EAX = 0;
  private static final int EBX = 1;
  private static final int ECX = 2;
  private static final int EDX = 3;
  private static final int REGISTERS = 4;

  private static final int EXTENDED = 0x8000_0000;

  /** The leaves that are asked for; of the first of each range EAX is the last leaf. */
  private static final int[] LEAVES = {0, 1, 7, EXTENDED, EXTENDED | 1};

  /**
   * A bit of CPUID.
   *
   * @param register the one that has it
   */
  private record CpuidBit(Feature feature, int leaf, int register, int bit) {}

  /** Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E. */
  private static final List<CpuidBit> BITS =
      List.of(
          new CpuidBit(Feature.CMOV, 1, EDX, 15),
          new CpuidBit(Feature.SSE, 1, EDX, 25),
          new CpuidBit(Feature.SSE2, 1, EDX, 26),
          new CpuidBit(Feature.SSE3, 1, ECX, 0),
          new CpuidBit(Feature.PCLMULQDQ, 1, ECX, 1),
          new CpuidBit(Feature.SSSE3, 1, ECX, 9),
          new CpuidBit(Feature.FMA, 1, ECX, 12),
          new CpuidBit(Feature.CX16, 1, ECX, 13),
          new CpuidBit(Feature.SSE4_1, 1, ECX, 19),
          new CpuidBit(Feature.SSE4_2, 1, ECX, 20),
          new CpuidBit(Feature.MOVBE, 1, ECX, 22),
          new CpuidBit(Feature.POPCNT, 1, ECX, 23),
          new CpuidBit(Feature.AES, 1, ECX, 25),
          new CpuidBit(Feature.XSAVE, 1, ECX, 27),
          new CpuidBit(Feature.AVX, 1, ECX, 28),
          new CpuidBit(Feature.F16C, 1, ECX, 29),
          new CpuidBit(Feature.BMI1, 7, EBX, 3),
          new CpuidBit(Feature.AVX2, 7, EBX, 5),
          new CpuidBit(Feature.BMI2, 7, EBX, 8),
          new CpuidBit(Feature.ADX, 7, EBX, 19),
          new CpuidBit(Feature.SHA, 7, EBX, 29),
          new CpuidBit(Feature.LAHF64, EXTENDED | 1, ECX, 0),
          new CpuidBit(Feature.LZCNT, EXTENDED | 1, ECX, 5));

  /** What needs the operating system to keep the upper halves of YMM registers. */
  private static final Set<Feature> WITH_YMM =
      EnumSet.of(Feature.AVX, Feature.AVX2, Feature.F16C, Feature.FMA);

  private static final int SSE_AND_YMM_STATE = 6;

  private HostFeatures() {}

  /** Those of the extensions in the table that the host lacks, or whose state is not kept. */
  static Set<Feature> lacking(Snippet snippet) {
    HostEmitter out = snippet.begin();
    out.pushRegister(HostRegister.RBX);
    for (int i = 0; i < LEAVES.length; i++) {
      emitCpuid(out, LEAVES[i], i * REGISTERS * Integer.BYTES);
    }
    out.popRegister(HostRegister.RBX);
    long[] answers = new long[LEAVES.length * REGISTERS / 2];
    snippet.run(answers);
    Set<Feature> lacking = EnumSet.noneOf(Feature.class);
    for (CpuidBit b : BITS) {
      int last = answer(answers, b.leaf & EXTENDED, EAX);
      boolean has =
          Integer.compareUnsigned(b.leaf, last) <= 0
              && (answer(answers, b.leaf, b.register) >>> b.bit & 1) != 0;
      if (!has) {
        lacking.add(b.feature);
      }
    }
    if (lacking.contains(Feature.XSAVE) || !keepsYmm(snippet)) {
      lacking.addAll(WITH_YMM);
    }
    return lacking;
  }

  private static int answer(long[] answers, int leaf, int register) {
    int i = 0;
    while (LEAVES[i] != leaf) {
      i++;
    }
    int at = i * REGISTERS + register;
    return (int) (answers[at / 2] >>> 32 * (at % 2));
  }

  private static void emitCpuid(HostEmitter out, int leaf, int offset) {
    out.constant(HostRegister.RAX, leaf & 0xFFFF_FFFFL);
    out.constant(HostRegister.RCX, 0);
    out.byte1(0x0F); // CPUID
    out.byte1(0xA2);
    putInt(out, offset + EAX * Integer.BYTES, HostRegister.RAX);
    putInt(out, offset + EBX * Integer.BYTES, HostRegister.RBX);
    putInt(out, offset + ECX * Integer.BYTES, HostRegister.RCX);
    putInt(out, offset + EDX * Integer.BYTES, HostRegister.RDX);
  }

  private static boolean keepsYmm(Snippet snippet) {
    HostEmitter out = snippet.begin();
    out.constant(HostRegister.RCX, 0);
    out.byte1(0x0F); // XGETBV
    out.byte1(0x01);
    out.byte1(0xD0);
    putInt(out, 0, HostRegister.RAX);
    long[] xcr0 = new long[1];
    snippet.run(xcr0);
    return (xcr0[0] & SSE_AND_YMM_STATE) == SSE_AND_YMM_STATE;
  }

  private static void putInt(HostEmitter out, int offset, int register) {
    out.memory(Opcode.MOV_STORE, 0, register, HostRegister.RDI, offset, false);
  }
}
