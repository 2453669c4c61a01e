package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;

/**
 * A string instruction with a repeat prefix. Each iteration is a step of its own; between
 * iterations it can be interrupted, with the instruction pointer still at it.
 */
final class RepeatOperation extends Operation {
  private final Semantic iteration;
  private final Instruction instruction;
  private final boolean testsZf;
  private final boolean whileZf;
  private final long ripMask;

  RepeatOperation(Semantic iteration, Instruction instruction, int end, long ripMask) {
    super(end, true);
    this.iteration = iteration;
    this.instruction = instruction;
    this.testsZf =
        instruction.mnemonic() == Mnemonic.CMPS || instruction.mnemonic() == Mnemonic.SCAS;
    this.whileZf = instruction.has(Prefixes.REP);
    this.ripMask = ripMask;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    int bits = instruction.addressBits();
    long start = cpu.blockRip();
    long next = (cpu.blockRip() + end()) & ripMask;
    long count = r.get(GeneralRegisters.RCX, bits);
    if (count == 0) {
      cpu.rip(next);
      return;
    }
    int index = cpu.blockIndex();
    while (true) {
      cpu.rip(next);
      iteration.execute(cpu, instruction);
      count--;
      r.set(GeneralRegisters.RCX, bits, count);
      if (count == 0 || (testsZf && cpu.flags().zf() != whileZf)) {
        return;
      }
      // the engine counts the last iteration; the ones before it are counted here
      if (index + 1 >= cpu.blockLimit()) {
        cpu.rip(start);
        return;
      }
      cpu.blockIndex(++index);
    }
  }
}
