package dev.hindsight.device.i8042;

import java.util.Arrays;

/** Bytes that wait to be sent. */
final class ByteQueue {
  private final int capacity;
  private byte[] bytes = {};

  ByteQueue(int capacity) {
    this.capacity = capacity;
  }

  byte[] save() {
    return bytes.clone();
  }

  void load(byte[] saved) {
    bytes = saved.clone();
  }

  void clear() {
    bytes = new byte[0];
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  /** How many more bytes fit. */
  int room() {
    return capacity - bytes.length;
  }

  /** Appends bytes, 0 to 255 each; those that do not fit are lost. */
  void put(int... values) {
    int at = bytes.length;
    bytes = Arrays.copyOf(bytes, Math.min(capacity, at + values.length));
    for (int i = 0; at + i < bytes.length; i++) {
      bytes[at + i] = (byte) values[i];
    }
  }

  /** Takes the oldest byte; there must be one. */
  int take() {
    int first = bytes[0] & 0xFF;
    bytes = Arrays.copyOfRange(bytes, 1, bytes.length);
    return first;
  }
}
