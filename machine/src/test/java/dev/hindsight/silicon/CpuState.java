package dev.hindsight.silicon;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The registers that a case starts with or leaves. */
final class CpuState {
  /** Bytes of an XSAVE area in the standard format with x87, SSE and AVX. */
  static final int XSAVE_BYTES = 832;

  /** Where the FXSAVE image has FCW, FSW, the abridged tag word, FOP, FIP, FDP and MXCSR. */
  static final int FCW = 0;

  static final int FSW = 2;
  static final int FTW = 4;
  static final int FOP = 6;
  static final int FIP = 8;
  static final int FDP = 16;
  static final int MXCSR = 24;

  /** Where it has ST0; the others follow, 16 bytes apart. */
  static final int ST0 = 32;

  /** Where it has XMM0; the others follow, 16 bytes apart. */
  static final int XMM0 = 160;

  /** Where the XSAVE area has the upper half of YMM0; the others follow, 16 bytes apart. */
  static final int YMM0_HIGH = 576;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15. */
  final long[] gpr = new long[16];

  /** ES, CS, SS, DS, FS, GS. */
  final int[] selectors = new int[6];

  /** x87, MMX, SSE and AVX state as XSAVE's standard format has it. */
  final byte[] xsave = new byte[XSAVE_BYTES];

  long rip;
  long rflags;
  long fsBase;
  long gsBase;

  /** A copy that shares nothing. */
  CpuState copy() {
    CpuState c = new CpuState();
    System.arraycopy(gpr, 0, c.gpr, 0, gpr.length);
    System.arraycopy(selectors, 0, c.selectors, 0, selectors.length);
    System.arraycopy(xsave, 0, c.xsave, 0, xsave.length);
    c.rip = rip;
    c.rflags = rflags;
    c.fsBase = fsBase;
    c.gsBase = gsBase;
    return c;
  }

  /** Eight bytes of the XSAVE area. */
  long xsaveLong(int offset) {
    return (long) LONGS.get(xsave, offset);
  }

  /** Writes eight bytes of the XSAVE area. */
  void xsaveLong(int offset, long value) {
    LONGS.set(xsave, offset, value);
  }

  /** Four bytes of the XSAVE area. */
  int xsaveInt(int offset) {
    return (int) INTS.get(xsave, offset);
  }

  /** Writes four bytes of the XSAVE area. */
  void xsaveInt(int offset, int value) {
    INTS.set(xsave, offset, value);
  }

  /** Two bytes of the XSAVE area, zero-extended. */
  int xsaveShort(int offset) {
    return (short) SHORTS.get(xsave, offset) & 0xFFFF;
  }

  /** Writes two bytes of the XSAVE area. */
  void xsaveShort(int offset, int value) {
    SHORTS.set(xsave, offset, (short) value);
  }

  /** Quadword {@code n} (0 to 3) of a YMM register. */
  long ymm(int register, int n) {
    return xsaveLong((n < 2 ? XMM0 : YMM0_HIGH) + register * 16 + (n & 1) * 8);
  }

  /** Writes quadword {@code n} (0 to 3) of a YMM register. */
  void ymm(int register, int n, long value) {
    xsaveLong((n < 2 ? XMM0 : YMM0_HIGH) + register * 16 + (n & 1) * 8, value);
  }
}
