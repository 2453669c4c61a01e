package dev.hindsight.storage;

/**
 * The host could not read or write what a disk consists of. The guest never hears of it: the
 * machine stops before the request has changed anything, and can go on from there.
 */
public class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param message one sentence
   * @param cause what the host said
   */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A failure without a cause of its own.
   *
   * @param message one sentence
   */
  public StorageException(String message) {
    super(message);
  }
}
