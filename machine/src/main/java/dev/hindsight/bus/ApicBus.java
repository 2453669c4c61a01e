package dev.hindsight.bus;

/**
 * What carries messages between APICs. With one vCPU they arrive at once; with several they arrive
 * at the end of the quantum in which they were sent, in the order in which they were sent.
 */
public interface ApicBus {
  /** Sends a message. What an APIC sends to itself alone it can as well do itself, at once. */
  void send(ApicMessage message);

  /** A local APIC on the bus. */
  interface Receiver {
    /** Whether a message is meant for this one. */
    boolean accepts(ApicMessage message);

    /**
     * How busy it is: a message of lowest-priority delivery goes to the one where this is lowest,
     * and among equals to the one that was attached first.
     */
    int arbitrationPriority();

    /** Takes a message that it accepts. */
    void receive(ApicMessage message);
  }
}
