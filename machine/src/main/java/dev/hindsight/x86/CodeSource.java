package dev.hindsight.x86;

/** Where the decoder gets the bytes of an instruction from. */
@FunctionalInterface
public interface CodeSource {
  /**
   * A byte of the instruction.
   *
   * <p>The decoder asks for offsets 0, 1, 2… in this order, each once, none beyond 14, and none
   * that the instruction does not have.
   *
   * @param offset distance from the first byte of the instruction
   * @return the byte, 0 to 255, or a negative value if it cannot be fetched
   */
  int byteAt(int offset);
}
