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

  /**
   * A key went down or up.
   *
   * @param device name of the keyboard's controller
   * @param code the key's make code in scan-code set 2: 01h to 84h, or E000h plus that if it has
   *     the prefix E0h, or E11477h for Pause
   * @param pressed whether it went down
   */
  record Key(String device, int code, boolean pressed) implements Input {}

  /**
   * A mouse moved, its wheel turned, or its buttons changed.
   *
   * @param device name of the mouse's controller
   * @param dx counts to the right
   * @param dy counts away from the person, which is up on the screen
   * @param wheel detents towards the person, which is down on the screen
   * @param buttons what is pressed now: bit 0 left, bit 1 right, bit 2 middle
   */
  record MouseMotion(String device, int dx, int dy, int wheel, int buttons) implements Input {}

  /** The person pressed the power button: a request to the system, unlike {@link PowerOff}. */
  record PowerButton() implements Input {}
}
