package dev.hindsight.cpu;

import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.memory.HostMemory;

/**
 * The x87 register stack, with which the MMX registers share their bits.
 *
 * <p>Registers here are <em>physical</em> (R0 to R7); ST(i) is R((TOP + i) mod 8).
 *
 * <p>They are in the {@link RegisterArea} together with the control, status and abridged tag words,
 * as FXSAVE writes them (SDM volume 1, table 10-2), but for the pointers to the last instruction
 * and its operand. In such an image registers have the order of the stack. Here it is that of a
 * stack whose top once was the top; {@link #arrange} makes it that of the present one.
 */
public final class X87Registers {
  // offsets in the image
  private static final int CONTROL = 0;
  private static final int STATUS = 2;
  private static final int TAGS = 4;
  private static final int REGISTERS = 32;

  private static final int COUNT = 8;

  private final RegisterArea area;
  private final long base;

  /** Physical number of the register that is the first in the image. */
  private int first;

  private final long[] movedSignificands = new long[COUNT];
  private final int[] movedSignExponents = new int[COUNT];
  private long instructionPointer;
  private int instructionSelector;
  private long dataPointer;
  private int dataSelector;
  private int opcode;

  private final ExtendedEnvironment environment = new ExtendedEnvironment();

  X87Registers(RegisterArea area) {
    this.area = area;
    this.base = area.address() + RegisterArea.X87;
    reset();
  }

  /** Where they are. */
  public RegisterArea area() {
    return area;
  }

  private long address(int n) {
    return base + REGISTERS + 16L * (n - first & COUNT - 1);
  }

  /** Gives the image the order of the stack, so that FXRSTOR can load it. */
  public void arrange() {
    int top = top();
    if (first == top) {
      return;
    }
    for (int n = 0; n < COUNT; n++) {
      movedSignificands[n] = significand(n);
      movedSignExponents[n] = signExponent(n);
    }
    first = top;
    for (int n = 0; n < COUNT; n++) {
      set(n, movedSignExponents[n], movedSignificands[n]);
    }
  }

  /** FXSAVE wrote the image: it has the order of the stack. */
  public void written() {
    first = top();
  }

  /** Room to compute in; no state of the CPU is in it between instructions. */
  public ExtendedEnvironment environment() {
    return environment;
  }

  /** Bits 63:0 of physical register n; MMn is the same bits. */
  public long significand(int n) {
    return HostMemory.getLong(address(n));
  }

  /** Bits 79:64 of physical register n: sign and biased exponent. */
  public int signExponent(int n) {
    return HostMemory.getShort(address(n) + Long.BYTES) & 0xFFFF;
  }

  /** Writes physical register n. Tags are written apart. */
  public void set(int n, int signExponent, long significand) {
    HostMemory.putLong(address(n), significand);
    HostMemory.putShort(address(n) + Long.BYTES, (short) signExponent);
  }

  /** Control word. */
  public int control() {
    return HostMemory.getShort(base + CONTROL) & 0xFFFF;
  }

  /** Writes the control word as it is. */
  public void control(int value) {
    HostMemory.putShort(base + CONTROL, (short) value);
  }

  /** Status word, TOP included (bits 13:11). */
  public int status() {
    return HostMemory.getShort(base + STATUS) & 0xFFFF;
  }

  /** Writes the status word as it is. */
  public void status(int value) {
    HostMemory.putShort(base + STATUS, (short) value);
  }

  /** Physical number of ST(0), 0 to 7. */
  public int top() {
    return (status() >>> 11) & 7;
  }

  /**
   * Bit n is set if physical register n is empty (the complement of FXSAVE's abridged tag word).
   */
  public int emptyMask() {
    return ~HostMemory.getByte(base + TAGS) & 0xFF;
  }

  /** Writes the empty mask. */
  public void emptyMask(int value) {
    HostMemory.putByte(base + TAGS, (byte) ~value);
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
    for (int n = 0; n < COUNT; n++) {
      set(n, 0, 0);
    }
    control(0x40);
    status(0);
    emptyMask(0);
    lastInstruction(0, 0, 0);
    lastData(0, 0);
  }

  /** The whole state. */
  VcpuState.X87 save() {
    long[] significands = new long[COUNT];
    int[] signExponents = new int[COUNT];
    for (int n = 0; n < COUNT; n++) {
      significands[n] = significand(n);
      signExponents[n] = signExponent(n);
    }
    return new VcpuState.X87(
        significands,
        signExponents,
        control(),
        status(),
        emptyMask(),
        instructionPointer,
        instructionSelector,
        dataPointer,
        dataSelector,
        opcode);
  }

  /** The reverse of {@link #save}. */
  void load(VcpuState.X87 state) {
    control(state.control());
    status(state.status());
    emptyMask(state.emptyMask());
    first = top();
    for (int n = 0; n < COUNT; n++) {
      set(n, state.signExponents()[n], state.significands()[n]);
    }
    lastInstruction(state.instructionPointer(), state.instructionSelector(), state.opcode());
    lastData(state.dataPointer(), state.dataSelector());
  }
}
