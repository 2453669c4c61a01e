package dev.hindsight.storage;

/**
 * The host cannot give what a disk image holds. It stops the machine and never reaches the guest;
 * the message is one sentence for a person.
 */
public class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a sentence that names the image and says what is wrong. */
  public StorageException(String message) {
    super(message);
  }
}
