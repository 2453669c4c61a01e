package dev.hindsight.cpu;

/** Why {@link Engine#run} returned. */
public enum RunExit {
  /** The budget is used up. */
  BUDGET,
  /** HLT or MWAIT: nothing to do until an event. */
  HALTED,
  /** Somebody called {@link Vcpu#endRun()}: a device needs the board's attention. */
  ATTENTION,
  /** A stop was hit, before the instruction or after the access, as {@link Stops} says. */
  STOP,
  /** A fault while a double fault was delivered: the CPU is in shutdown. */
  TRIPLE_FAULT
}
