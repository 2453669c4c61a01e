package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.IoPermission;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** Port input and output (SDM volume 1, section 7.3.10 and chapter 19). */
final class IoInstructions {
  private IoInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.IN, IoInstructions::in)
        .add(Mnemonic.OUT, IoInstructions::out)
        .add(Mnemonic.INS, IoInstructions::ins)
        .add(Mnemonic.OUTS, IoInstructions::outs);
  }

  /** The port that operand {@code n} names: an unsigned byte or DX. */
  private static int port(Vcpu cpu, Instruction in, int n) {
    return (int) Operands.read(cpu, in, n) & 0xFFFF;
  }

  private static int read(Vcpu cpu, int port, int bytes) {
    cpu.stopMonitor().happened(Stops.Event.PORT, port);
    return cpu.ports().read(port, bytes);
  }

  private static void write(Vcpu cpu, int port, int bytes, long value) {
    cpu.stopMonitor().happened(Stops.Event.PORT, port);
    cpu.ports().write(port, bytes, (int) value);
  }

  /** Whether an access is a call of the machine, which needs no permission. */
  private static boolean isCall(Vcpu cpu, int port, int bytes) {
    boolean call = cpu.backDoor().answers(port, bytes, cpu.caller());
    if (call) {
      tellCall(cpu, port);
    }
    return call;
  }

  private static void tellCall(Vcpu cpu, int port) {
    cpu.stopMonitor().happened(Stops.Event.PORT, port);
    cpu.stopMonitor().happened(Stops.Event.CALL, port);
  }

  private static void in(Vcpu cpu, Instruction in) {
    int port = port(cpu, in, 1);
    int bytes = in.bits(0) / 8;
    if (isCall(cpu, port, bytes)) {
      cpu.backDoor().call(port, cpu.caller());
      return;
    }
    IoPermission.check(cpu, port, bytes);
    Operands.write(cpu, in, 0, read(cpu, port, bytes) & 0xFFFF_FFFFL);
  }

  private static void out(Vcpu cpu, Instruction in) {
    int port = port(cpu, in, 0);
    int bytes = in.bits(1) / 8;
    if (isCall(cpu, port, bytes)) {
      cpu.backDoor().call(port, cpu.caller());
      return;
    }
    IoPermission.check(cpu, port, bytes);
    write(cpu, port, bytes, Operands.read(cpu, in, 1));
  }

  private static void ins(Vcpu cpu, Instruction in) {
    int bits = StringInstructions.destination(in).bits();
    int bytes = bits / 8;
    int port = cpu.general().get16(GeneralRegisters.RDX);
    IoPermission.check(cpu, port, bytes);
    long linear = StringInstructions.writable(cpu, in, bits);
    // a port must not be read if its value then cannot be stored
    cpu.memory().probeWrite(linear, bytes);
    cpu.memory().write(linear, bytes, read(cpu, port, bytes));
    StringInstructions.step(cpu, in, GeneralRegisters.RDI, bits);
  }

  private static void outs(Vcpu cpu, Instruction in) {
    MemoryOperand source = StringInstructions.source(in);
    int bytes = source.bits() / 8;
    int port = cpu.general().get16(GeneralRegisters.RDX);
    boolean call = cpu.backDoor().answers(port, bytes, cpu.caller());
    if (!call) {
      IoPermission.check(cpu, port, bytes);
    }
    long linear = StringInstructions.readable(cpu, in, source);
    long value = cpu.memory().read(linear, bytes);
    if (call) {
      tellCall(cpu, port);
      cpu.backDoor().put(port, (int) value, cpu.caller());
    } else {
      write(cpu, port, bytes, value);
    }
    StringInstructions.step(cpu, in, GeneralRegisters.RSI, source.bits());
  }
}
