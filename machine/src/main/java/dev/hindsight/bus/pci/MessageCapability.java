package dev.hindsight.bus.pci;

/** A capability through which a function signals interrupts by messages instead of its pin. */
interface MessageCapability {
  /** Whether messages are enabled; the pin is not used then. */
  boolean enabled();

  /** Configuration space was written: what was pending may go out now. */
  void written();
}
