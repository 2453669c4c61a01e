package dev.hindsight.gdb;

import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import dev.hindsight.timeline.Edit;
import java.io.IOException;
import java.util.List;

/** Drives a live machine; recording, pace and inputs are its business. */
public interface Runner {
  /**
   * Lets the machine run for a short while.
   *
   * @param ticks how long at most: that vCPUs execute, and that time passes
   * @param inclusive whether a stop at the instruction that is next counts
   * @return {@link Outcome#LIMIT} or {@link Outcome#STOP}, or what has ended the run
   * @throws IOException if the recording cannot be written; the message is a sentence
   */
  Outcome run(long ticks, Stops stops, boolean inclusive) throws IOException;

  /** Whether the run has ended, so that nothing runs any more. */
  boolean isOver();

  /**
   * Changes the machine between two steps; a recording of it knows.
   *
   * @throws IOException if the recording cannot be written; the message is a sentence
   * @throws IllegalArgumentException if one of the changes cannot be made; the message is a
   *     sentence
   */
  void change(List<Edit> edits) throws IOException;

  /** Ends the run soon: the power is cut as soon as the machine goes on. */
  void kill();
}
