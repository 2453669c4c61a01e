package dev.hindsight.cpu;

/** PUSH and POP on the current stack, whose pointer is SP, ESP or RSP as SS.B and the mode say. */
public final class Stack {
  private static final int SS = 2;

  private Stack() {}

  /** Pushes 16, 32 or 64 bits; RSP changes after the write succeeded. */
  public static void push(Vcpu cpu, int bits, long value) {
    int bytes = bits >>> 3;
    long top = wrap(cpu, cpu.general().get64(GeneralRegisters.RSP) - bytes);
    cpu.memory().write(cpu.segmented().writable(SS, top, bytes), bytes, value);
    pointer(cpu, top);
  }

  /** Pops 16, 32 or 64 bits, zero-extended; RSP changes after the read succeeded. */
  public static long pop(Vcpu cpu, int bits) {
    long value = peek(cpu, bits, 0);
    adjust(cpu, bits >>> 3);
    return value;
  }

  /** Reads the value {@code index} slots above the top of the stack, moving nothing. */
  public static long peek(Vcpu cpu, int bits, int index) {
    return peekAt(cpu, bits, (long) index * (bits >>> 3));
  }

  /** Reads a value {@code distance} bytes above the top of the stack, moving nothing. */
  public static long peekAt(Vcpu cpu, int bits, long distance) {
    int bytes = bits >>> 3;
    long at = wrap(cpu, cpu.general().get64(GeneralRegisters.RSP) + distance);
    return cpu.memory().read(cpu.segmented().readable(SS, at, bytes), bytes);
  }

  /** Adds to RSP, ESP or SP, as the stack size says. */
  public static void adjust(Vcpu cpu, long delta) {
    pointer(cpu, wrap(cpu, cpu.general().get64(GeneralRegisters.RSP) + delta));
  }

  /** An offset truncated to the size of the stack pointer. */
  public static long wrap(Vcpu cpu, long offset) {
    return SegmentedMemory.wrap(offset, cpu.stackBits());
  }

  /** Writes SP, ESP or RSP, as the stack size says. */
  public static void pointer(Vcpu cpu, long value) {
    cpu.general().set(GeneralRegisters.RSP, cpu.stackBits(), value);
  }
}
