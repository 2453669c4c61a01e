package dev.hindsight.device.virtio;

/** A driver has put into a ring what must not be there. */
final class BadRingException extends Exception {
  private static final long serialVersionUID = 1;

  /** A guest can have as many of these as it likes, so they carry no stack trace. */
  BadRingException(String message) {
    super(message, null, false, false);
  }
}
