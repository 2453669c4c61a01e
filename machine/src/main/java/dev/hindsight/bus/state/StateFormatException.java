package dev.hindsight.bus.state;

/** Bytes that are not the saved state they should be. The message is one sentence for a person. */
public final class StateFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a sentence that says what is wrong. */
  public StateFormatException(String message) {
    super(message);
  }

  /** With a sentence that says what is wrong, and what it came from. */
  public StateFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
