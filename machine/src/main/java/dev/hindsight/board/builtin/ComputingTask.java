package dev.hindsight.board.builtin;

/** A task that computes something again and again, and prints and passes on each result. */
interface ComputingTask {
  /** What its lines begin with. */
  String name();

  /**
   * Writes the code of one round. It finds the number of the round, from 1, in R13D, leaves its
   * result in RAX, and keeps R12, R13 and the stack.
   */
  void round();

  /** Writes routines that the round calls, to stand outside it. */
  default void routines() {}
}
