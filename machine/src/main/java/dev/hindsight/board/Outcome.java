package dev.hindsight.board;

/** Why {@link Machine#run} returned. */
public enum Outcome {
  /** Time has come as far as it was to. */
  LIMIT,
  /** All vCPUs are halted, there is no deadline, and no input will ever come. */
  IDLE,
  /** The machine is switched off. */
  POWERED_OFF,
  /** A fault while a double fault was delivered: a vCPU is in shutdown. */
  TRIPLE_FAULT,
  /**
   * A chip asked for a reset, which has not happened yet: it is the first thing that the next run
   * does.
   */
  RESET,
  /** A stop was hit. */
  STOP;

  /** Whether nothing can happen any more without somebody at the host. */
  public boolean isFinal() {
    return this == IDLE || this == POWERED_OFF || this == TRIPLE_FAULT;
  }
}
