package dev.hindsight.translator;

/** What those share who emit a group of instructions. */
abstract class InstructionEmitter {
  /** The block being emitted. */
  protected final BlockWriter block;

  /** Where it is written to. */
  protected final HostEmitter out;

  /** Where the guest's operands are. */
  protected final OperandEmitter operands;

  /** Where the guest's flags are. */
  protected final FlagTracker flags;

  InstructionEmitter(BlockWriter block, OperandEmitter operands) {
    this.block = block;
    this.out = block.out;
    this.operands = operands;
    this.flags = block.flags;
  }
}
