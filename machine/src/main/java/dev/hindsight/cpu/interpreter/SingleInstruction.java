package dev.hindsight.cpu.interpreter;

/** An instruction that was prepared for the interpreter. */
public final class SingleInstruction {
  private final Block block;

  SingleInstruction(Block block) {
    this.block = block;
  }

  Block block() {
    return block;
  }

  /** Whether it is a repeated string instruction, each iteration of which is a step. */
  public boolean repeats() {
    return block.repeats();
  }
}
