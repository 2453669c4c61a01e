package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** An instruction that is executed by its {@link Semantic}. */
final class GenericOperation extends Operation {
  private final Semantic semantic;
  private final Instruction instruction;
  private final long ripMask;

  GenericOperation(Semantic semantic, Instruction instruction, int end, long ripMask) {
    super(end, true);
    this.semantic = semantic;
    this.instruction = instruction;
    this.ripMask = ripMask;
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.rip((cpu.blockRip() + end()) & ripMask);
    semantic.execute(cpu, instruction);
  }

  @Override
  public Mnemonic mnemonic() {
    return instruction.mnemonic();
  }
}
