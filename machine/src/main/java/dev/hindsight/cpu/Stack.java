package dev.hindsight.cpu;

/** PUSH and POP on the current stack. */
public final class Stack {
  private Stack() {}

  /** Pushes 16, 32 or 64 bits; RSP changes after the write succeeded. */
  public static void push(Vcpu cpu, int bits, long value) {}

  /** Pops 16, 32 or 64 bits, zero-extended; RSP changes after the read succeeded. */
  public static long pop(Vcpu cpu, int bits) {
    return 0;
  }

  /** Reads the value {@code index} slots above the top of the stack, moving nothing. */
  public static long peek(Vcpu cpu, int bits, int index) {
    return 0;
  }

  /** Adds to RSP, ESP or SP, as the stack size says. */
  public static void adjust(Vcpu cpu, long delta) {}
}
