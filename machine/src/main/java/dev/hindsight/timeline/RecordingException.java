package dev.hindsight.timeline;

import java.io.IOException;

/** A recording that cannot be read or written. The message is one sentence for a person. */
public final class RecordingException extends IOException {
  private static final long serialVersionUID = 1;

  /** With a sentence that says what is wrong. */
  public RecordingException(String message) {
    super(message);
  }
}
