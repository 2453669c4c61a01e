package dev.hindsight.x86.assembler;

/** One line of a program: something that becomes bytes once it is known where it stands. */
interface Statement {
  /**
   * The bytes at an address, with the label addresses of the present layout. Their number may grow
   * from one layout to the next but never shrinks for another reason than the address.
   *
   * @param address linear address of the first byte
   */
  byte[] at(long address);
}
