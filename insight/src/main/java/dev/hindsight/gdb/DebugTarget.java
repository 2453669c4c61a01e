package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Stops;
import dev.hindsight.timeline.Edit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a debugger is attached to. The messages of the exceptions that it throws are sentences for
 * people.
 */
public interface DebugTarget {
  /** The machine as it is at the present, to be looked at. Ask anew after anything was done. */
  Machine machine();

  /** Whether time can go backwards. */
  boolean isReversible();

  /**
   * Whether it has gone on from an instant of its recording, and is what was not recorded there.
   */
  default boolean hasLeftRecording() {
    return false;
  }

  /** Whether nothing lies before the present, or nothing behind it. */
  Place place();

  /** Where the present is in all the time there is. */
  enum Place {
    BEGINNING,
    BETWEEN,
    END
  }

  /**
   * Lets time pass until something stops it.
   *
   * @param interruption is asked every now and then
   */
  StopReason resume(Direction direction, Stops stops, Interruption interruption) throws IOException;

  /**
   * Lets time pass until a vCPU has made one step: an instruction, an iteration of a repeated
   * string instruction, or the delivery of an interrupt or exception. Other vCPUs go on meanwhile
   * as the machine's schedule has it. What stops it can also be a breakpoint that another vCPU has
   * come to, or a watchpoint.
   *
   * @param vcpu its number
   * @param interruption is asked every now and then: a halted vCPU may make no step for long
   */
  StopReason step(Direction direction, int vcpu, Stops stops, Interruption interruption)
      throws IOException;

  /**
   * Goes to a tick: to the state before anything happens at it.
   *
   * @param interruption is asked every now and then; if it says so the target stays on its way
   * @throws IOException if there is no such instant
   */
  void seek(long tick, Interruption interruption) throws IOException;

  /**
   * Goes to where all vCPUs together have made so many steps, and the next would follow.
   *
   * @param interruption as for {@link #seek}
   * @throws IOException if there is no such instant
   */
  void seekStep(long steps, Interruption interruption) throws IOException;

  /**
   * Changes registers and memory between two steps.
   *
   * @return a sentence for the person, if there is something to know
   * @throws IOException if that must not be, or is not possible
   * @throws IllegalArgumentException if one of the changes cannot be made
   */
  Optional<String> change(List<Edit> edits) throws IOException;

  /** The debugger wants the target to end. */
  void kill();

  /** Asks whether a run is to stop. */
  @FunctionalInterface
  interface Interruption {
    /** Never stops a run. */
    Interruption NEVER = () -> false;

    boolean isInterrupted();
  }
}
