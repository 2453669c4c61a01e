package dev.hindsight.bus;

/**
 * Where a chip writes the messages by which it interrupts: a PCI function with MSI or MSI-X, a
 * timer of an HPET. To the chip a message is a memory write of four bytes.
 */
@FunctionalInterface
public interface MessageSink {
  /**
   * Sends a message.
   *
   * @param address physical address that the guest gave; any value
   * @param data what is written there; any value
   */
  void send(long address, int data);
}
