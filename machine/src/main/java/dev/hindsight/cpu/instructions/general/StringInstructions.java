package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;

/**
 * String instructions (SDM volume 1, section 7.3.9): one iteration each. Repetition, the count
 * register and the test of ZF are the engine's.
 */
final class StringInstructions {
  private static final int ES = 0;

  private StringInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.MOVS, StringInstructions::movs)
        .add(Mnemonic.STOS, StringInstructions::stos)
        .add(Mnemonic.LODS, StringInstructions::lods)
        .add(Mnemonic.CMPS, StringInstructions::cmps)
        .add(Mnemonic.SCAS, StringInstructions::scas);
  }

  /** The memory operand at SI, ESI or RSI; its segment is DS or an override. */
  static MemoryOperand source(Instruction in) {
    return at(in, GeneralRegisters.RSI);
  }

  /** The memory operand at ES:DI, EDI or RDI. */
  static MemoryOperand destination(Instruction in) {
    return at(in, GeneralRegisters.RDI);
  }

  private static MemoryOperand at(Instruction in, int register) {
    for (int i = 0; i < in.operands().size(); i++) {
      Operand operand = in.operand(i);
      if (operand instanceof MemoryOperand m && m.base() != null && m.base().number() == register) {
        return m;
      }
    }
    throw new IllegalArgumentException(in.mnemonic() + " has no string operand");
  }

  /** Linear address of the datum at RSI that is to be read. */
  static long readable(Vcpu cpu, Instruction in, MemoryOperand source) {
    return cpu.segmented()
        .readable(
            source.segment().number(),
            cpu.general().get(GeneralRegisters.RSI, in.addressBits()),
            source.bits() / 8);
  }

  /** Linear address of the datum at ES:RDI that is to be written. */
  static long writable(Vcpu cpu, Instruction in, int bits) {
    return cpu.segmented()
        .writable(ES, cpu.general().get(GeneralRegisters.RDI, in.addressBits()), bits / 8);
  }

  /** Moves an index register past a datum, up or down as DF says. */
  static void step(Vcpu cpu, Instruction in, int register, int bits) {
    int addressBits = in.addressBits();
    long index = cpu.general().get(register, addressBits);
    cpu.general().set(register, addressBits, index + cpu.flags().direction() * (bits / 8));
  }

  private static void movs(Vcpu cpu, Instruction in) {
    MemoryOperand source = source(in);
    int bits = source.bits();
    LinearMemory memory = cpu.memory();
    long value = memory.read(readable(cpu, in, source), bits / 8);
    memory.write(writable(cpu, in, bits), bits / 8, value);
    step(cpu, in, GeneralRegisters.RSI, bits);
    step(cpu, in, GeneralRegisters.RDI, bits);
  }

  private static void stos(Vcpu cpu, Instruction in) {
    int bits = destination(in).bits();
    long value = cpu.general().get64(GeneralRegisters.RAX);
    cpu.memory().write(writable(cpu, in, bits), bits / 8, value);
    step(cpu, in, GeneralRegisters.RDI, bits);
  }

  private static void lods(Vcpu cpu, Instruction in) {
    MemoryOperand source = source(in);
    int bits = source.bits();
    long value = cpu.memory().read(readable(cpu, in, source), bits / 8);
    cpu.general().set(GeneralRegisters.RAX, bits, value);
    step(cpu, in, GeneralRegisters.RSI, bits);
  }

  private static void cmps(Vcpu cpu, Instruction in) {
    MemoryOperand source = source(in);
    int bits = source.bits();
    long a = cpu.memory().read(readable(cpu, in, source), bits / 8);
    long b = cpu.memory().read(readableDestination(cpu, in, bits), bits / 8);
    Arithmetic.cmp(cpu.flags(), a, b, bits);
    step(cpu, in, GeneralRegisters.RSI, bits);
    step(cpu, in, GeneralRegisters.RDI, bits);
  }

  private static void scas(Vcpu cpu, Instruction in) {
    int bits = destination(in).bits();
    long b = cpu.memory().read(readableDestination(cpu, in, bits), bits / 8);
    Arithmetic.cmp(cpu.flags(), cpu.general().get(GeneralRegisters.RAX, bits), b, bits);
    step(cpu, in, GeneralRegisters.RDI, bits);
  }

  private static long readableDestination(Vcpu cpu, Instruction in, int bits) {
    return cpu.segmented()
        .readable(ES, cpu.general().get(GeneralRegisters.RDI, in.addressBits()), bits / 8);
  }
}
