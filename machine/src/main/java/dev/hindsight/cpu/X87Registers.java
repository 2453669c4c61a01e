package dev.hindsight.cpu;

import dev.hindsight.cpu.floating.ExtendedEnvironment;

/**
 * The x87 register stack, with which the MMX registers share their bits.
 *
 * <p>Registers here are <em>physical</em> (R0 to R7); ST(i) is R((TOP + i) mod 8).
 */
public final class X87Registers {
  private final long[] significand = new long[8];
  private final int[] signExponent = new int[8];
  private int control = 0x40;
  private int status;
  private int emptyMask;
  private long instructionPointer;
  private int instructionSelector;
  private long dataPointer;
  private int dataSelector;
  private int opcode;

  private final ExtendedEnvironment environment = new ExtendedEnvironment();

  /** Room to compute in; no state of the CPU is in it between instructions. */
  public ExtendedEnvironment environment() {
    return environment;
  }

  /** Bits 63:0 of physical register n; MMn is the same bits. */
  public long significand(int n) {
    return significand[n];
  }

  /** Bits 79:64 of physical register n: sign and biased exponent. */
  public int signExponent(int n) {
    return signExponent[n];
  }

  /** Writes physical register n. Tags are written apart. */
  public void set(int n, int signExponent, long significand) {
    this.signExponent[n] = signExponent & 0xFFFF;
    this.significand[n] = significand;
  }

  /** Control word. */
  public int control() {
    return control;
  }

  /** Writes the control word as it is. */
  public void control(int value) {
    control = value & 0xFFFF;
  }

  /** Status word, TOP included (bits 13:11). */
  public int status() {
    return status;
  }

  /** Writes the status word as it is. */
  public void status(int value) {
    status = value & 0xFFFF;
  }

  /** Physical number of ST(0), 0 to 7. */
  public int top() {
    return (status >>> 11) & 7;
  }

  /**
   * Bit n is set if physical register n is empty (the complement of FXSAVE's abridged tag word).
   */
  public int emptyMask() {
    return emptyMask;
  }

  /** Writes the empty mask. */
  public void emptyMask(int value) {
    emptyMask = value & 0xFF;
  }

  /** Offset of the last non-control instruction (FIP). */
  public long instructionPointer() {
    return instructionPointer;
  }

  /** CS at the last non-control instruction (FCS). */
  public int instructionSelector() {
    return instructionSelector;
  }

  /** Offset of the last memory operand (FDP). */
  public long dataPointer() {
    return dataPointer;
  }

  /** Segment selector of the last memory operand (FDS). */
  public int dataSelector() {
    return dataSelector;
  }

  /** Low 11 bits of the last non-control opcode (FOP). */
  public int opcode() {
    return opcode;
  }

  /** Writes FIP, FCS and FOP. */
  public void lastInstruction(long offset, int selector, int opcode) {
    this.instructionPointer = offset;
    this.instructionSelector = selector;
    this.opcode = opcode;
  }

  /** Writes FDP and FDS. */
  public void lastData(long offset, int selector) {
    this.dataPointer = offset;
    this.dataSelector = selector;
  }

  /** The values after RESET#: all registers +0.0 and valid (SDM volume 3, table 10-1). */
  public void reset() {
    for (int n = 0; n < 8; n++) {
      set(n, 0, 0);
    }
    control = 0x40;
    status = 0;
    emptyMask = 0;
    lastInstruction(0, 0, 0);
    lastData(0, 0);
  }

  /** The whole state. */
  VcpuState.X87 save() {
    return new VcpuState.X87(
        significand.clone(),
        signExponent.clone(),
        control,
        status,
        emptyMask,
        instructionPointer,
        instructionSelector,
        dataPointer,
        dataSelector,
        opcode);
  }

  /** The reverse of {@link #save}. */
  void load(VcpuState.X87 state) {
    System.arraycopy(state.significands(), 0, significand, 0, 8);
    System.arraycopy(state.signExponents(), 0, signExponent, 0, 8);
    control = state.control();
    status = state.status();
    emptyMask = state.emptyMask();
    lastInstruction(state.instructionPointer(), state.instructionSelector(), state.opcode());
    lastData(state.dataPointer(), state.dataSelector());
  }
}
