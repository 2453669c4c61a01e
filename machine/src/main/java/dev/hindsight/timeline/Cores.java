package dev.hindsight.timeline;

import java.io.IOException;
import java.util.List;

/** Has several pieces of work done at once. What comes of them must not depend on their order. */
public interface Cores {
  /** A piece of work. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does all of them, and returns when none is being done any more.
   *
   * @param work the first is done by the thread that calls
   * @throws IOException what one of them has thrown; what is unchecked is thrown as well
   */
  void all(List<Work> work) throws IOException;
}
