package dev.hindsight.x86.assembler;

/** Bytes that are the same wherever they stand. */
record FixedBytes(byte[] bytes) implements Statement {
  @Override
  public byte[] at(long address) {
    return bytes;
  }
}
