package dev.hindsight.device.apic;

import java.util.Arrays;

/** The entries of the local vector table, in the order of their registers from 320h. */
final class LocalVectorTable {
  static final int TIMER = 0;
  static final int THERMAL = 1;
  static final int PERFORMANCE = 2;
  static final int LINT0 = 3;
  static final int LINT1 = 4;
  static final int ERROR = 5;
  static final int ENTRIES = 6;

  static final int MASKED = 1 << 16;
  static final int LEVEL = 1 << 15;
  static final int REMOTE_IRR = 1 << 14;

  static final int FIXED = 0;
  static final int NMI = 4;
  static final int EXTINT = 7;

  private static final int VECTOR = 0xFF;
  private static final int DELIVERY = 7 << 8;
  private static final int TIMER_MODE = 3 << 17;
  private static final int DELIVERY_STATUS = 1 << 12;
  private static final int POLARITY = 1 << 13;

  private final int[] entries = new int[ENTRIES];

  void reset() {
    Arrays.fill(entries, MASKED);
  }

  int get(int n) {
    return entries[n];
  }

  /** Writes an entry; bits that it does not have stay 0, and remote IRR is read-only. */
  void set(int n, int value) {
    int next = value & writable(n);
    entries[n] = (next & LEVEL) != 0 ? next | (entries[n] & REMOTE_IRR) : next;
  }

  private static int writable(int n) {
    return switch (n) {
      case TIMER -> VECTOR | MASKED | TIMER_MODE;
      case ERROR -> VECTOR | MASKED;
      case LINT0, LINT1 -> VECTOR | DELIVERY | POLARITY | LEVEL | MASKED;
      default -> VECTOR | DELIVERY | MASKED;
    };
  }

  /** Bits that an entry has, read-only ones included. */
  static int defined(int n) {
    int line = n == LINT0 || n == LINT1 ? REMOTE_IRR : 0;
    return writable(n) | line | DELIVERY_STATUS;
  }

  /** Whether a level-triggered interrupt was accepted and its end has not come. */
  boolean isRemoteIrr(int n) {
    return (entries[n] & REMOTE_IRR) != 0;
  }

  void remoteIrr(int n, boolean value) {
    entries[n] = value ? entries[n] | REMOTE_IRR : entries[n] & ~REMOTE_IRR;
  }

  /** Masks an entry. */
  void mask(int n) {
    entries[n] |= MASKED;
  }

  /** Masks all, as a software disable does. */
  void maskAll() {
    for (int n = 0; n < ENTRIES; n++) {
      entries[n] |= MASKED;
    }
  }

  boolean isMasked(int n) {
    return (entries[n] & MASKED) != 0;
  }

  int vector(int n) {
    return entries[n] & VECTOR;
  }

  int delivery(int n) {
    return entries[n] >>> 8 & 7;
  }

  boolean isLevel(int n) {
    return (entries[n] & LEVEL) != 0;
  }

  int timerMode() {
    int mode = entries[TIMER] >>> 17 & 3;
    return mode == 3 ? ApicTimer.ONE_SHOT : mode;
  }

  int[] save() {
    return entries.clone();
  }

  void load(int[] saved) {
    System.arraycopy(saved, 0, entries, 0, ENTRIES);
  }
}
