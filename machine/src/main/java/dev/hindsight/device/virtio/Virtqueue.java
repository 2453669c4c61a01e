package dev.hindsight.device.virtio;

import org.jspecify.annotations.Nullable;

/** A split virtqueue (virtio 1.2, 2.7). */
final class Virtqueue {
  /** The vector that stands for none. */
  static final int NO_VECTOR = 0xFFFF;

  private static final int DESCRIPTOR = 16;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;
  private static final int NO_INTERRUPT = 1;

  /** Offset of the ring within the available and the used ring, after flags and index. */
  private static final int RING = 4;

  private static final int USED_ELEMENT = 8;
  private static final int INDEX = 0xFFFF;

  private final GuestBytes bytes;
  private final int most;

  private int size;
  private boolean enabled;
  private int vector;
  private long descriptors;
  private long driver;
  private long device;
  private int nextAvailable;
  private int nextUsed;
  private int signalled;
  private boolean scheduled;
  private int served;
  private long moved;
  private long busyUntil;

  /**
   * A queue.
   *
   * @param most its largest size, a power of two; also the length of the longest chain
   */
  Virtqueue(GuestBytes bytes, int most) {
    this.bytes = bytes;
    this.most = most;
    reset();
  }

  /**
   * The whole state.
   *
   * @param size number of descriptors in the table
   * @param vector MSI-X vector, or {@link #NO_VECTOR}
   * @param descriptors physical address of the descriptor table
   * @param driver physical address of the available ring
   * @param device physical address of the used ring
   * @param nextAvailable position in the available ring, modulo 2^16
   * @param nextUsed position in the used ring, modulo 2^16
   * @param signalled position in the used ring up to which it was decided whether to interrupt
   * @param scheduled whether the device has a deadline for it
   * @param served chains served at the present deadline, if that was broken off
   * @param moved bytes moved at the present deadline, if that was broken off
   * @param busyUntil tick before which it does not begin anything
   */
  record State(
      int size,
      boolean enabled,
      int vector,
      long descriptors,
      long driver,
      long device,
      int nextAvailable,
      int nextUsed,
      int signalled,
      boolean scheduled,
      int served,
      long moved,
      long busyUntil) {}

  void reset() {
    load(new State(most, false, NO_VECTOR, 0, 0, 0, 0, 0, 0, false, 0, 0, 0));
  }

  State save() {
    return new State(
        size,
        enabled,
        vector,
        descriptors,
        driver,
        device,
        nextAvailable,
        nextUsed,
        signalled,
        scheduled,
        served,
        moved,
        busyUntil);
  }

  void load(State state) {
    size = state.size();
    enabled = state.enabled();
    vector = state.vector();
    descriptors = state.descriptors();
    driver = state.driver();
    device = state.device();
    nextAvailable = state.nextAvailable();
    nextUsed = state.nextUsed();
    signalled = state.signalled();
    scheduled = state.scheduled();
    served = state.served();
    moved = state.moved();
    busyUntil = state.busyUntil();
  }

  // ---- set up by the driver

  int size() {
    return size;
  }

  /** Sets the size, if it can be that. */
  void size(int value) {
    if (!enabled && value > 0 && value <= most && Integer.bitCount(value) == 1) {
      size = value;
    }
  }

  boolean enabled() {
    return enabled;
  }

  /** Enables the queue; only a reset disables it again. */
  void enable() {
    enabled = true;
  }

  int vector() {
    return vector;
  }

  void vector(int value) {
    vector = value;
  }

  long descriptors() {
    return descriptors;
  }

  void descriptors(long address) {
    descriptors = enabled ? descriptors : address;
  }

  long driver() {
    return driver;
  }

  void driver(long address) {
    driver = enabled ? driver : address;
  }

  long device() {
    return device;
  }

  void device(long address) {
    device = enabled ? device : address;
  }

  // ---- time

  boolean scheduled() {
    return scheduled;
  }

  void scheduled(boolean value) {
    scheduled = value;
  }

  /** Whether enough was done at the present deadline. */
  boolean isBatchFull(long mostBytes) {
    return served >= size || moved >= mostBytes;
  }

  /** Bytes moved at the present deadline, which is over. */
  long endBatch() {
    long bytesMoved = moved;
    served = 0;
    moved = 0;
    return bytesMoved;
  }

  long busyUntil() {
    return busyUntil;
  }

  void busyUntil(long tick) {
    busyUntil = tick;
  }

  // ---- rings

  /** Number of chains that the driver has made available. */
  int waiting() {
    return bytes.get16(driver + 2) - nextAvailable & INDEX;
  }

  /**
   * The next chain that the driver has made available; {@link #use} takes it. Null if there is
   * none.
   */
  @Nullable DescriptorChain next(boolean indirect) throws BadRingException {
    int waiting = waiting();
    if (waiting > size) {
      throw new BadRingException("more is available than fits into the ring");
    }
    if (waiting == 0) {
      return null;
    }
    int head = bytes.get16(driver + RING + 2L * (nextAvailable & size - 1));
    DescriptorChain chain = new DescriptorChain(bytes.memory(), head, most);
    walk(chain, descriptors, size, head, indirect);
    return chain;
  }

  private void walk(DescriptorChain chain, long table, int entries, int first, boolean indirect)
      throws BadRingException {
    int index = first;
    // each round but the last adds a buffer, and a chain takes only so many
    while (true) {
      if (index >= entries) {
        throw new BadRingException("there is no such descriptor");
      }
      long at = table + (long) DESCRIPTOR * index;
      long address = bytes.get(at, 8);
      long length = bytes.get(at + 8, 4);
      int flags = bytes.get16(at + 12);
      if ((flags & INDIRECT) != 0) {
        if (!indirect || (flags & NEXT) != 0 || length == 0 || length % DESCRIPTOR != 0) {
          throw new BadRingException("there must not be such an indirect table");
        }
        walk(chain, address, (int) Math.min(length / DESCRIPTOR, INDEX + 1), 0, false);
        return;
      }
      chain.add(address, length, (flags & WRITE) != 0);
      if ((flags & NEXT) == 0) {
        return;
      }
      index = bytes.get16(at + 14);
    }
  }

  /**
   * Gives the next chain back.
   *
   * @param written bytes that were written, from its first writable one on
   */
  void use(DescriptorChain chain, long written) {
    long element = device + RING + (long) USED_ELEMENT * (nextUsed & size - 1);
    bytes.put(element, 8, written << 32 | chain.head());
    served++;
    moved += chain.moved();
    nextAvailable = nextAvailable + 1 & INDEX;
    nextUsed = nextUsed + 1 & INDEX;
    bytes.put(device + 2, 2, nextUsed);
  }

  /** Asks the driver for a notification when it makes more available than it has. */
  void wantNotification(boolean eventIndex) {
    if (eventIndex) {
      bytes.put(device + RING + (long) USED_ELEMENT * size, 2, nextAvailable);
    }
  }

  /**
   * Whether the driver wants to be told of what was used since the last call (virtio 1.2, 2.7.7).
   */
  boolean takeInterrupt(boolean eventIndex) {
    int since = nextUsed - signalled & INDEX;
    signalled = nextUsed;
    if (since == 0) {
      return false;
    }
    if (!eventIndex) {
      return (bytes.get16(driver) & NO_INTERRUPT) == 0;
    }
    int event = bytes.get16(driver + RING + 2L * size);
    return (nextUsed - event - 1 & INDEX) < since;
  }
}
