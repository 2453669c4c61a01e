package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;

/**
 * A fault after the point of no return of a task switch: it belongs to the new task, and the
 * instruction or event that led there is over.
 */
final class FaultInNewTask extends Exception {
  private static final long serialVersionUID = 1;

  private final GuestFault fault;

  FaultInNewTask(GuestFault fault) {
    super(null, fault, false, false);
    this.fault = fault;
  }

  /** The fault, to be delivered in the new task's context. */
  GuestFault fault() {
    return fault;
  }
}
