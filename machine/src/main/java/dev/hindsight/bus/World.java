package dev.hindsight.bus;

import org.jspecify.annotations.Nullable;

/**
 * Everything outside the machine: the one door for inputs.
 *
 * <p>A live world hands over what a person or a network sends; a replaying one reads the log. The
 * machine cannot tell the difference, and asks both in the same way: at instants between steps it
 * {@linkplain #poll polls}, once for each tick, until there is nothing more.
 */
public interface World {
  /** The tick of an input that never comes. */
  long NEVER = Long.MAX_VALUE;

  /** A world in which nobody is. */
  World EMPTY =
      new World() {
        @Override
        public long nextInput() {
          return NEVER;
        }

        @Override
        public @Nullable Input poll(long now) {
          return null;
        }

        @Override
        public long idle(long now, long limit) {
          return limit;
        }

        @Override
        public boolean isOver() {
          return true;
        }
      };

  /** The tick of the next input as far as it is known in advance, or {@link #NEVER}. */
  long nextInput();

  /**
   * Takes the next input that is due.
   *
   * @param now the tick at which it is delivered
   * @return the input, or null if none is due
   */
  @Nullable Input poll(long now);

  /**
   * All vCPUs are halted: how far may time jump? A world that is paced by the wall clock waits here
   * until that has come so far, or until somebody does something.
   *
   * @param now the present tick
   * @param limit the next deadline, or whatever else ends the jump; {@link #NEVER} if nothing does
   * @return at most {@code limit} and more than {@code now}; less than {@link #NEVER}
   */
  long idle(long now, long limit);

  /** Whether no input will ever come any more. */
  boolean isOver();
}
