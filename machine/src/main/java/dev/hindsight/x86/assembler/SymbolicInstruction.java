package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An instruction that uses a label as an address, an offset or a far target. The fields that depend
 * on the label are made as wide as they can be, so that its length is fixed.
 */
final class SymbolicInstruction implements Statement {
  private final EncodingRequest frame;
  private final List<Argument> arguments;
  private final PointerResolver resolver;
  private final Set<WideField> wide = EnumSet.noneOf(WideField.class);
  private final int length;

  SymbolicInstruction(EncodingRequest frame, List<Argument> arguments, PointerResolver resolver) {
    this.frame = frame;
    this.arguments = arguments;
    this.resolver = resolver;
    for (Argument argument : arguments) {
      if (argument instanceof Pointer) {
        wide.add(WideField.DISPLACEMENT);
      } else if (argument instanceof LabelOffset) {
        wide.add(WideField.IMMEDIATE);
      }
    }
    this.length = encode(resolver.trialAddress(), 0).length;
  }

  @Override
  public byte[] at(long address) {
    return encode(address, length);
  }

  private byte[] encode(long address, int bytes) {
    List<Operand> operands = new ArrayList<>(arguments.size());
    for (Argument argument : arguments) {
      operands.add(operand(argument, address, bytes));
    }
    return Encoder.encode(frame.with(operands, wide));
  }

  private Operand operand(Argument argument, long address, int bytes) {
    return switch (argument) {
      case Pointer pointer -> memory(pointer, address, bytes);
      case LabelOffset it ->
          new ImmediateOperand(
              Layout.addressOf(it.label(), address) - resolver.segmentBase() + it.addend(),
              it.bits());
      case FarLabel it ->
          new FarPointerOperand(
              it.selector(),
              Layout.addressOf(it.label(), address) - resolver.segmentBase(),
              it.offsetBits());
      case Operand operand -> operand;
      default -> throw new IllegalArgumentException("No operand: " + argument);
    };
  }

  private MemoryOperand memory(Pointer pointer, long address, int bytes) {
    Label label = pointer.label();
    long target = label == null ? 0 : Layout.addressOf(label, address);
    return resolver.resolve(pointer, target, address + bytes);
  }
}
