package dev.hindsight.device.virtio;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.pci.BarWindow;
import dev.hindsight.bus.pci.PciFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A driver as the specification describes it (virtio 1.2, 3.1, 4.1 and 2.7), which knows of the
 * device only what its capabilities say. Memory is laid out for it: the rings of queue n are in 4
 * KiB at n * 4 KiB.
 */
public final class VirtioDriver {
  /** Acceptable feature bits by number. */
  public static final long VERSION_1 = 1L << 32;

  public static final long EVENT_IDX = 1L << 29;
  public static final long INDIRECT = 1L << 28;

  /** Size of the queues. */
  public static final int SIZE = 16;

  private static final int AVAILABLE = 0x800;
  private static final int USED = 0xA00;
  private static final long BASE = 0xE000_0000L;

  /** A descriptor: a buffer. */
  public record Buffer(long address, int length, boolean writable) {}

  /** What the device has given back. */
  public record Used(int head, int length) {}

  private record Structure(IoRegion bar, long offset, long length) {
    long read(long at, int bytes) {
      return bar.read(offset + at, bytes);
    }

    void write(long at, int bytes, long value) {
      bar.write(offset + at, bytes, value);
    }
  }

  private final PciFunction function;
  private final PhysicalMemory memory;
  private final Map<Integer, Structure> structures = new TreeMap<>();
  private final int[] available = new int[4];
  private final int[] seen = new int[4];
  private final int[] free = new int[4];
  private final IoRegion table;
  private int notifyMultiplier;
  private int msiX;
  private int accessCapability;

  /** Finds the device's structures, and lets it decode its addresses and use DMA. */
  public VirtioDriver(PciFunction function, PhysicalMemory memory) {
    this.function = function;
    this.memory = memory;
    IoRegion space = function.configuration();
    space.write(0x10, 4, BASE);
    space.write(0x14, 4, BASE + 0x1000);
    space.write(0x04, 2, 6);
    List<BarWindow> windows = function.windows();
    table = windows.get(1).bar().region();
    for (int at = (int) space.read(0x34, 1); at != 0; at = (int) space.read(at + 1, 1)) {
      if (space.read(at, 1) == 0x11) {
        msiX = at;
      } else if (space.read(at, 1) == 9) {
        addStructure(space, at, windows);
      }
    }
  }

  private void addStructure(IoRegion space, int at, List<BarWindow> windows) {
    int type = (int) space.read(at + 3, 1);
    if (type == 5) {
      accessCapability = at;
      return;
    }
    int bar = (int) space.read(at + 4, 1);
    structures.put(
        type,
        new Structure(
            windows.get(bar).bar().region(), space.read(at + 8, 4), space.read(at + 12, 4)));
    if (type == 2) {
      notifyMultiplier = (int) space.read(at + 16, 4);
    }
  }

  private Structure structure(int type) {
    Structure s = structures.get(type);
    if (s == null) {
      throw new IllegalStateException("the device has no structure " + type);
    }
    return s;
  }

  /** Whether the device has a structure of a type. */
  public boolean has(int type) {
    return structures.containsKey(type);
  }

  /** Offset of the PCI configuration access capability. */
  public int accessCapability() {
    return accessCapability;
  }

  // ---- registers

  /** Reads a field of the common configuration. */
  public long common(int offset, int bytes) {
    return structure(1).read(offset, bytes);
  }

  /** Writes a field of the common configuration. */
  public void common(int offset, int bytes, long value) {
    structure(1).write(offset, bytes, value);
  }

  /** Reads and so clears the ISR status. */
  public int isr() {
    return (int) structure(3).read(0, 1);
  }

  /** Reads a field of the device-specific configuration. */
  public long device(int offset, int bytes) {
    return structure(4).read(offset, bytes);
  }

  public int status() {
    return (int) common(20, 1);
  }

  public void status(int value) {
    common(20, 1, value);
  }

  /** The features that the device offers. */
  public long offered() {
    common(0, 4, 0);
    long low = common(4, 4);
    common(0, 4, 1);
    return low | common(4, 4) << 32;
  }

  /** Enables MSI-X and sets a vector's message. */
  public void message(int vector, long address, int data) {
    table.write(16 * vector, 4, address);
    table.write(16 * vector + 4, 4, address >>> 32);
    table.write(16 * vector + 8, 4, data);
    table.write(16 * vector + 12, 4, 0);
    function.configuration().write(msiX + 2, 2, 0x8000);
  }

  /** Writes message control of MSI-X. */
  public void messageControl(int value) {
    function.configuration().write(msiX + 2, 2, value);
  }

  // ---- initialization

  /** Resets the device and accepts features; whether it agrees. */
  public boolean negotiate(long features) {
    status(0);
    status(1);
    status(3);
    common(8, 4, 0);
    common(12, 4, features);
    common(8, 4, 1);
    common(12, 4, features >>> 32);
    status(11);
    return (status() & 8) != 0;
  }

  /** Sets a queue up and enables it. */
  public void setUp(int queue, int vector) {
    long base = 0x1000L * queue;
    common(22, 2, queue);
    common(24, 2, SIZE);
    common(26, 2, vector);
    common(32, 4, base);
    common(36, 4, 0);
    common(40, 4, base + AVAILABLE);
    common(44, 4, 0);
    common(48, 4, base + USED);
    common(52, 4, 0);
    common(28, 2, 1);
    available[queue] = 0;
    seen[queue] = 0;
    free[queue] = 0;
  }

  /** Initializes the device with some features and all its queues, without MSI-X. */
  public void start(long features) {
    if (!negotiate(features)) {
      throw new IllegalStateException("features refused");
    }
    for (int q = 0; q < common(18, 2); q++) {
      setUp(q, 0xFFFF);
    }
    status(15);
  }

  // ---- rings

  /** Writes a descriptor into a table. */
  public void descriptor(long table, int index, long address, int length, int flags, int next) {
    long at = table + 16L * index;
    memory.write(at, 8, address);
    memory.write(at + 8, 4, length);
    memory.write(at + 12, 2, flags);
    memory.write(at + 14, 2, next);
  }

  private static int flags(Buffer[] buffers, int n) {
    return (n + 1 < buffers.length ? 1 : 0) | (buffers[n].writable() ? 2 : 0);
  }

  /** Makes a chain available; its head. */
  public int add(int queue, Buffer... buffers) {
    int head = free[queue];
    for (int i = 0; i < buffers.length; i++) {
      int index = (head + i) % SIZE;
      descriptor(
          0x1000L * queue,
          index,
          buffers[i].address(),
          buffers[i].length(),
          flags(buffers, i),
          (index + 1) % SIZE);
    }
    free[queue] = (head + buffers.length) % SIZE;
    offer(queue, head);
    return head;
  }

  /** Makes a chain available through an indirect table. */
  public int addIndirect(int queue, long table, Buffer... buffers) {
    for (int i = 0; i < buffers.length; i++) {
      descriptor(table, i, buffers[i].address(), buffers[i].length(), flags(buffers, i), i + 1);
    }
    int head = free[queue];
    descriptor(0x1000L * queue, head, table, 16 * buffers.length, 4, 0);
    free[queue] = (head + 1) % SIZE;
    offer(queue, head);
    return head;
  }

  /** Puts a head into the available ring. */
  public void offer(int queue, int head) {
    long ring = 0x1000L * queue + AVAILABLE;
    memory.write(ring + 4 + 2L * (available[queue] % SIZE), 2, head);
    availableIndex(queue, ++available[queue]);
  }

  /** Sets the index of the available ring. */
  public void availableIndex(int queue, int value) {
    memory.write(0x1000L * queue + AVAILABLE + 2, 2, value);
  }

  /** Sets the flags of the available ring. */
  public void availableFlags(int queue, int value) {
    memory.write(0x1000L * queue + AVAILABLE, 2, value);
  }

  /** Asks for an interrupt when the used ring gets beyond an index. */
  public void usedEvent(int queue, int value) {
    memory.write(0x1000L * queue + AVAILABLE + 4 + 2 * SIZE, 2, value);
  }

  /** The index of the available ring from which on the device wants notifications. */
  public int availableEvent(int queue) {
    return (int) memory.read(0x1000L * queue + USED + 4 + 8 * SIZE, 2);
  }

  /** Notifies the device. */
  public void notifyQueue(int queue) {
    common(22, 2, queue);
    structure(2).write(common(30, 2) * notifyMultiplier, 2, queue);
  }

  /** What the device has given back since the last call. */
  public List<Used> used(int queue) {
    long ring = 0x1000L * queue + USED;
    List<Used> all = new ArrayList<>();
    while (seen[queue] != memory.read(ring + 2, 2)) {
      long at = ring + 4 + 8L * (seen[queue] % SIZE);
      all.add(new Used((int) memory.read(at, 4), (int) memory.read(at + 4, 4)));
      seen[queue] = seen[queue] + 1 & 0xFFFF;
    }
    return all;
  }
}
