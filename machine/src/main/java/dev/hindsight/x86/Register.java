package dev.hindsight.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A register as an operand names it: its file, its number there, and how many bits are meant. */
public enum Register implements Operand {
  AL(RegisterKind.GENERAL, 0, 8),
  CL(RegisterKind.GENERAL, 1, 8),
  DL(RegisterKind.GENERAL, 2, 8),
  BL(RegisterKind.GENERAL, 3, 8),
  SPL(RegisterKind.GENERAL, 4, 8),
  BPL(RegisterKind.GENERAL, 5, 8),
  SIL(RegisterKind.GENERAL, 6, 8),
  DIL(RegisterKind.GENERAL, 7, 8),
  R8B(RegisterKind.GENERAL, 8, 8),
  R9B(RegisterKind.GENERAL, 9, 8),
  R10B(RegisterKind.GENERAL, 10, 8),
  R11B(RegisterKind.GENERAL, 11, 8),
  R12B(RegisterKind.GENERAL, 12, 8),
  R13B(RegisterKind.GENERAL, 13, 8),
  R14B(RegisterKind.GENERAL, 14, 8),
  R15B(RegisterKind.GENERAL, 15, 8),
  AH(RegisterKind.HIGH_BYTE, 0, 8),
  CH(RegisterKind.HIGH_BYTE, 1, 8),
  DH(RegisterKind.HIGH_BYTE, 2, 8),
  BH(RegisterKind.HIGH_BYTE, 3, 8),
  AX(RegisterKind.GENERAL, 0, 16),
  CX(RegisterKind.GENERAL, 1, 16),
  DX(RegisterKind.GENERAL, 2, 16),
  BX(RegisterKind.GENERAL, 3, 16),
  SP(RegisterKind.GENERAL, 4, 16),
  BP(RegisterKind.GENERAL, 5, 16),
  SI(RegisterKind.GENERAL, 6, 16),
  DI(RegisterKind.GENERAL, 7, 16),
  R8W(RegisterKind.GENERAL, 8, 16),
  R9W(RegisterKind.GENERAL, 9, 16),
  R10W(RegisterKind.GENERAL, 10, 16),
  R11W(RegisterKind.GENERAL, 11, 16),
  R12W(RegisterKind.GENERAL, 12, 16),
  R13W(RegisterKind.GENERAL, 13, 16),
  R14W(RegisterKind.GENERAL, 14, 16),
  R15W(RegisterKind.GENERAL, 15, 16),
  EAX(RegisterKind.GENERAL, 0, 32),
  ECX(RegisterKind.GENERAL, 1, 32),
  EDX(RegisterKind.GENERAL, 2, 32),
  EBX(RegisterKind.GENERAL, 3, 32),
  ESP(RegisterKind.GENERAL, 4, 32),
  EBP(RegisterKind.GENERAL, 5, 32),
  ESI(RegisterKind.GENERAL, 6, 32),
  EDI(RegisterKind.GENERAL, 7, 32),
  R8D(RegisterKind.GENERAL, 8, 32),
  R9D(RegisterKind.GENERAL, 9, 32),
  R10D(RegisterKind.GENERAL, 10, 32),
  R11D(RegisterKind.GENERAL, 11, 32),
  R12D(RegisterKind.GENERAL, 12, 32),
  R13D(RegisterKind.GENERAL, 13, 32),
  R14D(RegisterKind.GENERAL, 14, 32),
  R15D(RegisterKind.GENERAL, 15, 32),
  RAX(RegisterKind.GENERAL, 0, 64),
  RCX(RegisterKind.GENERAL, 1, 64),
  RDX(RegisterKind.GENERAL, 2, 64),
  RBX(RegisterKind.GENERAL, 3, 64),
  RSP(RegisterKind.GENERAL, 4, 64),
  RBP(RegisterKind.GENERAL, 5, 64),
  RSI(RegisterKind.GENERAL, 6, 64),
  RDI(RegisterKind.GENERAL, 7, 64),
  R8(RegisterKind.GENERAL, 8, 64),
  R9(RegisterKind.GENERAL, 9, 64),
  R10(RegisterKind.GENERAL, 10, 64),
  R11(RegisterKind.GENERAL, 11, 64),
  R12(RegisterKind.GENERAL, 12, 64),
  R13(RegisterKind.GENERAL, 13, 64),
  R14(RegisterKind.GENERAL, 14, 64),
  R15(RegisterKind.GENERAL, 15, 64),
  ES(RegisterKind.SEGMENT, 0, 16),
  CS(RegisterKind.SEGMENT, 1, 16),
  SS(RegisterKind.SEGMENT, 2, 16),
  DS(RegisterKind.SEGMENT, 3, 16),
  FS(RegisterKind.SEGMENT, 4, 16),
  GS(RegisterKind.SEGMENT, 5, 16),
  CR0(RegisterKind.CONTROL, 0, 64),
  CR1(RegisterKind.CONTROL, 1, 64),
  CR2(RegisterKind.CONTROL, 2, 64),
  CR3(RegisterKind.CONTROL, 3, 64),
  CR4(RegisterKind.CONTROL, 4, 64),
  CR5(RegisterKind.CONTROL, 5, 64),
  CR6(RegisterKind.CONTROL, 6, 64),
  CR7(RegisterKind.CONTROL, 7, 64),
  CR8(RegisterKind.CONTROL, 8, 64),
  CR9(RegisterKind.CONTROL, 9, 64),
  CR10(RegisterKind.CONTROL, 10, 64),
  CR11(RegisterKind.CONTROL, 11, 64),
  CR12(RegisterKind.CONTROL, 12, 64),
  CR13(RegisterKind.CONTROL, 13, 64),
  CR14(RegisterKind.CONTROL, 14, 64),
  CR15(RegisterKind.CONTROL, 15, 64),
  DR0(RegisterKind.DEBUG, 0, 64),
  DR1(RegisterKind.DEBUG, 1, 64),
  DR2(RegisterKind.DEBUG, 2, 64),
  DR3(RegisterKind.DEBUG, 3, 64),
  DR4(RegisterKind.DEBUG, 4, 64),
  DR5(RegisterKind.DEBUG, 5, 64),
  DR6(RegisterKind.DEBUG, 6, 64),
  DR7(RegisterKind.DEBUG, 7, 64),
  DR8(RegisterKind.DEBUG, 8, 64),
  DR9(RegisterKind.DEBUG, 9, 64),
  DR10(RegisterKind.DEBUG, 10, 64),
  DR11(RegisterKind.DEBUG, 11, 64),
  DR12(RegisterKind.DEBUG, 12, 64),
  DR13(RegisterKind.DEBUG, 13, 64),
  DR14(RegisterKind.DEBUG, 14, 64),
  DR15(RegisterKind.DEBUG, 15, 64),
  ST0(RegisterKind.X87, 0, 80),
  ST1(RegisterKind.X87, 1, 80),
  ST2(RegisterKind.X87, 2, 80),
  ST3(RegisterKind.X87, 3, 80),
  ST4(RegisterKind.X87, 4, 80),
  ST5(RegisterKind.X87, 5, 80),
  ST6(RegisterKind.X87, 6, 80),
  ST7(RegisterKind.X87, 7, 80),
  MM0(RegisterKind.MMX, 0, 64),
  MM1(RegisterKind.MMX, 1, 64),
  MM2(RegisterKind.MMX, 2, 64),
  MM3(RegisterKind.MMX, 3, 64),
  MM4(RegisterKind.MMX, 4, 64),
  MM5(RegisterKind.MMX, 5, 64),
  MM6(RegisterKind.MMX, 6, 64),
  MM7(RegisterKind.MMX, 7, 64),
  XMM0(RegisterKind.XMM, 0, 128),
  XMM1(RegisterKind.XMM, 1, 128),
  XMM2(RegisterKind.XMM, 2, 128),
  XMM3(RegisterKind.XMM, 3, 128),
  XMM4(RegisterKind.XMM, 4, 128),
  XMM5(RegisterKind.XMM, 5, 128),
  XMM6(RegisterKind.XMM, 6, 128),
  XMM7(RegisterKind.XMM, 7, 128),
  XMM8(RegisterKind.XMM, 8, 128),
  XMM9(RegisterKind.XMM, 9, 128),
  XMM10(RegisterKind.XMM, 10, 128),
  XMM11(RegisterKind.XMM, 11, 128),
  XMM12(RegisterKind.XMM, 12, 128),
  XMM13(RegisterKind.XMM, 13, 128),
  XMM14(RegisterKind.XMM, 14, 128),
  XMM15(RegisterKind.XMM, 15, 128),
  YMM0(RegisterKind.YMM, 0, 256),
  YMM1(RegisterKind.YMM, 1, 256),
  YMM2(RegisterKind.YMM, 2, 256),
  YMM3(RegisterKind.YMM, 3, 256),
  YMM4(RegisterKind.YMM, 4, 256),
  YMM5(RegisterKind.YMM, 5, 256),
  YMM6(RegisterKind.YMM, 6, 256),
  YMM7(RegisterKind.YMM, 7, 256),
  YMM8(RegisterKind.YMM, 8, 256),
  YMM9(RegisterKind.YMM, 9, 256),
  YMM10(RegisterKind.YMM, 10, 256),
  YMM11(RegisterKind.YMM, 11, 256),
  YMM12(RegisterKind.YMM, 12, 256),
  YMM13(RegisterKind.YMM, 13, 256),
  YMM14(RegisterKind.YMM, 14, 256),
  YMM15(RegisterKind.YMM, 15, 256);

  private static final List<Register> ALL = List.of(values());

  private static final List<List<Register>> GENERAL_BY_LOG2_BYTES =
      List.of(
          of(RegisterKind.GENERAL, 8),
          of(RegisterKind.GENERAL, 16),
          of(RegisterKind.GENERAL, 32),
          of(RegisterKind.GENERAL, 64));

  private final RegisterKind kind;
  private final int number;
  private final int bits;

  Register(RegisterKind kind, int number, int bits) {
    this.kind = kind;
    this.number = number;
    this.bits = bits;
  }

  private static List<Register> of(RegisterKind kind, int bits) {
    List<Register> found = new ArrayList<>();
    for (Register r : values()) {
      if (r.kind == kind && r.bits == bits) {
        found.add(r);
      }
    }
    return List.copyOf(found);
  }

  /**
   * The general register of a number and size.
   *
   * @param number 0 (RAX) to 15 (R15); with 8 bits, 4 to 7 are SPL, BPL, SIL and DIL
   * @param bits 8, 16, 32 or 64
   */
  public static Register general(int number, int bits) {
    return GENERAL_BY_LOG2_BYTES.get(Integer.numberOfTrailingZeros(bits) - 3).get(number);
  }

  /** AH, CH, DH or BH: bits 15:8 of general register {@code number} (0 to 3). */
  public static Register highByte(int number) {
    return ALL.get(AH.ordinal() + number);
  }

  /** The register of a kind that has one size only, by number. */
  public static Register of(RegisterKind kind, int number, Register first) {
    Register r = ALL.get(first.ordinal() + number);
    if (r.kind != kind || r.number != number) {
      throw new IllegalArgumentException("no " + kind + " register has the number " + number);
    }
    return r;
  }

  /** Segment register by its encoding: ES 0, CS 1, SS 2, DS 3, FS 4, GS 5. */
  public static Register segment(int number) {
    return of(RegisterKind.SEGMENT, number, ES);
  }

  /** Control register CR0 to CR15. */
  public static Register control(int number) {
    return of(RegisterKind.CONTROL, number, CR0);
  }

  /** Debug register DR0 to DR15. */
  public static Register debug(int number) {
    return of(RegisterKind.DEBUG, number, DR0);
  }

  /** x87 stack register ST(0) to ST(7), relative to the top of the stack. */
  public static Register x87(int number) {
    return of(RegisterKind.X87, number, ST0);
  }

  /** MMX register MM0 to MM7. */
  public static Register mmx(int number) {
    return of(RegisterKind.MMX, number, MM0);
  }

  /** XMM register 0 to 15. */
  public static Register xmm(int number) {
    return of(RegisterKind.XMM, number, XMM0);
  }

  /** YMM register 0 to 15. */
  public static Register ymm(int number) {
    return of(RegisterKind.YMM, number, YMM0);
  }

  /** The register file. */
  public RegisterKind kind() {
    return kind;
  }

  /** Number within the file; for AH to BH that of the register they are part of (0 to 3). */
  public int number() {
    return number;
  }

  @Override
  public int bits() {
    return bits;
  }

  /** Name in lower case, as disassemblers print it. */
  public String lowerCaseName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
