package dev.hindsight.board;

/** Hears what a machine sends to the outside, when recording as when replaying. */
@FunctionalInterface
public interface OutputListener {
  /** Nobody listens. */
  OutputListener NONE = (device, value, tick) -> {};

  /**
   * A chip sent a byte.
   *
   * @param device its name
   * @param value 0 to 255
   * @param tick when
   */
  void output(String device, int value, long tick);
}
