package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RelativeOperand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the fast operation for an instruction, where there is one. */
public final class FastOperations {
  private static final int CS = 1;

  private FastOperations() {}

  /**
   * The fast operation of an instruction in the present mode of a CPU.
   *
   * @param end offset of the next instruction from the start of the block
   * @return the operation, or null if the generic one must do
   */
  public static @Nullable Operation of(Vcpu cpu, Instruction in, int end) {
    if (in.mnemonic() == Mnemonic.NOP) {
      return new NoOperation(end);
    }
    List<Operand> operands = in.operands();
    for (Operand o : operands) {
      if (o instanceof Register r && r.kind() != RegisterKind.GENERAL) {
        return null;
      }
      if (o instanceof MemoryOperand m && in.mnemonic() != Mnemonic.LEA && !isFlat(cpu, m)) {
        return null;
      }
    }
    return switch (operands.size()) {
      case 0 -> withoutOperands(cpu, in, end);
      case 1 -> one(cpu, in, end);
      case 2 -> two(in, end);
      case 3 -> three(in, end);
      default -> null;
    };
  }

  /**
   * The last two operations of a block as one, which counts as two steps.
   *
   * @param index of the second one in the block
   * @return the operation, or null if they must stay two
   */
  public static @Nullable Operation fuse(Operation first, Operation second, int index) {
    return CompareAndJump.of(first, second, index);
  }

  private static boolean isFlat(Vcpu cpu, MemoryOperand m) {
    if (cpu.is64Bit()) {
      return m.addressBits() >= 32;
    }
    return cpu.flat()
        && m.addressBits() == 32
        && m.segment().number() < 4
        && m.segment().number() != CS;
  }

  /** Whether pushes and pops of an operand size can take the fast path. */
  private static boolean isFlatStack(Vcpu cpu, int bits) {
    return cpu.flat()
        && cpu.stackBits() == bits
        && cpu.codeMode().bits() == bits
        && cpu.codeMode() != CodeMode.BITS16;
  }

  private static RegisterField field(Register r) {
    return new RegisterField(r);
  }

  private static @Nullable Operation withoutOperands(Vcpu cpu, Instruction in, int end) {
    return switch (in.mnemonic()) {
      case CDQE -> new ExtendRegister(field(Register.RAX), field(Register.EAX), true, end);
      case CWDE -> new ExtendRegister(field(Register.EAX), field(Register.AX), true, end);
      case RET -> isFlatStack(cpu, in.operandBits()) ? new Return(0, in.operandBits(), end) : null;
      default -> null;
    };
  }

  private static @Nullable Operation one(Vcpu cpu, Instruction in, int end) {
    int unary = Unary.number(in.mnemonic());
    int condition = ConditionCode.ofSet(in.mnemonic());
    return switch (in.operand(0)) {
      case Register r when unary != Unary.NONE -> new UnaryRegister(unary, field(r), end);
      case Register r when condition != ConditionCode.NONE ->
          new SetRegister(condition, field(r), end);
      case Register r -> oneRegister(cpu, in, r, end);
      case MemoryOperand m when unary != Unary.NONE -> new UnaryMemory(unary, m, end);
      case MemoryOperand m
          when in.mnemonic() == Mnemonic.JMP
              && m.bits() == cpu.codeMode().bits()
              && m.bits() != 16 ->
          new JumpMemory(m, end);
      case RelativeOperand o -> relative(cpu, in, o, end);
      case ImmediateOperand i -> oneImmediate(cpu, in, i, end);
      default -> null;
    };
  }

  private static @Nullable Operation oneRegister(Vcpu cpu, Instruction in, Register r, int end) {
    boolean flatStack = isFlatStack(cpu, r.bits());
    return switch (in.mnemonic()) {
      case PUSH -> flatStack ? new PushRegister(field(r), end) : null;
      case POP -> flatStack ? new PopRegister(field(r), end) : null;
      case CALL -> flatStack ? new CallRegister(field(r), end) : null;
      case JMP -> new JumpRegister(field(r), end);
      default -> null;
    };
  }

  private static @Nullable Operation oneImmediate(
      Vcpu cpu, Instruction in, ImmediateOperand i, int end) {
    if (!isFlatStack(cpu, in.operandBits())) {
      return null;
    }
    return switch (in.mnemonic()) {
      case PUSH -> new PushImmediate(i.value(), in.operandBits(), end);
      case RET -> new Return((int) i.value() & 0xFFFF, in.operandBits(), end);
      default -> null;
    };
  }

  private static @Nullable Operation relative(
      Vcpu cpu, Instruction in, RelativeOperand o, int end) {
    if (o.bits() != cpu.codeMode().bits() || o.bits() == 16) {
      return null;
    }
    int condition = ConditionCode.ofJump(in.mnemonic());
    if (condition != ConditionCode.NONE) {
      return new ConditionalJump(condition, o.displacement(), o.bits(), end);
    }
    return switch (in.mnemonic()) {
      case JMP -> new Jump(o.displacement(), o.bits(), end);
      case CALL -> isFlatStack(cpu, o.bits()) ? new Call(o.displacement(), o.bits(), end) : null;
      default -> null;
    };
  }

  private static @Nullable Operation two(Instruction in, int end) {
    int binary = Binary.number(in.mnemonic());
    Operand second = in.operand(1);
    return switch (in.operand(0)) {
      case Register d when second instanceof Register s ->
          binary != Binary.NONE
              ? registerRegister(binary, field(d), field(s), end)
              : registers(in, d, s, end);
      case Register d when second instanceof ImmediateOperand i ->
          binary != Binary.NONE
              ? registerImmediate(binary, field(d), i.value(), end)
              : immediate(in, d, i, end);
      case Register d when second instanceof MemoryOperand m ->
          binary != Binary.NONE ? registerMemory(binary, field(d), m, end) : load(in, d, m, end);
      case MemoryOperand m when second instanceof Register s -> {
        if (binary != Binary.NONE) {
          yield new BinaryMemoryRegister(binary, m, field(s), end);
        }
        yield in.mnemonic() == Mnemonic.MOV ? store(m, field(s), end) : null;
      }
      case MemoryOperand m when second instanceof ImmediateOperand i -> {
        if (binary != Binary.NONE) {
          yield new BinaryMemoryImmediate(binary, m, i.value(), end);
        }
        yield in.mnemonic() == Mnemonic.MOV ? new StoreImmediate(m, i.value(), end) : null;
      }
      default -> null;
    };
  }

  private static Operation registerRegister(int binary, RegisterField d, RegisterField s, int end) {
    return d.isWide()
        ? WideRegisterRegister.of(binary, d, s, end)
        : new BinaryRegisterRegister(binary, d, s, end);
  }

  private static Operation registerImmediate(int binary, RegisterField d, long immediate, int end) {
    return d.isWide()
        ? WideRegisterImmediate.of(binary, d, immediate, end)
        : new BinaryRegisterImmediate(binary, d, immediate, end);
  }

  private static Operation registerMemory(int binary, RegisterField d, MemoryOperand m, int end) {
    return d.isWide() && binary != Binary.TEST
        ? WideRegisterMemory.of(binary, d, m, end)
        : new BinaryRegisterMemory(binary, d, m, end);
  }

  private static Operation store(MemoryOperand m, RegisterField s, int end) {
    return s.isWide() ? WideStore.of(m, s, end) : new StoreRegister(m, s, end);
  }

  private static @Nullable Operation registers(Instruction in, Register d, Register s, int end) {
    int condition = ConditionCode.ofMove(in.mnemonic());
    if (condition != ConditionCode.NONE) {
      return new ConditionalMove(condition, field(d), field(s), end);
    }
    int shift = ShiftRegister.number(in.mnemonic());
    if (shift != ShiftRegister.NONE) {
      return new ShiftRegister(shift, field(d), ShiftRegister.BY_CL, end);
    }
    return switch (in.mnemonic()) {
      case MOV ->
          d.bits() >= 32
              ? new WideMove(field(d), field(s), end)
              : new MoveRegisterRegister(field(d), field(s), end);
      case MOVZX -> new ExtendRegister(field(d), field(s), false, end);
      case MOVSX, MOVSXD -> new ExtendRegister(field(d), field(s), true, end);
      case IMUL -> new MultiplyRegister(field(d), field(s), end);
      default -> null;
    };
  }

  private static @Nullable Operation immediate(
      Instruction in, Register d, ImmediateOperand i, int end) {
    int shift = ShiftRegister.number(in.mnemonic());
    if (shift != ShiftRegister.NONE) {
      int count = (int) i.value() & 0xFF;
      return d.bits() >= 32
          ? WideShift.of(shift, field(d), count, end)
          : new ShiftRegister(shift, field(d), count, end);
    }
    return switch (in.mnemonic()) {
      case MOV, MOVABS -> new MoveRegisterImmediate(field(d), i.value(), end);
      default -> null;
    };
  }

  private static @Nullable Operation load(Instruction in, Register d, MemoryOperand m, int end) {
    return switch (in.mnemonic()) {
      case MOV, MOVZX ->
          d.bits() >= 32 ? WideLoad.of(field(d), m, end) : new Load(field(d), m, false, end);
      case MOVSX, MOVSXD -> new Load(field(d), m, true, end);
      case IMUL -> new MultiplyMemory(field(d), m, end);
      case LEA -> m.addressBits() == 16 ? null : new LoadEffectiveAddress(field(d), m, end);
      default -> null;
    };
  }

  private static @Nullable Operation three(Instruction in, int end) {
    if (in.mnemonic() != Mnemonic.IMUL
        || !(in.operand(0) instanceof Register d)
        || !(in.operand(2) instanceof ImmediateOperand i)) {
      return null;
    }
    return switch (in.operand(1)) {
      case Register s -> new MultiplyRegister(field(d), field(s), i.value(), end);
      case MemoryOperand m -> new MultiplyMemory(field(d), m, i.value(), end);
      default -> null;
    };
  }
}
