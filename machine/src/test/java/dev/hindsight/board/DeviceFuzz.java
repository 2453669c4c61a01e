package dev.hindsight.board;

import dev.hindsight.bus.Input;

/**
 * What must hold for any traffic to the chips of a machine with two CPUs. Jazzer can be pointed at
 * {@link #fuzzerTestOneInput}; the ordinary tests feed it random bytes.
 */
public final class DeviceFuzz {
  private static final int CPUS = 2;
  private static final int MOST_DEADLINES = 64;

  /** First port and number of ports of each chip of {@link PcChipset}, and of a gap. */
  private static final int[][] PORTS = {
    {0x20, 2}, {0xA0, 2}, {0x4D0, 2}, {0x40, 4}, {0x3F8, 8}, {0x604, 2}, {0x700, 1}
  };

  private final LooseChips chips = new LooseChips(new PcChipset(), CPUS);
  private final byte[] bytes;
  private int at;

  private DeviceFuzz(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Turns the input into register accesses, interrupt acknowledges, inputs and the passing of time.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    new DeviceFuzz(input).run();
  }

  private void run() {
    while (at < bytes.length) {
      int choice = next();
      chips.accessingCpu(choice >>> 7);
      switch (choice & 15) {
        case 0, 1, 2 -> chips.ports().write(port(), size(choice), (int) next(4));
        case 3, 4 -> readPort(port(), size(choice));
        case 5, 6, 7 -> chips.memory().write(apicAddress(choice), size(choice), next(4));
        case 8, 9 -> readMemory(apicAddress(choice), size(choice));
        case 10 -> chips.msrs().write(choice >>> 7, msr(), next(8));
        case 11 -> chips.msrs().read(choice >>> 7, msr());
        case 12 -> acknowledge(choice >>> 7);
        case 13 -> chips.source(choice >>> 7).taskPriority(next() & 15);
        case 14 -> chips.input(next(), new Input.SerialByte(PcChipset.SERIAL, next()));
        default -> chips.advance(next(4) >>> next() % 32, MOST_DEADLINES);
      }
    }
    check(!chips.save().isEmpty(), "can be saved");
  }

  private int next() {
    return at < bytes.length ? bytes[at++] & 0xFF : 0;
  }

  private long next(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  private static int size(int choice) {
    return Math.min(1 << (choice >>> 4 & 3), 4);
  }

  private int port() {
    int n = next();
    int[] range = PORTS[(n & 15) % PORTS.length];
    return range[0] + (n >>> 4) % range[1];
  }

  private long apicAddress(int choice) {
    int n = (int) next(2);
    // mostly a register, in any order of its bytes now and then
    int offset = (choice & 0x40) != 0 ? n & 0xFF0 : n & 0xFFF;
    return PcAddresses.LOCAL_APIC + Math.min(offset, 0xFF8);
  }

  private int msr() {
    int n = next();
    return n < 0x40 ? 0x800 + n : n < 0x80 ? 0x1B : n < 0xC0 ? 0x6E0 : 0x7FF + (n & 0x7F);
  }

  private void readPort(int port, int size) {
    // a wide access is several reads, of which the first may change what the next one shows
    boolean single = size == 1 || port == PcAddresses.PM1_CONTROL;
    int shown = chips.ports().peek(port, size);
    int value = chips.ports().read(port, size);
    check(!single || value == shown, "peek shows what read gives");
  }

  private void readMemory(long address, int size) {
    long shown = chips.memory().peek(address, size);
    check(chips.memory().read(address, size) == shown, "peek shows what read gives");
  }

  private void acknowledge(int cpu) {
    if (chips.intr(cpu)) {
      int vector = chips.source(cpu).acknowledge();
      check(vector >= 0 && vector <= 0xFF, "a vector");
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
