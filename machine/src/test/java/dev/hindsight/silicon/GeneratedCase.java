package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import java.util.List;

/**
 * A case and what it is made of.
 *
 * @param index its number under the seed
 * @param test code and state
 * @param kind what sort of code it is
 * @param instructions what its bytes decode to, in order; those that nothing but sets flags between
 *     the others are among them. Empty if the bytes are no instruction
 */
record GeneratedCase(long index, TestCase test, Kind kind, List<Instruction> instructions) {
  /** Sorts of cases. */
  enum Kind {
    /** One instruction of a row of the opcode table. */
    SINGLE,
    /** About twenty of them. */
    SEQUENCE,
    /** Bytes with no plan, or an instruction of which bits were flipped. */
    BYTES
  }

  /** Name for counts: the mnemonic of a single instruction, or the kind. */
  String name() {
    if (kind == Kind.SEQUENCE) {
      return "(sequence)";
    }
    return instructions.isEmpty() ? "(invalid)" : instructions.getFirst().mnemonic().name();
  }
}
