package dev.hindsight.board.builtin;

/**
 * The guest that comes with Hindsight: a small preemptive kernel with four computing tasks and a
 * console, as a ROM. It needs a CPU with long mode (models v2 and v3), says so on another, and uses
 * up to eight vCPUs. See the package description.
 *
 * @param rounds how often each computing task computes, at least 1; a round is some 80,000
 *     instructions of each task
 * @param timerCount initial count of the local APIC's timer, divisor 1: the length of a time slice
 */
public record BuiltinGuest(int rounds, int timerCount) {
  /** Bytes of the ROM, which ends at 4 GiB and has an alias that ends at 1 MiB. */
  public static final int ROM_BYTES = MemoryLayout.ROM_BYTES;

  /** Bytes of RAM that the guest needs at least. */
  public static final int RAM_BYTES = 8 << 20;

  /** A guest with time slices of 100,000 counts. */
  public BuiltinGuest(int rounds) {
    this(rounds, 100_000);
  }

  /** Checks the ranges. */
  public BuiltinGuest {
    if (rounds < 1 || timerCount < 1000) {
      throw new IllegalArgumentException(
          "The guest needs a round at least and time slices of at least 1,000 counts.");
    }
  }

  /** The ROM. */
  public byte[] rom() {
    return new BootRom(new Kernel(this)).assemble();
  }
}
