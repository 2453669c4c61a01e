package dev.hindsight.bus;

/**
 * What chips can ask of the board as a whole. It happens after the current instruction, or with
 * several vCPUs at the end of the quantum.
 */
public interface SystemControl {
  /** Switches the machine off. */
  void powerOff();

  /**
   * Switches the machine off and keeps a code for the host.
   *
   * @param code what the guest has to say about how it went; any value
   */
  void exit(int code);

  /**
   * Resets all CPUs and chips. Memory stays, but for the images that were in it at power-on: what a
   * loader had put there, it puts there again.
   */
  void reset();

  /** Opens or closes the A20 gate, at once. */
  void a20(boolean open);
}
