package dev.hindsight.bus;

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
    EXTINT
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
