package dev.hindsight.storage;

/** An image holds only the blocks that a recorded run read, and another one was asked for. */
public final class AbsentBlockException extends StorageException {
  private static final long serialVersionUID = 1;

  /** With a sentence that names the image and the block. */
  public AbsentBlockException(String message) {
    super(message);
  }
}
