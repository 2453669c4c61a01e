package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.protection.FarTransfer;
import dev.hindsight.cpu.protection.InterruptDelivery;
import dev.hindsight.cpu.protection.InterruptReturn;
import dev.hindsight.cpu.protection.SegmentLoader;
import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * Far branches, software interrupts and the loads of far pointers (SDM volume 1, sections 7.3.8 and
 * 7.3.16).
 */
final class FarTransferInstructions {
  private FarTransferInstructions() {}

  /** Adds them to a table. */
  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.JMPF, FarTransferInstructions::jump)
        .add(Mnemonic.CALLF, FarTransferInstructions::call)
        .add(Mnemonic.RETF, FarTransferInstructions::ret)
        .add(Mnemonic.IRET, (cpu, in) -> InterruptReturn.execute(cpu, in.operandBits()))
        .add(Mnemonic.INT, FarTransferInstructions::interrupt)
        .add(Mnemonic.INT1, (cpu, in) -> InterruptDelivery.debugInstruction(cpu))
        .add(Mnemonic.INT3, (cpu, in) -> InterruptDelivery.trapInstruction(cpu, Vector.BP))
        .add(Mnemonic.INTO, FarTransferInstructions::interruptOnOverflow)
        .add(Mnemonic.LES, loadPointer(0))
        .add(Mnemonic.LSS, loadPointer(2))
        .add(Mnemonic.LDS, loadPointer(3))
        .add(Mnemonic.LFS, loadPointer(4))
        .add(Mnemonic.LGS, loadPointer(5));
  }

  private static void jump(Vcpu cpu, Instruction in) {
    if (in.operand(0) instanceof FarPointerOperand pointer) {
      FarTransfer.jump(cpu, pointer.selector(), pointer.offset());
    } else {
      long linear = pointerAddress(cpu, in, 0);
      FarTransfer.jump(cpu, selector(cpu, in, linear), offset(cpu, in, linear));
    }
  }

  private static void call(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    if (in.operand(0) instanceof FarPointerOperand pointer) {
      FarTransfer.call(cpu, pointer.selector(), pointer.offset(), bits);
    } else {
      long linear = pointerAddress(cpu, in, 0);
      FarTransfer.call(cpu, selector(cpu, in, linear), offset(cpu, in, linear), bits);
    }
  }

  private static void ret(Vcpu cpu, Instruction in) {
    int release = in.operands().isEmpty() ? 0 : (int) Operands.read(cpu, in, 0) & 0xFFFF;
    FarTransfer.ret(cpu, in.operandBits(), release);
  }

  private static void interrupt(Vcpu cpu, Instruction in) {
    InterruptDelivery.software(cpu, (int) Operands.read(cpu, in, 0) & 0xFF);
  }

  private static void interruptOnOverflow(Vcpu cpu, Instruction in) {
    if (cpu.flags().of()) {
      InterruptDelivery.trapInstruction(cpu, Vector.OF);
    }
  }

  private static Semantic loadPointer(int segment) {
    return (cpu, in) -> {
      long linear = pointerAddress(cpu, in, 1);
      long offset = offset(cpu, in, linear);
      SegmentLoader.load(cpu, segment, selector(cpu, in, linear));
      Operands.write(cpu, in, 0, offset);
    };
  }

  /** Linear address of a far pointer in memory: offset of the operand size, then selector. */
  private static long pointerAddress(Vcpu cpu, Instruction in, int operand) {
    return cpu.segmented().readable((MemoryOperand) in.operand(operand), in.operandBits() / 8 + 2);
  }

  private static long offset(Vcpu cpu, Instruction in, long linear) {
    return cpu.memory().read(linear, in.operandBits() / 8);
  }

  private static int selector(Vcpu cpu, Instruction in, long linear) {
    long address = linear + in.operandBits() / 8;
    return cpu.memory().read16(cpu.is64Bit() ? address : address & 0xFFFF_FFFFL);
  }
}
