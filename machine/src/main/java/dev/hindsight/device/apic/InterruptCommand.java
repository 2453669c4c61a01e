package dev.hindsight.device.apic;

import dev.hindsight.bus.ApicMessage;
import java.util.Optional;

/**
 * A value of the interrupt command register (SDM volume 3, section "Interrupt Command Register").
 *
 * @param value both halves
 * @param x2apic whether the destination has 32 bits, or the upper eight
 */
record InterruptCommand(long value, boolean x2apic) {
  private static final int LOWEST_LEGAL_VECTOR = 16;
  private static final int LOGICAL = 1 << 11;
  private static final int ASSERT = 1 << 14;
  private static final int LEVEL = 1 << 15;

  private static final int SELF = 1;
  private static final int ALL = 2;
  private static final int ALL_BUT_SELF = 3;

  int vector() {
    return (int) value & 0xFF;
  }

  /** What it is to do; empty if that is reserved, or is not for processors to send. */
  Optional<ApicMessage.Mode> mode() {
    return ApicMessage.Mode.ofField((int) value >>> 8).filter(m -> m != ApicMessage.Mode.EXTINT);
  }

  /** Whether it asks for a vector that no interrupt can have. */
  boolean hasIllegalVector() {
    return vector() < LOWEST_LEGAL_VECTOR
        && mode()
            .filter(m -> m == ApicMessage.Mode.FIXED || m == ApicMessage.Mode.LOWEST_PRIORITY)
            .isPresent();
  }

  private int shorthand() {
    return (int) value >>> 18 & 3;
  }

  /** Whether it is addressed to the sender by the shorthand. */
  boolean isToSelf() {
    return shorthand() == SELF;
  }

  /**
   * The message that goes out on the bus.
   *
   * @param sender the ID of the local APIC
   */
  Optional<ApicMessage> message(int sender) {
    return mode()
        .map(m ->
            new ApicMessage(
                m,
                vector(),
                target(),
                destination(),
                m == ApicMessage.Mode.INIT && (value & LEVEL) != 0,
                (value & ASSERT) != 0,
                sender));
  }

  private ApicMessage.Target target() {
    return switch (shorthand()) {
      case ALL -> ApicMessage.Target.ALL;
      case ALL_BUT_SELF -> ApicMessage.Target.ALL_BUT_SENDER;
      default -> (value & LOGICAL) != 0 ? ApicMessage.Target.LOGICAL : ApicMessage.Target.PHYSICAL;
    };
  }

  private int destination() {
    return x2apic ? (int) (value >>> 32) : (int) (value >>> 56);
  }
}
