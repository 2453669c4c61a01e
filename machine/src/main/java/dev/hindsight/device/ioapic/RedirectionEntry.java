package dev.hindsight.device.ioapic;

import dev.hindsight.bus.ApicMessage;
import java.util.Optional;

/** An entry of the redirection table: what an I/O APIC sends for one of its pins. */
final class RedirectionEntry {
  private static final long DELIVERY_STATUS = 1 << 12;
  private static final long ACTIVE_LOW = 1 << 13;
  private static final long REMOTE_IRR = 1 << 14;
  private static final long LEVEL = 1 << 15;
  private static final long MASKED = 1 << 16;
  private static final long LOGICAL = 1 << 11;
  private static final int DESTINATION_SHIFT = 56;

  private static final long LOW_HALF = 0xFFFF_FFFFL;

  /** Vector, delivery mode, destination mode, polarity, trigger mode, mask; destination. */
  private static final long WRITABLE =
      0xFFL << DESTINATION_SHIFT | (0x1_FFFFL & ~(DELIVERY_STATUS | REMOTE_IRR));

  /** The sender of a message that no local APIC has sent. */
  private static final int NO_APIC = -1;

  private long bits = MASKED;

  void reset() {
    bits = MASKED;
  }

  long save() {
    return bits;
  }

  void load(long saved) {
    bits = saved;
  }

  /** Bits 31 to 0. Delivery status is always idle, for messages never wait here. */
  int low() {
    return (int) bits;
  }

  /** Bits 63 to 32. */
  int high() {
    return (int) (bits >>> 32);
  }

  /**
   * Writes the low half. Remote IRR goes if the entry becomes edge-triggered, which is how software
   * ends an interrupt of controllers that have no EOI register.
   */
  void low(int value) {
    long kept = (value & LEVEL) != 0 ? bits & REMOTE_IRR : 0;
    bits = (bits & ~LOW_HALF) | (value & LOW_HALF & WRITABLE) | kept;
  }

  void high(int value) {
    bits = (bits & LOW_HALF) | ((long) value << 32 & WRITABLE);
  }

  int vector() {
    return (int) bits & 0xFF;
  }

  private Optional<ApicMessage.Mode> mode() {
    return ApicMessage.Mode.ofField((int) bits >>> 8)
        .filter(mode -> mode != ApicMessage.Mode.STARTUP);
  }

  boolean isActiveLow() {
    return (bits & ACTIVE_LOW) != 0;
  }

  boolean isMasked() {
    return (bits & MASKED) != 0;
  }

  /**
   * Whether the pin's level counts. Only interrupts with a vector of their own can be such; the
   * other delivery modes are edges whatever is programmed.
   */
  boolean isLevelTriggered() {
    return (bits & LEVEL) != 0
        && mode()
            .filter(m -> m == ApicMessage.Mode.FIXED || m == ApicMessage.Mode.LOWEST_PRIORITY)
            .isPresent();
  }

  /** Whether a level-triggered interrupt was sent and its end has not come. */
  boolean isRemoteIrr() {
    return (bits & REMOTE_IRR) != 0;
  }

  void remoteIrr(boolean value) {
    bits = value ? bits | REMOTE_IRR : bits & ~REMOTE_IRR;
  }

  /** What is to be sent; empty if the delivery mode is reserved. */
  Optional<ApicMessage> message() {
    return mode()
        .map(mode ->
            new ApicMessage(
                mode,
                vector(),
                (bits & LOGICAL) != 0 ? ApicMessage.Target.LOGICAL : ApicMessage.Target.PHYSICAL,
                (int) (bits >>> DESTINATION_SHIFT),
                isLevelTriggered(),
                true,
                NO_APIC));
  }
}
