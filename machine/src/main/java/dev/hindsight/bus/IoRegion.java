package dev.hindsight.bus;

/**
 * A range of registers, in port or memory space. The device sees offsets; the board knows where the
 * range lies.
 *
 * <p>No value that a guest writes, and no offset and size within the range, may make a method
 * throw.
 */
public interface IoRegion {
  /**
   * Reads as the guest does, side effects included.
   *
   * @param offset offset in bytes within the range
   * @param bytes 1, 2, 4 or 8
   * @return the value, zero-extended
   */
  long read(long offset, int bytes);

  /** What {@link #read} would return, without any side effect. */
  long peek(long offset, int bytes);

  /**
   * Writes as the guest does.
   *
   * @param offset offset in bytes within the range
   * @param bytes 1, 2, 4 or 8
   * @param value the value; bits above {@code bytes} are to be ignored
   */
  void write(long offset, int bytes, long value);
}
