package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import org.jspecify.annotations.Nullable;

/**
 * A string instruction with a repeat prefix. Each iteration is a step of its own; between
 * iterations it can be interrupted, with the instruction pointer still at it.
 */
final class RepeatOperation extends Operation {
  private final Semantic iteration;
  private final Instruction instruction;
  private final @Nullable BulkString bulk;
  private final boolean testsZf;
  private final boolean whileZf;
  private final long ripMask;

  /**
   * An operation.
   *
   * @param bulk for many iterations at once, or null
   */
  RepeatOperation(
      Semantic iteration,
      Instruction instruction,
      @Nullable BulkString bulk,
      int end,
      long ripMask) {
    super(end, true);
    this.iteration = iteration;
    this.bulk = bulk;
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
      int done = bulk == null ? 0 : bulk.execute(cpu, Math.min(count, cpu.blockLimit() - index));
      if (done == 0) {
        cpu.rip(next);
        iteration.execute(cpu, instruction);
        done = 1;
      }
      count -= done;
      r.set(GeneralRegisters.RCX, bits, count);
      // the engine counts the last iteration; the ones before it are counted here
      index += done - 1;
      cpu.blockIndex(index);
      if (count == 0 || (testsZf && cpu.flags().zf() != whileZf)) {
        cpu.rip(next);
        return;
      }
      if (index + 1 >= cpu.blockLimit()) {
        cpu.rip(start);
        return;
      }
      cpu.blockIndex(++index);
    }
  }
}
