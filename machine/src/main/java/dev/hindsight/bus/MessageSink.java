package dev.hindsight.bus;

/** Takes message-signalled interrupts: writes of a device that are meant for a local APIC. */
@FunctionalInterface
public interface MessageSink {
  /** Messages vanish. */
  MessageSink NOWHERE = (address, data) -> {};

  /**
   * A device writes a doubleword (SDM volume 3, "Message Signalled Interrupts").
   *
   * @param address physical address, a multiple of 4
   * @param data the doubleword
   */
  void send(long address, int data);
}
