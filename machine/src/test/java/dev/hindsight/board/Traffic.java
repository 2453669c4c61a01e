package dev.hindsight.board;

import dev.hindsight.bus.Input;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes as traffic to the chips of {@link PcChipset}: register accesses, rings in memory, interrupt
 * acknowledges, inputs, and the passing of time. It keeps nothing but what was seen: the same bytes
 * from the same position do the same.
 */
final class Traffic {
  private static final int MOST_DEADLINES = 64;

  /** First port and number of ports of each chip, and of a gap. */
  private static final int[][] PORTS = {
    {0x20, 2}, {0xA0, 2}, {0x4D0, 2}, {0x40, 4}, {0x61, 1}, {0x92, 1}, {0x70, 2}, {0x70, 2},
    {0x60, 1}, {0x64, 1}, {0x3F8, 8}, {0x2F8, 8}, {0x600, 14}, {0x620, 4}, {0xCF8, 8}, {0xF4, 1},
    {0x700, 1}
  };

  /** Registers in memory. */
  private static final long[] REGISTERS = {
    PcAddresses.LOCAL_APIC, PcAddresses.IO_APIC, PcAddresses.HPET, LooseChips.BARS
  };

  private static final int DEVICES = 8;
  private static final int QUEUES = 2;
  private static final int RING_SIZE = 16;
  private static final int AVAILABLE = 0x800;
  private static final int USED = 0xA00;

  /** Where descriptors may point: RAM, its end, the ROM, nothing, registers, rings. */
  private static final long[] BUFFERS = {
    0x8000,
    0x8000,
    0x8200,
    0x9000,
    LooseChips.RAM_BYTES - 8,
    LooseChips.RAM_BYTES,
    0x2000_0000L,
    PcAddresses.LOCAL_APIC,
    LooseChips.BARS,
    0x1000,
    0x1800,
    -16
  };

  private static final int[] LENGTHS = {0, 1, 16, 512, 512, 4096, 0x1_0000, 0x7FFF_FFFF, -1};

  private final LooseChips chips;
  private final byte[] bytes;
  private final List<Object> seen = new ArrayList<>();
  private int at;
  private int deadlines;
  private int acknowledged;
  private int signals;

  /** Traffic that begins at a position. */
  Traffic(LooseChips chips, byte[] bytes, int at) {
    this.chips = chips;
    this.bytes = bytes;
    this.at = at;
  }

  int position() {
    return at;
  }

  /** All that the chips showed. */
  List<Object> seen() {
    return seen;
  }

  int deadlines() {
    return deadlines;
  }

  int acknowledged() {
    return acknowledged;
  }

  int signals() {
    return signals;
  }

  /** Runs what begins before a position. */
  void runTo(int end) {
    while (at < end) {
      step();
      List<String> outside = chips.outside();
      signals += outside.size();
      seen.addAll(outside);
      seen.add(chips.intr(0));
      seen.add(chips.intr(1));
    }
  }

  private void step() {
    int choice = next();
    chips.accessingCpu(choice >>> 7);
    switch (choice & 31) {
      case 0, 1, 2, 3 -> chips.ports().write(port(), size(choice), (int) next(4));
      case 4, 5 -> readPort(port(), size(choice));
      case 6 -> interrupts();
      case 7, 8, 9 -> chips.memory().write(register(choice), size(choice), next(4));
      case 10, 11 -> readMemory(register(choice), size(choice));
      case 12 -> chips.msrs().write(choice >>> 7, msr(), next(8));
      case 13 -> seen.add(chips.msrs().read(choice >>> 7, msr()));
      case 14 -> acknowledge(choice >>> 7);
      case 15 -> chips.source(choice >>> 7).taskPriority(next() & 15);
      case 16, 17 -> input(choice >>> 5);
      case 18, 19 -> configure();
      case 20 -> startDevice();
      case 21, 22 -> descriptor();
      case 23 -> offer();
      case 24 -> notifyDevice();
      case 25 -> request();
      case 26 -> chips.memory().write(next(2), 8, next(8));
      case 27 -> rtc();
      case 28 -> hpet();
      default -> deadlines += chips.advance(next(4) >>> next() % 32, MOST_DEADLINES);
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
    return Math.min(1 << (choice >>> 5 & 3), 4);
  }

  private int port() {
    int n = next();
    int[] range = PORTS[(n & 31) % PORTS.length];
    return range[0] + ((n >>> 5) + (n & 8)) % range[1];
  }

  private long register(int choice) {
    int n = (int) next(2);
    long base = REGISTERS[n >>> 14];
    // mostly a register, in any order of its bytes now and then
    int offset = (choice & 0x40) != 0 ? n & 0xFF0 : n & 0xFFF;
    return base
        + (base == LooseChips.BARS ? LooseChips.BAR_SPACING * (next() % DEVICES) : 0)
        + Math.min(offset, 0xFF8);
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
    seen.add(value);
    DeviceFuzz.check(!single || value == shown, "peek shows what read gives");
  }

  private void readMemory(long address, int size) {
    long aligned = address & -size;
    long shown = chips.memory().peek(aligned, size);
    long value = chips.memory().read(aligned, size);
    seen.add(value);
    DeviceFuzz.check(value == shown, "peek shows what read gives");
  }

  private void acknowledge(int cpu) {
    if (chips.intr(cpu)) {
      int vector = chips.source(cpu).acknowledge();
      DeviceFuzz.check(vector >= 0 && vector <= 0xFF, "a vector");
      seen.add(vector);
      acknowledged++;
    }
  }

  /** Initializes and unmasks what carries interrupts, which random bytes rarely do. */
  private void interrupts() {
    int n = next();
    for (int chip : new int[] {0x20, 0xA0}) {
      chips.ports().write(chip, 1, 0x11 | n & 8);
      chips.ports().write(chip + 1, 1, chip & 0xF0);
      chips.ports().write(chip + 1, 1, chip == 0x20 ? 4 : 2);
      chips.ports().write(chip + 1, 1, 1 | n & 0x12);
      chips.ports().write(chip + 1, 1, 0);
    }
    chips.memory().write(PcAddresses.LOCAL_APIC + 0xF0, 4, 0x1FF);
    chips.memory().write(PcAddresses.LOCAL_APIC + 0x350, 4, 0x700);
    chips.memory().write(PcAddresses.LOCAL_APIC + 0x320, 4, 0x40 | (n & 3) << 17);
    chips.memory().write(PcAddresses.LOCAL_APIC + 0x380, 4, next(2));
    int pin = n % 24;
    chips.memory().write(PcAddresses.IO_APIC, 4, 0x10 + 2 * pin);
    chips.memory().write(PcAddresses.IO_APIC + 0x10, 4, 0x50 + pin | (n & 0x80) << 8);
  }

  private void input(int choice) {
    int device = next();
    switch (choice & 3) {
      case 0 -> chips.input(device, new Input.SerialByte("", next()));
      case 1 -> {
        int code = 1 + next() % 0x84;
        chips.input(
            device, new Input.Key("", next() < 0x80 ? code : 0xE000 + code, (code & 1) != 0));
      }
      case 2 ->
          chips.input(
              device,
              new Input.MouseMotion("", (short) next(2), (short) next(2), (byte) next(), next()));
      default -> chips.input(device, new Input.PowerButton());
    }
  }

  // ---- PCI and virtio

  private void configure() {
    int device = next() % DEVICES;
    int offset = next();
    chips.configure(device, offset & 0xFC, (int) next(4));
  }

  private static long common(int device) {
    return LooseChips.BARS + LooseChips.BAR_SPACING * device;
  }

  /** Negotiates, and places the queues. */
  private void startDevice() {
    int choice = next();
    int device = choice % DEVICES;
    chips.placeBars(device);
    long common = common(device);
    chips.memory().write(common + 0x14, 1, 0);
    chips.memory().write(common + 0x14, 1, 3);
    chips.memory().write(common + 0x08, 4, 0);
    chips.memory().write(common + 0x0C, 4, (long) (choice >>> 4 & 3) << 28);
    chips.memory().write(common + 0x08, 4, 1);
    chips.memory().write(common + 0x0C, 4, 1);
    chips.memory().write(common + 0x14, 1, 11);
    for (int q = 0; q < QUEUES; q++) {
      chips.memory().write(common + 0x16, 2, q);
      chips.memory().write(common + 0x18, 2, RING_SIZE);
      chips.memory().write(common + 0x20, 8, ring(q, choice));
      chips.memory().write(common + 0x28, 8, ring(q, choice) + AVAILABLE);
      chips.memory().write(common + 0x30, 8, ring(q, choice) + USED);
      chips.memory().write(common + 0x1C, 2, 1);
    }
    chips.memory().write(common + 0x14, 1, 15);
  }

  /** Mostly RAM; else registers, or the ROM. */
  private static long ring(int queue, int choice) {
    return switch (choice >>> 6) {
      case 0, 1 -> 0x1000L * (queue + 1);
      case 2 -> PcAddresses.HPET & -0x1000;
      default -> LooseChips.RAM_BYTES - 0x1000L * queue;
    };
  }

  private void descriptor() {
    int n = next();
    int kind = next();
    long place = 0x1000L * (1 + (n & 1)) + 16L * (n >>> 4);
    chips.memory().write(place, 8, BUFFERS[kind % BUFFERS.length]);
    chips.memory().write(place + 8, 4, LENGTHS[next() % LENGTHS.length]);
    chips.memory().write(place + 12, 2, kind >>> 4 & 7);
    chips.memory().write(place + 14, 2, next() % (RING_SIZE + 1));
  }

  private void offer() {
    int n = next();
    long available = 0x1000L * (1 + (n & 1)) + AVAILABLE;
    long index = chips.memory().peek(available + 2, 2);
    chips.memory().write(available + 4 + 2 * (index % RING_SIZE), 2, n >>> 3 & 15);
    chips.memory().write(available + 2, 2, index + (n < 0xF8 ? 1 : n));
  }

  /** Whether a device has given a buffer back in a ring where they mostly are. */
  static boolean served(LooseChips chips) {
    return chips.memory().peek(0x1000 + USED + 2, 2) != 0
        || chips.memory().peek(0x2000 + USED + 2, 2) != 0;
  }

  private void notifyDevice() {
    int n = next();
    chips.notifyQueue(n % DEVICES, n >>> 4 & 1);
  }

  /** The header of a block request. */
  private void request() {
    int n = next();
    chips.memory().write(0x8000, 4, n % 10);
    chips.memory().write(0x8008, 8, n >>> 4);
  }

  // ---- timers that random bytes rarely start

  private void rtc() {
    int n = next();
    chips.ports().write(0x70, 1, 10);
    chips.ports().write(0x71, 1, 0x20 | n & 15);
    chips.ports().write(0x70, 1, 11);
    chips.ports().write(0x71, 1, 2 | n & 0xF0);
  }

  private void hpet() {
    int n = next();
    long timer = PcAddresses.HPET + 0x100 + 0x20L * (n & 3);
    chips.memory().write(PcAddresses.HPET + 0x10, 4, n >>> 7 == 0 ? 1 : 3);
    chips.memory().write(timer, 4, 0x4E | n << 7 & 0x3E00);
    chips.memory().write(timer + 8, 4, next(1 + (n >>> 4 & 3)));
  }
}
