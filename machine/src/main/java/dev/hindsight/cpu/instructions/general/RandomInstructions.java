package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/**
 * RDRAND and RDSEED (SDM volume 1, section 7.3.17): the next number of the vCPU's own sequence,
 * which the machine's seed determines. They always succeed.
 */
final class RandomInstructions {
  private RandomInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.RDRAND, RandomInstructions::random)
        .add(Mnemonic.RDSEED, RandomInstructions::random);
  }

  private static void random(Vcpu cpu, Instruction in) {
    long counter = cpu.randomCounter();
    Operands.write(cpu, in, 0, cpu.cpuPackage().random(cpu.index(), counter));
    cpu.randomCounter(counter + 1);
    cpu.flags().arithmetic(Flags.CF);
  }
}
