package dev.hindsight.bus;

/**
 * Something that comes from outside and cannot be computed. Inputs reach the machine through {@link
 * World} only, and are written to the recording.
 */
public sealed interface Input {
  /**
   * A byte on a serial line, fully received.
   *
   * @param device name of the device that receives it
   * @param value 0 to 255
   */
  record SerialByte(String device, int value) implements Input {}

  /**
   * The machine lags behind the wall clock: time moves on without anything being executed, but not
   * past the next deadline.
   *
   * @param ticks by how many ticks at most, at least 1
   */
  record ClockAdvance(long ticks) implements Input {}

  /** The person pressed the reset button. */
  record Reset() implements Input {}

  /** The person cut the power. */
  record PowerOff() implements Input {}
}
