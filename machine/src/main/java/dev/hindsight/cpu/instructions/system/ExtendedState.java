package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VectorRegisters;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.x86.Feature;

/**
 * The state components that the XSAVE family handles: which there are, where they lie, and which
 * are in their initial configuration (SDM volume 1, chapter 13).
 *
 * <p>A component is "in use" exactly if its contents differ from the initial ones; there is no
 * other tracking, so that what is saved follows from the registers alone.
 */
final class ExtendedState {
  static final long X87 = 1;
  static final long SSE = 1 << 1;

  /** Bits 255:128 of the YMM registers. */
  static final long AVX = 1 << 2;

  /** PKRU. */
  static final long PKRU = 1 << 9;

  /** Offset of the header: after the 512 bytes that FXSAVE has too. */
  static final int HEADER = 512;

  /** Offset of the first component after the header. */
  static final int EXTENDED = 576;

  static final int AVX_BYTES = 256;
  static final int PKRU_BYTES = 8;

  /** Offset of PKRU in the standard format, whether or not there is AVX. */
  static final int PKRU_OFFSET = EXTENDED + AVX_BYTES;

  private static final int X87_CONTROL_INITIAL = 0x37F;

  private ExtendedState() {}

  /** Components that a model has: what XCR0 can be set to. */
  static long supported(CpuModel model) {
    if (!model.has(Feature.XSAVE)) {
      return 0;
    }
    return X87 | SSE | (model.has(Feature.AVX) ? AVX : 0) | (model.has(Feature.PKU) ? PKRU : 0);
  }

  /** Components that are not in their initial configuration, MXCSR not regarded (XINUSE). */
  static long inUseWithoutMxcsr(Vcpu cpu) {
    return (isX87InUse(cpu.x87()) ? X87 : 0)
        | (isVectorInUse(cpu.vectors(), 0) ? SSE : 0)
        | (isVectorInUse(cpu.vectors(), 2) ? AVX : 0)
        | (cpu.control().pkru() != 0 ? PKRU : 0);
  }

  /** What XGETBV shows and XSAVEC saves: a changed MXCSR counts as SSE. */
  static long inUse(Vcpu cpu) {
    boolean mxcsr = cpu.vectors().mxcsr() != VectorRegisters.MXCSR_DEFAULT;
    return inUseWithoutMxcsr(cpu) | (mxcsr ? SSE : 0);
  }

  private static boolean isX87InUse(X87Registers x) {
    boolean used =
        x.control() != X87_CONTROL_INITIAL
            || x.status() != 0
            || x.emptyMask() != 0xFF
            || x.opcode() != 0
            || x.instructionPointer() != 0
            || x.instructionSelector() != 0
            || x.dataPointer() != 0
            || x.dataSelector() != 0;
    for (int n = 0; n < 8 && !used; n++) {
      used = x.significand(n) != 0 || x.signExponent(n) != 0;
    }
    return used;
  }

  private static boolean isVectorInUse(VectorRegisters v, int firstQuadword) {
    for (int n = 0; n < 16; n++) {
      if (v.get(n, firstQuadword) != 0 || v.get(n, firstQuadword + 1) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Size of an XSAVE area in the standard format. */
  static int standardSize(long components) {
    return (components & PKRU) != 0
        ? PKRU_OFFSET + PKRU_BYTES
        : (components & AVX) != 0 ? EXTENDED + AVX_BYTES : EXTENDED;
  }

  /** Size of an XSAVE area in the compacted format. */
  static int compactedSize(long components) {
    return compactedPkruOffset(components) + ((components & PKRU) != 0 ? PKRU_BYTES : 0);
  }

  /** Offset of PKRU in the compacted format. */
  static int compactedPkruOffset(long components) {
    return EXTENDED + ((components & AVX) != 0 ? AVX_BYTES : 0);
  }

  /** Puts components into their initial configuration; SSE without MXCSR. */
  static void initialize(Vcpu cpu, long components) {
    if ((components & X87) != 0) {
      X87Registers x = cpu.x87();
      for (int n = 0; n < 8; n++) {
        x.set(n, 0, 0);
      }
      x.control(X87_CONTROL_INITIAL);
      x.status(0);
      x.emptyMask(0xFF);
      x.lastInstruction(0, 0, 0);
      x.lastData(0, 0);
    }
    int registers = cpu.is64Bit() ? 16 : 8;
    for (int n = 0; n < registers; n++) {
      if ((components & SSE) != 0) {
        cpu.vectors().setXmm(n, 0, 0);
      }
      if ((components & AVX) != 0) {
        cpu.vectors().clearUpper(n);
      }
    }
    if ((components & PKRU) != 0) {
      cpu.control().pkru(0);
    }
  }
}
