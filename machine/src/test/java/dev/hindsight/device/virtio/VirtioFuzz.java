package dev.hindsight.device.virtio;

import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.ArrayDisk;
import dev.hindsight.device.ArrayMemory;
import dev.hindsight.device.Rig;
import java.util.List;

/**
 * What must hold for any rings and any register traffic. Jazzer can be pointed at {@link
 * #fuzzerTestOneInput}; the ordinary tests feed it random bytes.
 */
public final class VirtioFuzz {
  private static final int MEMORY = 0x8000;
  private static final int NEEDS_RESET = 0x40;
  private static final int MOST_DEADLINES = 16;
  private static final int[] LENGTHS = {0, 1, 16, 17, 512, 513, 4096, 0x7FFF_FFFF, -1};

  private final byte[] bytes;
  private final Rig rig = new Rig();
  private final ArrayMemory memory = ArrayMemory.ram(MEMORY);
  private int at;

  private VirtioFuzz(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Turns the input into rings in memory, register accesses and the passing of time, for a device
   * that the first byte chooses.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    outcome(input);
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

  private VirtioDevice<?> device(int choice) {
    PciSlot slot =
        new PciSlot(rig, rig.deadlines(), memory, (address, data) -> {}, rig.line("pin"));
    return switch (choice % 4) {
      case 0 -> new VirtioBlock("dut", slot, ArrayDisk.patterned(64, false));
      case 1 -> new VirtioBlock("dut", slot, ArrayDisk.patterned(64, true));
      case 2 -> new VirtioConsole("dut", slot, VirtioFuzz::check);
      default -> new VirtioEntropy("dut", slot, 1);
    };
  }

  private static void check(int value) {
    if (value < 0 || value > 0xFF) {
      throw new IllegalStateException("not a byte: " + value);
    }
  }

  /**
   * What an input has come to, for a test that wants to know whether inputs come to anything.
   *
   * @param served chains that the device gave back since it was started last
   * @param broken how often it needed a reset
   */
  record Outcome(int served, int broken) {}

  /** {@link #fuzzerTestOneInput}, with what came of it. */
  static Outcome outcome(byte[] input) {
    return new VirtioFuzz(input).run();
  }

  private Outcome run() {
    int choice = next();
    VirtioDevice<?> device = device(choice);
    device.reset();
    VirtioDriver driver = new VirtioDriver(device, memory);
    List<IoRegion> bars = device.windows().stream().map(w -> w.bar().region()).toList();
    long features =
        VirtioDriver.VERSION_1
            | ((choice & 4) != 0 ? VirtioDriver.INDIRECT : 0)
            | ((choice & 8) != 0 ? VirtioDriver.EVENT_IDX : 0);
    driver.start(features);
    int broken = 0;
    while (at < bytes.length) {
      step(device, driver, bars);
      if ((device.status() & NEEDS_RESET) != 0) {
        broken++;
        driver.start(features);
        device.configuration().write(4, 2, 6);
      }
    }
    VirtioDevice.Transport saved = device.saveTransport();
    return new Outcome(saved.queues().stream().mapToInt(Virtqueue.State::nextUsed).sum(), broken);
  }

  private void step(VirtioDevice<?> device, VirtioDriver driver, List<IoRegion> bars) {
    int choice = next();
    switch (choice & 15) {
      case 0, 1, 2 -> descriptor(driver, choice);
      case 3, 4 -> driver.offer(choice >>> 4 & 1, next() % (VirtioDriver.SIZE + 1));
      case 5 -> driver.availableIndex(choice >>> 4 & 1, next());
      case 6, 7 -> driver.notifyQueue(choice >>> 4 & 1);
      case 8 -> memory.write(next(2) % (MEMORY - 8), 8, next(8));
      case 9 -> request(choice);
      case 10, 11 -> advance(device);
      case 12 -> bars.get(choice >>> 4 & 1).write(next(2) & 0xFFF, size(choice), next(4));
      case 13 -> read(bars.get(choice >>> 4 & 1), (int) next(2) & 0xFFF, size(choice));
      case 14 -> device.configuration().write(next(), size(choice), next(4));
      default -> {
        if (device instanceof InputReceiver receiver) {
          receiver.input(new Input.SerialByte("dut", next()));
        } else {
          read(device.configuration(), next(), size(choice));
        }
      }
    }
  }

  private static int size(int choice) {
    return 1 << (choice >>> 6 & 3);
  }

  /** A descriptor in a table of a queue, or in one that may be an indirect table. */
  private void descriptor(VirtioDriver driver, int choice) {
    long table = new long[] {0, 0x1000, 0x7000, 0x7100}[choice >>> 4 & 3];
    int kind = next();
    long address =
        switch (kind & 7) {
          case 0 -> next(8);
          case 1 -> 0x7000;
          case 2 -> 0x7100;
          // rings as buffers
          case 3 -> next(2) & 0x1FFF;
          default -> 0x4000 + 16L * (next() & 15);
        };
    int length = (kind & 8) != 0 ? LENGTHS[next() % LENGTHS.length] : next();
    driver.descriptor(table, next() & 15, address, length, kind >>> 4 & 7, next() % 17);
  }

  /** A header of a block request. */
  private void request(int choice) {
    long header = 0x4000 + 16L * (choice >>> 4);
    memory.write(header, 4, next() % 10);
    memory.write(header + 8, 8, (byte) next());
  }

  private static void read(IoRegion region, int offset, int size) {
    long shown = region.peek(offset, size);
    long value = region.read(offset, size);
    if (value != shown) {
      throw new IllegalStateException("peek shows " + shown + ", read gives " + value);
    }
  }

  private void advance(VirtioDevice<?> device) {
    rig.advance(device, next(3), MOST_DEADLINES);
    int queues = device.queues();
    for (Deadlines.Deadline d : rig.pending().pending()) {
      if (d.kind() < 0 || d.kind() >= queues) {
        throw new IllegalStateException("a deadline of nobody: " + d);
      }
    }
  }
}
