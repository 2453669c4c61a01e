package dev.hindsight.x86.assembler;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Places the statements of a program one after another until no address moves any more. */
final class Layout {
  private Layout() {}

  /** What stands between two statements: the label that is bound there. */
  record Binding(Label label) implements Statement {
    @Override
    public byte[] at(long address) {
      return new byte[0];
    }
  }

  /** The address of a label in the present layout; before it has one, the place of its use. */
  static long addressOf(Label label, long use) {
    return label.hasAddress() ? label.address() : use;
  }

  static byte[] bytes(List<Statement> statements, long origin) {
    while (true) {
      boolean moved = false;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Statement statement : statements) {
        long address = origin + out.size();
        if (statement instanceof Binding binding) {
          Label label = binding.label();
          moved |= !label.hasAddress() || label.address() != address;
          label.address(address);
        } else {
          out.writeBytes(statement.at(address));
        }
      }
      if (!moved) {
        return out.toByteArray();
      }
    }
  }
}
