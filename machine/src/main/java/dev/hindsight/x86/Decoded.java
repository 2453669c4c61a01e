package dev.hindsight.x86;

/** What the decoder makes of bytes. */
public sealed interface Decoded
    permits Instruction, Decoded.Invalid, Decoded.TooLong, Decoded.NeedsByte {

  /**
   * The bytes are no instruction: #UD.
   *
   * @param length how many bytes had to be read to know, 1 to 15
   */
  record Invalid(int length) implements Decoded {}

  /** The instruction would be longer than 15 bytes: #GP(0) (Intel SDM volume 3, section 6.15). */
  record TooLong() implements Decoded {}

  /**
   * The instruction has a byte that could not be fetched.
   *
   * @param offset distance of that byte from the first one, 0 to 14
   */
  record NeedsByte(int offset) implements Decoded {}
}
