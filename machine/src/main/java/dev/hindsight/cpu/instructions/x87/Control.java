package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** Control words, the stack pointer, tags and moves between registers (SDM volume 1, 8.3). */
final class Control {
  /** The control word after FNINIT. */
  static final int DEFAULT_CONTROL = 0x37F;

  /** Bits of the control word that can be written; bit 6 always reads as 1. */
  private static final int CONTROL_BITS = 0x1F3F;

  private static final int CONTROL_FIXED = 0x40;
  private static final int EXCEPTIONS = 0xFF;

  private Control() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.FNINIT, Control::fninit);
    table.add(Mnemonic.FNCLEX, Control::fnclex);
    table.add(Mnemonic.FLDCW, Control::fldcw);
    table.add(Mnemonic.FNSTCW, Control::fnstcw);
    table.add(Mnemonic.FNSTSW, Control::fnstsw);
    table.add(Mnemonic.FWAIT, Control::fwait);
    table.add(Mnemonic.FNOP, Control::fnop);
    table.add(Mnemonic.FNENI, Control::nothing);
    table.add(Mnemonic.FNDISI, Control::nothing);
    table.add(Mnemonic.FNSETPM, Control::nothing);
    table.add(Mnemonic.FINCSTP, (cpu, in) -> turn(cpu, in, 1));
    table.add(Mnemonic.FDECSTP, (cpu, in) -> turn(cpu, in, -1));
    table.add(Mnemonic.FFREE, (cpu, in) -> ffree(cpu, in, false));
    table.add(Mnemonic.FFREEP, (cpu, in) -> ffree(cpu, in, true));
    table.add(Mnemonic.FXCH, Control::fxch);
    // conditions as Flags.condition encodes them: B 2, E 4, BE 6, U (parity) 10
    table.add(Mnemonic.FCMOVB, (cpu, in) -> fcmov(cpu, in, 2));
    table.add(Mnemonic.FCMOVNB, (cpu, in) -> fcmov(cpu, in, 3));
    table.add(Mnemonic.FCMOVE, (cpu, in) -> fcmov(cpu, in, 4));
    table.add(Mnemonic.FCMOVNE, (cpu, in) -> fcmov(cpu, in, 5));
    table.add(Mnemonic.FCMOVBE, (cpu, in) -> fcmov(cpu, in, 6));
    table.add(Mnemonic.FCMOVNBE, (cpu, in) -> fcmov(cpu, in, 7));
    table.add(Mnemonic.FCMOVU, (cpu, in) -> fcmov(cpu, in, 10));
    table.add(Mnemonic.FCMOVNU, (cpu, in) -> fcmov(cpu, in, 11));
  }

  /** The state after FNINIT; register contents stay. */
  static void initialize(Vcpu cpu) {
    X87Registers x = cpu.x87();
    x.control(DEFAULT_CONTROL);
    x.status(0);
    x.emptyMask(0xFF);
    x.lastInstruction(0, 0, 0);
    x.lastData(0, 0);
    cpu.events().numericError(false);
  }

  /** Writes the control word as FLDCW does, and derives whether an exception is pending now. */
  static void control(Vcpu cpu, int value) {
    cpu.x87().control(value & CONTROL_BITS | CONTROL_FIXED);
    PendingError.update(cpu);
  }

  private static void fninit(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    initialize(cpu);
  }

  private static void fnclex(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    X87Registers x = cpu.x87();
    x.status(x.status() & ~(EXCEPTIONS & ~PendingError.ERROR_SUMMARY));
    PendingError.update(cpu);
  }

  private static void fldcw(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      control(cpu, (int) Operands.read(cpu, in, 0));
    }
  }

  private static void fnstcw(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    Operands.write(cpu, in, 0, cpu.x87().control());
  }

  private static void fnstsw(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    Operands.write(cpu, in, 0, cpu.x87().status());
  }

  private static void fwait(Vcpu cpu, Instruction in) {
    int both = ControlRegisters.CR0_MP | ControlRegisters.CR0_TS;
    if ((cpu.control().cr0() & both) == both) {
      throw GuestFault.of(Vector.NM);
    }
    // where it does not pass, it has put the instruction pointer back
    var _ = PendingError.passes(cpu, in);
  }

  private static void fnop(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      X87Unit.record(cpu, in);
    }
  }

  private static void nothing(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
  }

  private static void turn(Vcpu cpu, Instruction in, int delta) {
    if (X87Unit.begin(cpu, in)) {
      X87Unit.record(cpu, in);
      X87Unit.commit(cpu, X87Unit.environment(cpu));
      X87Unit.rotate(cpu, delta);
    }
  }

  private static void ffree(Vcpu cpu, Instruction in, boolean pop) {
    if (X87Unit.begin(cpu, in)) {
      X87Unit.record(cpu, in);
      X87Unit.clearConditions(cpu, X87Unit.C1);
      X87Unit.free(cpu, X87Unit.number(in, 0));
      if (pop) {
        X87Unit.pop(cpu);
      }
    }
  }

  private static void fxch(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    int other = X87Unit.number(in, 0);
    boolean empty = X87Unit.isEmpty(cpu, 0);
    boolean otherEmpty = X87Unit.isEmpty(cpu, other);
    if (empty || otherEmpty) {
      if (!X87Unit.underflow(cpu)) {
        return;
      }
      if (empty) {
        X87Unit.setIndefinite(cpu, 0);
      }
      if (otherEmpty) {
        X87Unit.setIndefinite(cpu, other);
      }
    } else {
      X87Unit.commit(cpu, X87Unit.environment(cpu));
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    X87Unit.set(cpu, 0, X87Unit.signExponent(cpu, other), X87Unit.significand(cpu, other));
    X87Unit.set(cpu, other, se, s);
  }

  private static void fcmov(Vcpu cpu, Instruction in, int condition) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    int source = X87Unit.number(in, 1);
    if (X87Unit.isEmpty(cpu, 0) || X87Unit.isEmpty(cpu, source)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    if (cpu.flags().condition(condition)) {
      X87Unit.set(cpu, 0, X87Unit.signExponent(cpu, source), X87Unit.significand(cpu, source));
    }
  }
}
