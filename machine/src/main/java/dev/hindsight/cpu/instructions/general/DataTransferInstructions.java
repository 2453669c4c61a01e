package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.system.RegisterMoves;
import dev.hindsight.cpu.protection.SegmentLoader;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;

/** Moves, exchanges, conversions and conditional moves (SDM volume 1, section 7.3.1). */
final class DataTransferInstructions {
  private static final int SS = 2;

  private DataTransferInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.MOV, DataTransferInstructions::mov)
        .add(Mnemonic.MOVABS, DataTransferInstructions::plainMove)
        .add(Mnemonic.MOVNTI, DataTransferInstructions::plainMove)
        .add(Mnemonic.MOVZX, DataTransferInstructions::plainMove)
        .add(Mnemonic.MOVSX, DataTransferInstructions::movsx)
        .add(Mnemonic.MOVSXD, DataTransferInstructions::movsx)
        .add(Mnemonic.MOVBE, DataTransferInstructions::movbe)
        .add(Mnemonic.BSWAP, DataTransferInstructions::bswap)
        .add(Mnemonic.LEA, DataTransferInstructions::lea)
        .add(Mnemonic.XLAT, DataTransferInstructions::xlat)
        .add(Mnemonic.XCHG, DataTransferInstructions::xchg)
        .add(Mnemonic.XADD, DataTransferInstructions::xadd)
        .add(Mnemonic.CMPXCHG, DataTransferInstructions::cmpxchg)
        .add(Mnemonic.CMPXCHG8B, DataTransferInstructions::cmpxchg8b)
        .add(Mnemonic.CMPXCHG16B, DataTransferInstructions::cmpxchg16b)
        .add(Mnemonic.CBW, extend(8))
        .add(Mnemonic.CWDE, extend(16))
        .add(Mnemonic.CDQE, extend(32))
        .add(Mnemonic.CWD, spreadSign(16))
        .add(Mnemonic.CDQ, spreadSign(32))
        .add(Mnemonic.CQO, spreadSign(64));
    for (int code = 0; code < 16; code++) {
      table.add(Conditions.mnemonic(Mnemonic.CMOVO, code), conditionalMove(code));
    }
  }

  private static void mov(Vcpu cpu, Instruction in) {
    if (in.operand(0) instanceof Register to) {
      if (to.kind() == RegisterKind.SEGMENT) {
        SegmentLoader.load(cpu, to.number(), (int) Operands.read(cpu, in, 1));
        if (to.number() == SS) {
          cpu.events().shadowAfterMovSs();
        }
        return;
      }
      if (to.kind() == RegisterKind.CONTROL || to.kind() == RegisterKind.DEBUG) {
        RegisterMoves.write(cpu, to, Operands.read(cpu, in, 1));
        return;
      }
      if (in.operand(1) instanceof Register from
          && (from.kind() == RegisterKind.CONTROL || from.kind() == RegisterKind.DEBUG)) {
        Operands.writeRegister(cpu, to, RegisterMoves.read(cpu, from));
        return;
      }
    }
    plainMove(cpu, in);
  }

  private static void plainMove(Vcpu cpu, Instruction in) {
    Operands.write(cpu, in, 0, Operands.read(cpu, in, 1));
  }

  private static void movsx(Vcpu cpu, Instruction in) {
    Operands.write(cpu, in, 0, Operands.readSigned(cpu, in, 1));
  }

  private static void movbe(Vcpu cpu, Instruction in) {
    long value = Operands.read(cpu, in, 1);
    Operands.write(cpu, in, 0, Long.reverseBytes(value) >>> (64 - in.bits(0)));
  }

  /** With a 16-bit operand, which the manual leaves undefined, the register becomes 0. */
  private static void bswap(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    long value = Operands.read(cpu, in, 0);
    Operands.write(cpu, in, 0, bits == 16 ? 0 : Long.reverseBytes(value) >>> (64 - bits));
  }

  private static void lea(Vcpu cpu, Instruction in) {
    if (in.operand(1) instanceof MemoryOperand m) {
      Operands.write(cpu, in, 0, cpu.segmented().offset(m));
    } else {
      throw GuestFault.undefined();
    }
  }

  private static void xlat(Vcpu cpu, Instruction in) {
    GeneralRegisters r = cpu.general();
    int segment = 3;
    if (!in.operands().isEmpty() && in.operand(0) instanceof MemoryOperand m) {
      segment = m.segment().number();
    }
    long offset =
        SegmentedMemory.wrap(
            r.get64(GeneralRegisters.RBX) + r.get8(GeneralRegisters.RAX), in.addressBits());
    long linear = cpu.segmented().readable(segment, offset, 1);
    r.set8(GeneralRegisters.RAX, cpu.memory().read8(linear));
  }

  private static void xchg(Vcpu cpu, Instruction in) {
    long a = Operands.readForWrite(cpu, in, 0);
    long b = Operands.readForWrite(cpu, in, 1);
    // an operand in memory is addressed by registers that must still have their old values
    if (in.operand(0) instanceof MemoryOperand) {
      Operands.write(cpu, in, 0, b);
      Operands.write(cpu, in, 1, a);
    } else {
      Operands.write(cpu, in, 1, a);
      Operands.write(cpu, in, 0, b);
    }
  }

  private static void xadd(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    long a = Operands.readForWrite(cpu, in, 0);
    long b = Operands.read(cpu, in, 1);
    long sum = Arithmetic.add(cpu.flags(), a, b, bits);
    if (in.operand(0) instanceof MemoryOperand) {
      Operands.write(cpu, in, 0, sum);
      Operands.write(cpu, in, 1, a);
    } else {
      // the sum wins where both are the same register
      Operands.write(cpu, in, 1, a);
      Operands.write(cpu, in, 0, sum);
    }
  }

  /**
   * CMPXCHG: memory is written in any case, with its old value if the comparison fails. A register
   * that fails it is left alone whole, with the upper half that a 32-bit write would clear.
   */
  private static void cmpxchg(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    GeneralRegisters r = cpu.general();
    long old = Operands.readForWrite(cpu, in, 0);
    long source = Operands.read(cpu, in, 1);
    long accumulator = r.get(GeneralRegisters.RAX, bits);
    Arithmetic.cmp(cpu.flags(), accumulator, old, bits);
    if (accumulator == old) {
      Operands.write(cpu, in, 0, source);
    } else {
      if (in.operand(0) instanceof MemoryOperand) {
        Operands.write(cpu, in, 0, old);
      }
      r.set(GeneralRegisters.RAX, bits, old);
    }
  }

  private static void cmpxchg8b(Vcpu cpu, Instruction in) {
    GeneralRegisters r = cpu.general();
    long linear = cpu.segmented().writable((MemoryOperand) in.operand(0), 8);
    cpu.memory().probeWrite(linear, 8);
    long old = cpu.memory().read64(linear);
    long expected = pair(r, GeneralRegisters.RDX, GeneralRegisters.RAX);
    boolean equal = old == expected;
    cpu.memory().write64(linear, equal ? pair(r, GeneralRegisters.RCX, GeneralRegisters.RBX) : old);
    if (!equal) {
      r.set32(GeneralRegisters.RAX, (int) old);
      r.set32(GeneralRegisters.RDX, (int) (old >>> 32));
    }
    cpu.flags().zf(equal);
  }

  private static long pair(GeneralRegisters r, int high, int low) {
    return (r.get64(high) << 32) | (r.get64(low) & 0xFFFF_FFFFL);
  }

  private static void cmpxchg16b(Vcpu cpu, Instruction in) {
    GeneralRegisters r = cpu.general();
    long linear = cpu.segmented().writable((MemoryOperand) in.operand(0), 16);
    if ((linear & 15) != 0) {
      throw GuestFault.generalProtection(0);
    }
    // aligned, so that both halves lie in one page
    cpu.memory().probeWrite(linear, 16);
    long low = cpu.memory().read64(linear);
    long high = cpu.memory().read64(linear + 8);
    boolean equal = low == r.get64(GeneralRegisters.RAX) && high == r.get64(GeneralRegisters.RDX);
    cpu.memory().write64(linear, equal ? r.get64(GeneralRegisters.RBX) : low);
    cpu.memory().write64(linear + 8, equal ? r.get64(GeneralRegisters.RCX) : high);
    if (!equal) {
      r.set64(GeneralRegisters.RAX, low);
      r.set64(GeneralRegisters.RDX, high);
    }
    cpu.flags().zf(equal);
  }

  /** CBW, CWDE, CDQE: sign-extends the accumulator from {@code bits} to twice as many. */
  private static Semantic extend(int bits) {
    int shift = 64 - bits;
    return (cpu, in) -> {
      long value = (cpu.general().get64(GeneralRegisters.RAX) << shift) >> shift;
      cpu.general().set(GeneralRegisters.RAX, 2 * bits, value);
    };
  }

  /** CWD, CDQ, CQO: fills the data register with the accumulator's sign. */
  private static Semantic spreadSign(int bits) {
    return (cpu, in) -> {
      long sign = (cpu.general().get64(GeneralRegisters.RAX) << (64 - bits)) >> 63;
      cpu.general().set(GeneralRegisters.RDX, bits, sign);
    };
  }

  /** CMOVcc reads its source, and clears the upper half with 32-bit operands, in any case. */
  private static Semantic conditionalMove(int code) {
    return (cpu, in) -> {
      long value = Operands.read(cpu, in, 1);
      Flags f = cpu.flags();
      if (f.condition(code)) {
        Operands.write(cpu, in, 0, value);
      } else if (in.bits(0) == 32) {
        Operands.write(cpu, in, 0, Operands.read(cpu, in, 0));
      }
    };
  }
}
