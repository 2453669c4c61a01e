package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;

/** Emits instructions that test, find and count bits, and those with a VEX prefix (BMI). */
final class BitInstructions extends InstructionEmitter {
  private static final int PF_AND_ZF = 0x44;
  private static final int PF = 0x04;
  private static final int ZF_AND_CF = 0x41;

  BitInstructions(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case BT -> test(in, 4);
      case BTS -> test(in, 5);
      case BTR -> test(in, 6);
      case BTC -> test(in, 7);
      case BSF -> scan(in, 0xBC);
      case BSR -> scan(in, 0xBD);
      case TZCNT -> count(in, 0xBC);
      case LZCNT -> count(in, 0xBD);
      case POPCNT -> population(in);
      case ANDN -> threeOperands(in, 0, 0xF2, 1, 2, true);
      case BZHI -> threeOperands(in, 0, 0xF5, 2, 1, true);
      case BEXTR -> threeOperands(in, 0, 0xF7, 2, 1, true);
      case SHLX -> threeOperands(in, 0x66, 0xF7, 2, 1, false);
      case SARX -> threeOperands(in, 0xF3, 0xF7, 2, 1, false);
      case SHRX -> threeOperands(in, 0xF2, 0xF7, 2, 1, false);
      case PDEP -> threeOperands(in, 0xF2, 0xF5, 1, 2, false);
      case PEXT -> threeOperands(in, 0xF3, 0xF5, 1, 2, false);
      case BLSR -> lowestBit(in, 1);
      case BLSMSK -> lowestBit(in, 2);
      case BLSI -> lowestBit(in, 3);
      case RORX -> rotate(in);
      case MOVBE -> moveBigEndian(in);
      default -> false;
    };
  }

  // ---- BT, BTS, BTR, BTC: all flags but CF stay

  private boolean test(Instruction in, int operation) {
    int size = in.bits(0);
    if (!operands.areSuitable(in)) {
      return false;
    }
    boolean write = operation != 4;
    if (in.operand(1) instanceof ImmediateOperand i) {
      Place place = operands.place(in.operand(0), write);
      flags.restore();
      Place result = write ? operands.compute(size, place, true) : place;
      operands.emitExact(Opcode.of0F(0xBA), size, operation, result, false);
      out.byte1((int) i.value() & size - 1);
      flags.setInHost();
      operands.finish(place, result);
      return true;
    }
    if (size == 16) {
      return false;
    }
    Register offset = (Register) in.operand(1);
    Opcode opcode = Opcode.of0F(0x83 | operation << 3);
    if (in.operand(0) instanceof MemoryOperand m) {
      return testInMemory(m, offset, opcode, size, write);
    }
    Place place = operands.place(in.operand(0), write);
    int value = operands.inRegister(place, size, HostRegister.ADDRESS);
    int bit = operands.inRegister(Place.ofGeneral(offset.number()), size, HostRegister.TEMPORARY);
    flags.restore();
    out.register(opcode, size == 64 ? 1 : 0, bit, value, false);
    flags.setInHost();
    if (write && !place.isRegister()) {
      operands.store(size, place, value);
    }
    return true;
  }

  /** A bit of a string of bits: the offset is signed, and moves the address. */
  private boolean testInMemory(
      MemoryOperand m, Register offset, Opcode opcode, int size, boolean write) {
    int bit = RegisterMap.host(offset.number());
    if (m.addressBits() != 64 || bit == RegisterMap.NONE) {
      return false;
    }
    block.memory.emitBitString(m, bit, size >>> 3, write);
    int value = HostRegister.TEMPORARY;
    operands.load(size, value, Place.ACCESSED);
    flags.restore();
    out.register(opcode, size == 64 ? 1 : 0, bit, value, false);
    flags.setInHost();
    if (write) {
      operands.store(size, Place.ACCESSED, value);
    }
    return true;
  }

  // ---- BSF, BSR, TZCNT, LZCNT, POPCNT

  /** What is undefined: with a source of 0 the destination stays; PF is the result's, others 0. */
  private boolean scan(Instruction in, int opcode) {
    int size = in.bits(0);
    if (!operands.areSuitable(in) || size == 16) {
      return false;
    }
    int w = size == 64 ? 1 : 0;
    Place source = operands.place(in.operand(1), false);
    int value = operands.inRegister(source, size, HostRegister.TEMPORARY);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.ADDRESS;
    out.constant(HostRegister.FLAGS, PF_AND_ZF << 8);
    out.register(Opcode.TEST, w, value, value, false);
    int zero = out.jumpIf(ConditionCode.E);
    out.register(Opcode.of0F(opcode), w, to, value, false);
    out.register(Opcode.TEST, 0, to, to, false);
    out.constant(HostRegister.FLAGS, 0);
    out.byte1(0x9F); // LAHF
    out.arithmetic(4, 0, HostRegister.FLAGS, PF << 8);
    operands.store(size, destination, to);
    out.bindHere(zero);
    flags.setInRegister();
    return true;
  }

  /** CF and ZF are the host's, the others 0. */
  private boolean count(Instruction in, int opcode) {
    int size = in.bits(0);
    if (!operands.areSuitable(in)) {
      return false;
    }
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    prefixed(0xF3, opcode, size, to, source);
    out.constant(HostRegister.FLAGS, 0);
    out.byte1(0x9F); // LAHF
    out.arithmetic(4, 0, HostRegister.FLAGS, ZF_AND_CF << 8);
    flags.setInRegister();
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private boolean population(Instruction in) {
    int size = in.bits(0);
    if (!operands.areSuitable(in)) {
      return false;
    }
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    prefixed(0xF3, 0xB8, size, to, source);
    flags.setInHost();
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private void prefixed(int prefix, int opcode, int size, int to, Place source) {
    if (size == 16) {
      out.byte1(0x66);
    }
    operands.emitExact(new Opcode(prefix, 1, opcode), size == 16 ? 32 : size, to, source, false);
  }

  // ---- BMI

  /**
   * An instruction whose second register operand is in VEX.vvvv.
   *
   * @param vvvv number of that operand
   * @param rm number of the operand in ModRM.rm
   */
  private boolean threeOperands(
      Instruction in, int prefix, int opcode, int vvvv, int rm, boolean setsFlags) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    int w = size == 64 ? 1 : 0;
    Place source = operands.place(in.operand(rm), false);
    Place other = operands.place(in.operand(vvvv), false);
    if (!other.isRegister() && !source.isRegister() && source.base() == HostRegister.ADDRESS) {
      // both temporaries hold something: the address gives way to the value
      operands.load(size, HostRegister.ADDRESS, source);
      source = Place.ofHost(HostRegister.ADDRESS);
    }
    int second = operands.inRegister(other, size, HostRegister.TEMPORARY);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    Opcode o = new Opcode(prefix, 2, opcode);
    if (source.isRegister()) {
      out.vexRegister(o, w, 0, to, second, source.register());
    } else {
      out.vexMemory(o, w, 0, to, second, source.base(), source.displacement());
    }
    if (setsFlags) {
      flagsOfResult(w, to);
    }
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  /** CF is the host's, AF and OF are 0, the others are those of the result. */
  private void flagsOfResult(int w, int result) {
    if (!block.flagsNeeded()) {
      flags.setInHost();
      return;
    }
    out.byte1(0x0F); // SETB AL
    out.byte1(0x92);
    out.byte1(0xC0);
    out.register(Opcode.TEST, w, result, result, false);
    out.byte1(0x9F); // LAHF
    out.byte1(0x08); // OR AH, AL
    out.byte1(0xC4);
    out.byte1(0xB0); // MOV AL, 0
    out.byte1(0);
    flags.setInRegister();
  }

  private boolean lowestBit(Instruction in, int operation) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    int w = size == 64 ? 1 : 0;
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    Opcode o = new Opcode(0, 2, 0xF3);
    if (source.isRegister()) {
      out.vexRegister(o, w, 0, operation, to, source.register());
    } else {
      out.vexMemory(o, w, 0, operation, to, source.base(), source.displacement());
    }
    flagsOfResult(w, to);
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private boolean rotate(Instruction in) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    Place source = operands.place(in.operand(1), false);
    int from = operands.inRegister(source, size, HostRegister.TEMPORARY);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    out.rorx(
        size == 64 ? 1 : 0, to, from, (int) ((ImmediateOperand) in.operand(2)).value() & size - 1);
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private boolean moveBigEndian(Instruction in) {
    int size = in.bits(0);
    if (!operands.areSuitable(in) || size == 16) {
      return false;
    }
    int w = size == 64 ? 1 : 0;
    boolean load = in.operand(1) instanceof MemoryOperand;
    Place memory = operands.place(in.operand(load ? 1 : 0), !load);
    Place register = operands.place(in.operand(load ? 0 : 1), load);
    operands.load(size, HostRegister.TEMPORARY, load ? memory : register);
    out.byteSwap(w, HostRegister.TEMPORARY);
    operands.store(size, load ? register : memory, HostRegister.TEMPORARY);
    return true;
  }
}
