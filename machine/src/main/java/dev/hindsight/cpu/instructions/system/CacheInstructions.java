package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * Fences, prefetches and cache-line flushes. There is no cache and no reordering; what is left is
 * that a flush faults as a load of one byte does. Prefetches never fault.
 */
final class CacheInstructions {
  private CacheInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.CLFLUSH, CacheInstructions::flush)
        .add(Mnemonic.CLFLUSHOPT, CacheInstructions::flush)
        .add(Mnemonic.CLWB, CacheInstructions::flush)
        .add(Mnemonic.LFENCE, CacheInstructions::nothing)
        .add(Mnemonic.MFENCE, CacheInstructions::nothing)
        .add(Mnemonic.SFENCE, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCH, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCHW, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCHNTA, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCHT0, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCHT1, CacheInstructions::nothing)
        .add(Mnemonic.PREFETCHT2, CacheInstructions::nothing);
  }

  private static void nothing(Vcpu cpu, Instruction in) {}

  private static void flush(Vcpu cpu, Instruction in) {
    cpu.memory().probeRead(cpu.segmented().readable((MemoryOperand) in.operand(0), 1), 1);
  }
}
