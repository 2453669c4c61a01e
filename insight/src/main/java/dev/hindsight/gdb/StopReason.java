package dev.hindsight.gdb;

import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import java.util.OptionalInt;

/** Why a target that was resumed has stopped. */
public sealed interface StopReason {
  /**
   * A vCPU is about to execute an instruction at a breakpoint.
   *
   * @param vcpu its number
   * @param linear linear address of the instruction
   */
  record Breakpoint(int vcpu, long linear) implements StopReason {}

  /**
   * Memory was accessed.
   *
   * @param vcpu number of the vCPU that did it, or -1 for a device
   * @param range which range was watched
   * @param linear linear address of the first byte that was accessed
   */
  record Watchpoint(int vcpu, Stops.Range range, long linear) implements StopReason {}

  /**
   * A vCPU has made the step that was asked for.
   *
   * @param vcpu its number
   */
  record Stepped(int vcpu) implements StopReason {}

  /** The debugger said so, or has gone. */
  record Interrupted() implements StopReason {}

  /** There is nothing before this instant: it is power-on. */
  record Beginning() implements StopReason {}

  /** There is nothing after this instant: the recording ends here. */
  record End() implements StopReason {}

  /**
   * A live machine cannot go on.
   *
   * @param outcome how it ended
   * @param exitCode what the guest said as it ended, if it said something
   */
  record Over(Outcome outcome, OptionalInt exitCode) implements StopReason {}
}
