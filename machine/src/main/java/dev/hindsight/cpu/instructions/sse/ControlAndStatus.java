package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** LDMXCSR and STMXCSR. */
final class ControlAndStatus {
  private static final int MXCSR_RESERVED = 0xFFFF_0000;

  private ControlAndStatus() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.LDMXCSR, ControlAndStatus::load);
    addWithVex(t, Mnemonic.STMXCSR, ControlAndStatus::store);
  }

  private static void load(Vcpu cpu, Instruction in) {
    if (!VectorState.check(cpu, in)) {
      return;
    }
    int value = (int) VectorOperands.readLow(cpu, in, 0);
    if ((value & MXCSR_RESERVED) != 0) {
      throw GuestFault.generalProtection(0);
    }
    cpu.vectors().mxcsr(value);
  }

  private static void store(Vcpu cpu, Instruction in) {
    if (VectorState.check(cpu, in)) {
      VectorOperands.writeLow(cpu, in, 0, cpu.vectors().mxcsr() & 0xFFFF_FFFFL);
    }
  }
}
