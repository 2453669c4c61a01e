package dev.hindsight.cli.guest;

import java.io.IOException;

/** A guest cannot be had; the message is a sentence for people that names the remedy. */
public final class GuestException extends IOException {
  /** With a whole sentence. */
  public GuestException(String sentence) {
    super(sentence);
  }

  /** With a whole sentence, and what led to it. */
  public GuestException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
