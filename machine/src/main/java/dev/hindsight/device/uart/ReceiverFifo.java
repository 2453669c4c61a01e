package dev.hindsight.device.uart;

import java.util.Arrays;

/** The receiver FIFO. With FIFOs disabled its first place is the holding register. */
final class ReceiverFifo {
  /** Bytes that it holds. */
  static final int DEPTH = 16;

  private final byte[] bytes = new byte[DEPTH];
  private int first;
  private int size;

  void clear() {
    first = 0;
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** Adds a byte; there must be room. */
  void put(int value) {
    bytes[(first + size) % DEPTH] = (byte) value;
    size++;
  }

  /** The oldest byte, or 0. */
  int peek() {
    return size == 0 ? 0 : bytes[first] & 0xFF;
  }

  /** Removes the oldest byte, if there is one. */
  void take() {
    if (size > 0) {
      first = (first + 1) % DEPTH;
      size--;
    }
  }

  byte[] save() {
    byte[] all = new byte[size];
    for (int i = 0; i < size; i++) {
      all[i] = bytes[(first + i) % DEPTH];
    }
    return all;
  }

  void load(byte[] saved) {
    clear();
    size = Math.min(saved.length, DEPTH);
    System.arraycopy(saved, 0, bytes, 0, size);
    Arrays.fill(bytes, size, DEPTH, (byte) 0);
  }
}
