package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;

/**
 * Bit and byte instructions (SDM volume 1, section 7.3.7), BMI, and SETcc.
 *
 * <p>BT, BTS, BTR and BTC change CF and no other flag.
 */
final class BitInstructions {
  private BitInstructions() {}

  /** What becomes of a word when one of its bits (a mask) is tested. */
  @FunctionalInterface
  private interface BitChange {
    long apply(long value, long mask);
  }

  @FunctionalInterface
  private interface Count {
    long apply(Flags f, long a, int bits);
  }

  @FunctionalInterface
  private interface Scan {
    int apply(Flags f, long source);
  }

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.BT, BitInstructions::bt)
        .add(Mnemonic.BTS, change((value, mask) -> value | mask))
        .add(Mnemonic.BTR, change((value, mask) -> value & ~mask))
        .add(Mnemonic.BTC, change((value, mask) -> value ^ mask))
        .add(Mnemonic.BSF, scan(Bits::scanForward))
        .add(Mnemonic.BSR, scan(Bits::scanReverse))
        .add(Mnemonic.LZCNT, count(Bits::lzcnt))
        .add(Mnemonic.TZCNT, count(Bits::tzcnt))
        .add(Mnemonic.POPCNT, count((f, a, bits) -> Bits.popcnt(f, a)))
        .add(Mnemonic.BLSI, count(Bits::blsi))
        .add(Mnemonic.BLSMSK, count(Bits::blsmsk))
        .add(Mnemonic.BLSR, count(Bits::blsr))
        .add(Mnemonic.ANDN, extract(Bits::andn))
        .add(Mnemonic.BEXTR, extract(Bits::bextr))
        .add(Mnemonic.BZHI, extract(Bits::bzhi))
        .add(Mnemonic.PDEP, extract((f, a, mask, bits) -> Long.expand(a, mask)))
        .add(Mnemonic.PEXT, extract((f, a, mask, bits) -> Long.compress(a, mask)))
        .add(Mnemonic.CRC32, BitInstructions::crc32);
    for (int code = 0; code < 16; code++) {
      table.add(Conditions.mnemonic(Mnemonic.SETO, code), set(code));
    }
  }

  private static Semantic set(int code) {
    return (cpu, in) -> Operands.write(cpu, in, 0, cpu.flags().condition(code) ? 1 : 0);
  }

  private static Semantic scan(Scan scan) {
    return (cpu, in) -> {
      int index = scan.apply(cpu.flags(), Operands.read(cpu, in, 1));
      if (index >= 0) {
        Operands.write(cpu, in, 0, index);
      }
    };
  }

  private static Semantic count(Count count) {
    return (cpu, in) -> {
      long a = Operands.read(cpu, in, 1);
      Operands.write(cpu, in, 0, count.apply(cpu.flags(), a, in.bits(0)));
    };
  }

  private static Semantic extract(BinaryArithmeticInstructions.Binary operation) {
    return (cpu, in) -> {
      long a = Operands.read(cpu, in, 1);
      long b = Operands.read(cpu, in, 2);
      Operands.write(cpu, in, 0, operation.apply(cpu.flags(), a, b, in.bits(0)));
    };
  }

  private static void crc32(Vcpu cpu, Instruction in) {
    long data = Operands.read(cpu, in, 1);
    int crc = (int) Operands.read(cpu, in, 0);
    Operands.write(cpu, in, 0, Bits.crc32(crc, data, in.bits(1)) & 0xFFFF_FFFFL);
  }

  private static void bt(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    long index = Operands.readSigned(cpu, in, 1);
    long value;
    if (in.operand(0) instanceof MemoryOperand m && in.operand(1) instanceof Register) {
      long linear =
          cpu.segmented().readable(m.segment().number(), bitOffset(cpu, m, index, bits), bits / 8);
      value = cpu.memory().read(linear, bits / 8);
    } else {
      value = Operands.read(cpu, in, 0);
    }
    cpu.flags().cf(((value >>> (index & (bits - 1))) & 1) != 0);
  }

  private static Semantic change(BitChange change) {
    return (cpu, in) -> {
      int bits = in.bits(0);
      long index = Operands.readSigned(cpu, in, 1);
      long mask = 1L << (index & (bits - 1));
      if (in.operand(0) instanceof MemoryOperand m && in.operand(1) instanceof Register) {
        long offset = bitOffset(cpu, m, index, bits);
        long linear = cpu.segmented().writable(m.segment().number(), offset, bits / 8);
        cpu.memory().probeWrite(linear, bits / 8);
        long value = cpu.memory().read(linear, bits / 8);
        cpu.memory().write(linear, bits / 8, change.apply(value, mask));
        cpu.flags().cf((value & mask) != 0);
      } else {
        long value = Operands.readForWrite(cpu, in, 0);
        Operands.write(cpu, in, 0, change.apply(value, mask));
        cpu.flags().cf((value & mask) != 0);
      }
    };
  }

  /** Offset of the word that a bit index in a register leads to: it may be far from the operand. */
  private static long bitOffset(Vcpu cpu, MemoryOperand m, long index, int bits) {
    // bits is a power of two: this is floor(index / bits) * (bits / 8)
    long delta = (index & -bits) >> 3;
    return (cpu.segmented().offset(m) + delta) & (-1L >>> (64 - m.addressBits()));
  }
}
