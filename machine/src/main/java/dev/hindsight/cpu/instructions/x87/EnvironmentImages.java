package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * FNSTENV, FLDENV, FNSAVE and FRSTOR with their four layouts: 16 or 32 bits, real or protected mode
 * (SDM volume 1, section 8.1.10).
 *
 * <p>An image is seven words, or seven doublewords whose upper halves are reserved (written as
 * ones) where the item is a word; FNSAVE appends the eight registers in stack order.
 */
final class EnvironmentImages {
  private static final int ITEMS = 7;
  private static final int REGISTERS_BYTES = 80;
  private static final int RESERVED = 0xFFFF_0000;
  private static final int OPCODE = 0x7FF;

  private EnvironmentImages() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.FNSTENV, EnvironmentImages::fnstenv);
    table.add(Mnemonic.FLDENV, EnvironmentImages::fldenv);
    table.add(Mnemonic.FNSAVE, EnvironmentImages::fnsave);
    table.add(Mnemonic.FRSTOR, EnvironmentImages::frstor);
  }

  /** Bytes of an item of the image: 2 or 4. */
  private static int width(Instruction in) {
    return in.operandBits() == 16 ? 2 : 4;
  }

  private static long writable(Vcpu cpu, Instruction in, int bytes) {
    long linear = cpu.segmented().writable((MemoryOperand) in.operand(0), bytes);
    cpu.memory().probeWrite(linear, bytes);
    return linear;
  }

  private static long readable(Vcpu cpu, Instruction in, int bytes) {
    long linear = cpu.segmented().readable((MemoryOperand) in.operand(0), bytes);
    cpu.memory().probeRead(linear, bytes);
    return linear;
  }

  private static void fnstenv(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    int width = width(in);
    writeEnvironment(cpu, writable(cpu, in, ITEMS * width), width);
    cpu.x87().control(cpu.x87().control() | FloatEnvironment.ALL);
    PendingError.update(cpu);
  }

  private static void fnsave(Vcpu cpu, Instruction in) {
    X87Unit.checkAvailable(cpu);
    int width = width(in);
    long linear = writable(cpu, in, ITEMS * width + REGISTERS_BYTES);
    writeEnvironment(cpu, linear, width);
    long at = linear + ITEMS * width;
    for (int i = 0; i < 8; i++, at += 10) {
      cpu.memory().write64(at, X87Unit.significand(cpu, i));
      cpu.memory().write16(at + 8, X87Unit.signExponent(cpu, i));
    }
    Control.initialize(cpu);
  }

  private static void fldenv(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      int width = width(in);
      readEnvironment(cpu, readable(cpu, in, ITEMS * width), width);
    }
  }

  private static void frstor(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    int width = width(in);
    long linear = readable(cpu, in, ITEMS * width + REGISTERS_BYTES);
    readEnvironment(cpu, linear, width);
    X87Registers x = cpu.x87();
    long at = linear + ITEMS * width;
    for (int i = 0; i < 8; i++, at += 10) {
      x.set((x.top() + i) & 7, cpu.memory().read16(at + 8), cpu.memory().read64(at));
    }
  }

  private static void writeEnvironment(Vcpu cpu, long linear, int width) {
    X87Registers x = cpu.x87();
    put(cpu, linear, width, 0, x.control() | RESERVED);
    put(cpu, linear, width, 1, x.status() | RESERVED);
    put(cpu, linear, width, 2, tags(x) | RESERVED);
    if (cpu.isRealOrVirtual8086()) {
      int instruction = (x.instructionSelector() << 4) + (int) x.instructionPointer();
      int data = (x.dataSelector() << 4) + (int) x.dataPointer();
      put(cpu, linear, width, 3, instruction & 0xFFFF | RESERVED);
      put(cpu, linear, width, 4, upper(instruction, width) | x.opcode());
      put(cpu, linear, width, 5, data & 0xFFFF | RESERVED);
      put(cpu, linear, width, 6, upper(data, width));
    } else {
      put(cpu, linear, width, 3, (int) x.instructionPointer());
      put(cpu, linear, width, 4, x.instructionSelector() | x.opcode() << 16);
      put(cpu, linear, width, 5, (int) x.dataPointer());
      put(cpu, linear, width, 6, x.dataSelector() | RESERVED);
    }
  }

  /** Bits of a linear address above 15, from bit 12 on: all in 32-bit images, 4 in 16-bit ones. */
  private static int upper(int address, int width) {
    return width == 2 ? address >>> 4 & 0xF000 : address >>> 16 << 12;
  }

  private static void readEnvironment(Vcpu cpu, long linear, int width) {
    int[] items = new int[ITEMS];
    LinearMemory memory = cpu.memory();
    for (int i = 0; i < ITEMS; i++) {
      items[i] = width == 2 ? memory.read16(linear + 2 * i) : memory.read32(linear + 4 * i);
    }
    X87Registers x = cpu.x87();
    x.status(items[1]);
    x.emptyMask(emptyMask(items[2]));
    if (cpu.isRealOrVirtual8086()) {
      x.lastInstruction(lower(items[3], items[4], width), 0, items[4] & OPCODE);
      x.lastData(lower(items[5], items[6], width), 0);
    } else {
      // the 16-bit image has no opcode
      x.lastInstruction(
          items[3] & 0xFFFF_FFFFL, items[4] & 0xFFFF, width == 2 ? 0 : items[4] >>> 16 & OPCODE);
      x.lastData(items[5] & 0xFFFF_FFFFL, items[6] & 0xFFFF);
    }
    Control.control(cpu, items[0]);
  }

  private static long lower(int low, int high, int width) {
    int upper = width == 2 ? (high & 0xF000) << 4 : high >>> 12 << 16;
    return (low & 0xFFFF | upper) & 0xFFFF_FFFFL;
  }

  private static void put(Vcpu cpu, long linear, int width, int item, int value) {
    if (width == 2) {
      cpu.memory().write16(linear + 2 * item, value & 0xFFFF);
    } else {
      cpu.memory().write32(linear + 4 * item, value);
    }
  }

  /** The full tag word: 0 valid, 1 zero, 2 special, 3 empty for each physical register. */
  static int tags(X87Registers x) {
    int tags = 0;
    for (int n = 7; n >= 0; n--) {
      int tag;
      int exponent = x.signExponent(n) & 0x7FFF;
      if ((x.emptyMask() >>> n & 1) != 0) {
        tag = 3;
      } else if (exponent == 0 && x.significand(n) == 0) {
        tag = 1;
      } else if (exponent == 0 || exponent == 0x7FFF || x.significand(n) >= 0) {
        tag = 2;
      } else {
        tag = 0;
      }
      tags = tags << 2 | tag;
    }
    return tags;
  }

  /** The empty mask that a full tag word stands for. */
  static int emptyMask(int tags) {
    int mask = 0;
    for (int n = 0; n < 8; n++) {
      if ((tags >>> (2 * n) & 3) == 3) {
        mask |= 1 << n;
      }
    }
    return mask;
  }
}
