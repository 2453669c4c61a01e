package dev.hindsight.board.multiboot;

/**
 * A file that is loaded along with a kernel.
 *
 * @param string what the kernel is told of it: usually its name and arguments
 * @param contents its bytes
 */
public record BootModule(String string, byte[] contents) {
  /** Keeps a copy of the contents. */
  public BootModule {
    contents = contents.clone();
  }

  /** A copy of its bytes. */
  @Override
  public byte[] contents() {
    return contents.clone();
  }
}
