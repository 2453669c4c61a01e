package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Operand;
import dev.hindsight.x86.RelativeOperand;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A relative branch to a label, short as long as the distance admits it. */
final class Branch implements Statement {
  private static final Set<WideField> SHORT = EnumSet.noneOf(WideField.class);
  private static final Set<WideField> NEAR = EnumSet.of(WideField.RELATIVE);

  private final EncodingRequest frame;
  private final Label label;
  private final boolean alwaysShort;
  private final int shortLength;
  // Once near it stays so, lest the layout swing.
  private boolean near;

  private Branch(EncodingRequest frame, Label label, boolean alwaysShort, boolean near) {
    this.frame = frame;
    this.label = label;
    this.alwaysShort = alwaysShort;
    this.near = near;
    this.shortLength = encode(0, near ? NEAR : SHORT).length;
  }

  static Branch shortest(EncodingRequest frame, Label label) {
    return new Branch(frame, label, false, false);
  }

  static Branch explicit(EncodingRequest frame, Label label, boolean near) {
    return new Branch(frame, label, !near, near);
  }

  @Override
  public byte[] at(long address) {
    long target = Layout.addressOf(label, address);
    if (!near) {
      long distance = target - (address + shortLength);
      byte[] bytes = distance == (byte) distance ? encode(distance, SHORT) : new byte[0];
      if (bytes.length == shortLength) {
        return bytes;
      }
      if (alwaysShort) {
        throw new IllegalArgumentException(
            frame.mnemonic()
                + " to "
                + label
                + " does not reach its target "
                + distance
                + " away.");
      }
      near = true;
    }
    int length = encode(0, NEAR).length;
    return encode(target - (address + length), NEAR);
  }

  private byte[] encode(long distance, Set<WideField> wide) {
    List<Operand> operands = List.of(new RelativeOperand(distance, 0));
    return Encoder.encode(frame.with(operands, wide));
  }
}
