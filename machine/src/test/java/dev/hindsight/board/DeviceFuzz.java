package dev.hindsight.board;

import dev.hindsight.bus.Input;

/**
 * What must hold for any traffic to the chips of a machine with two CPUs. Jazzer can be pointed at
 * {@link #fuzzerTestOneInput}; the ordinary tests feed it random bytes.
 */
public final class DeviceFuzz {
  private static final int CPUS = 2;
  private static final int MOST_DEADLINES = 64;

  /** One in so many lengths of the input ends with the chips' state going on in others. */
  private static final int ONE_IN = 8;

  private static final long BARS = PcAddresses.PCI_HOLE;
  private static final int FIRST_FUNCTION = 2;
  private static final int LAST_FUNCTION = 4;

  /** First port and number of ports of each chip of {@link PcChipset}, and of a gap. */
  private static final int[][] PORTS = {
    {0x20, 2}, {0xA0, 2}, {0x4D0, 2}, {0x40, 4}, {0x3F8, 8}, {0x2F8, 8}, {0x600, 6}, {0x700, 1},
    {0x608, 4}, {0x620, 4}, {0x60, 1}, {0x61, 1}, {0x64, 1}, {0x70, 4}, {0x92, 1}, {0xCF8, 4},
    {0xCFC, 4}, {0xE9, 1}, {0xF4, 4}
  };

  /**
   * First addresses of registers in memory: those of PCI functions are where {@link #place} puts
   * them.
   */
  private static final long[] PAGES = {
    PcAddresses.LOCAL_APIC,
    PcAddresses.LOCAL_APIC,
    PcAddresses.IO_APIC,
    PcAddresses.HPET,
    BARS,
    BARS + 0x1000,
    BARS + 0x2000,
    BARS + 0x3000,
    BARS + 0x4000,
    BARS + 0x5000
  };

  private static final Input[] INPUTS = {
    new Input.SerialByte(PcChipset.SERIAL, 'a'),
    new Input.SerialByte(PcChipset.VIRTIO_CONSOLE, 'b'),
    new Input.Key(PcChipset.KEYBOARD, 0xE014, true),
    new Input.MouseMotion(PcChipset.KEYBOARD, 5, -6, 1, 3),
    new Input.PowerButton()
  };

  private LooseChips chips = new LooseChips(new PcChipset(), CPUS);
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
    place();
    try {
      while (at < bytes.length) {
        act();
      }
      if (bytes.length % ONE_IN == 0) {
        goOnElsewhere();
      }
    } finally {
      chips.close();
    }
  }

  /** Gives the PCI functions addresses, as firmware does. */
  private void place() {
    for (int device = FIRST_FUNCTION; device <= LAST_FUNCTION; device++) {
      long base = BARS + (device - FIRST_FUNCTION) * 0x2000L;
      configure(device, 0x10, (int) base);
      configure(device, 0x14, (int) base + 0x1000);
      configure(device, 0x04, 0x6);
    }
  }

  private void configure(int device, int register, int value) {
    chips.ports().write(0xCF8, 4, 0x8000_0000 | device << 11 | register);
    chips.ports().write(0xCFC, 4, value);
  }

  /** Chips of the same kind take the state over, and are the same. */
  private void goOnElsewhere() {
    LooseChips twin = new LooseChips(new PcChipset(), CPUS);
    twin.become(chips);
    boolean same = twin.save().equals(chips.save()) && twin.pending().equals(chips.pending());
    chips.close();
    chips = twin;
    check(same, "what was loaded is what was saved");
  }

  private void act() {
    int choice = next();
    chips.accessingCpu(choice >>> 7);
    switch (choice & 15) {
      case 0, 1, 2 -> chips.ports().write(port(), size(choice), (int) next(4));
      case 3, 4 -> readPort(port(), size(choice));
      case 5, 6, 7 -> chips.memory().write(address(choice), size(choice), next(4));
      case 8 -> readMemory(address(choice), size(choice));
      case 9 -> chips.memory().write(next(2) & LooseChips.RAM_BYTES - 8, 8, next(8));
      case 10 -> chips.msrs().write(choice >>> 7, msr(), next(8));
      case 11 -> chips.msrs().read(choice >>> 7, msr());
      case 12 -> acknowledge(choice >>> 7);
      case 13 -> chips.source(choice >>> 7).taskPriority(next() & 15);
      case 14 -> input();
      default -> chips.advance(next(4) >>> next() % 32, MOST_DEADLINES);
    }
  }

  private void input() {
    int n = next();
    if (n == 0) {
      goOnElsewhere();
    } else {
      chips.input(next(), INPUTS[n % INPUTS.length]);
    }
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
    int[] range = PORTS[(n & 31) % PORTS.length];
    return range[0] + (n >>> 5) % range[1];
  }

  private long address(int choice) {
    int n = (int) next(2);
    long page = PAGES[(n >>> 12) % PAGES.length];
    // mostly a register, in any order of its bytes now and then
    int offset = (choice & 0x40) != 0 ? n & 0xFF0 : n & 0xFFF;
    return page + Math.min(offset, 0xFF8);
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
