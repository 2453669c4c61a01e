package dev.hindsight.bus;

import java.util.Optional;

/**
 * A message between APICs: an interprocessor interrupt, or an interrupt from an I/O APIC or a
 * device (SDM volume 3, "Issuing Interprocessor Interrupts" and "Message Signalled Interrupts").
 *
 * @param mode what it is to do
 * @param vector 0 to 255
 * @param target how {@code destination} is to be understood
 * @param destination APIC ID or logical destination, by {@code target}; 0 if that needs none
 * @param level whether a level-triggered interrupt is meant
 * @param asserted the level; INIT with a level of false is the de-assert that does nothing today
 * @param sender APIC ID of the sending local APIC, or -1 if it is none
 */
public record ApicMessage(
    Mode mode,
    int vector,
    Target target,
    int destination,
    boolean level,
    boolean asserted,
    int sender) {

  /** Delivery mode. */
  public enum Mode {
    FIXED,
    LOWEST_PRIORITY,
    SMI,
    NMI,
    INIT,
    STARTUP,
    EXTINT;

    /**
     * What a delivery-mode field means; interrupt commands, redirection tables, and the data of
     * message-signalled interrupts have the same.
     *
     * @param field its value; bits above the lowest three are ignored
     * @return empty for the reserved value 3
     */
    public static Optional<Mode> ofField(int field) {
      return switch (field & 7) {
        case 0 -> Optional.of(FIXED);
        case 1 -> Optional.of(LOWEST_PRIORITY);
        case 2 -> Optional.of(SMI);
        case 4 -> Optional.of(NMI);
        case 5 -> Optional.of(INIT);
        case 6 -> Optional.of(STARTUP);
        case 7 -> Optional.of(EXTINT);
        default -> Optional.empty();
      };
    }
  }

  /** Whom it reaches. */
  public enum Target {
    /** The local APIC with an ID; 0xFF is all of them. */
    PHYSICAL,
    /** Those that find themselves in a logical destination. */
    LOGICAL,
    /** All. */
    ALL,
    /** All but the sender. */
    ALL_BUT_SENDER
  }
}
