package dev.hindsight.x86.assembler;

/** The offset of a label as a datum of 1, 2, 4 or 8 bytes. */
record LabelDatum(LabelOffset offset, long segmentBase, int size) implements Statement {
  @Override
  public byte[] at(long address) {
    long value = Layout.addressOf(offset.label(), address) - segmentBase + offset.addend();
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (value >> 8 * i);
    }
    return bytes;
  }
}
