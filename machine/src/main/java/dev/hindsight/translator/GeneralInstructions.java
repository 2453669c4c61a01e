package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import java.util.List;

/**
 * Emits innocent instructions on general registers and memory: moves, arithmetic, logic.
 *
 * <p>Results and flags that the manual leaves undefined are those of docs/undefined.md: where
 * processors of one maker or the other differ from it, code is added that makes them so.
 */
final class GeneralInstructions {
  private static final int GROUP1_CMP = 7;
  private static final int SHL = 4;
  private static final int SHR = 5;
  private static final int SAR = 7;

  private final BlockWriter block;
  private final HostEmitter out;
  private final OperandEmitter operands;
  private final FlagTracker flags;
  private final MultiplyAndDivide multiply;
  private final BitInstructions bits;

  GeneralInstructions(BlockWriter block, OperandEmitter operands) {
    this.block = block;
    this.out = block.out;
    this.operands = operands;
    this.flags = block.flags;
    this.multiply = new MultiplyAndDivide(block, operands);
    this.bits = new BitInstructions(block, operands);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case ADD -> binary(in, 0);
      case OR -> binary(in, 1);
      case ADC -> binary(in, 2);
      case SBB -> binary(in, 3);
      case AND -> binary(in, 4);
      case SUB -> binary(in, 5);
      case XOR -> binary(in, 6);
      case CMP -> binary(in, GROUP1_CMP);
      case TEST -> test(in);
      case MOV, MOVABS -> move(in);
      case MOVZX -> extend(in, 0xB6);
      case MOVSX -> extend(in, 0xBE);
      case MOVSXD -> signExtendDoubleword(in);
      case LEA -> lea(in);
      case XCHG -> exchange(in);
      case BSWAP -> byteSwap(in);
      case INC -> incrementOrDecrement(in, 0);
      case DEC -> incrementOrDecrement(in, 1);
      case NOT -> not(in);
      case NEG -> negate(in);
      case ROL -> rotate(in, 0);
      case ROR -> rotate(in, 1);
      case RCL -> rotate(in, 2);
      case RCR -> rotate(in, 3);
      case SHL -> shift(in, SHL);
      case SHR -> shift(in, SHR);
      case SAR -> shift(in, SAR);
      case SHLD -> doubleShift(in, 0xA4);
      case SHRD -> doubleShift(in, 0xAC);
      case CBW, CWDE, CDQE -> extendAccumulator(in);
      case CWD, CDQ, CQO -> signOfAccumulator(in);
      case CMPXCHG -> compareAndExchange(in);
      case XADD -> exchangeAndAdd(in);
      case CLC -> carry(0xF8);
      case STC -> carry(0xF9);
      case CMC -> carry(0xF5);
      case NOP,
          PAUSE,
          ENDBR32,
          ENDBR64,
          LFENCE,
          MFENCE,
          SFENCE,
          PREFETCH,
          PREFETCHW,
          PREFETCHNTA,
          PREFETCHT0,
          PREFETCHT1,
          PREFETCHT2 ->
          true;
      default -> {
        int set = ConditionCode.ofSet(in.mnemonic());
        int move = ConditionCode.ofMove(in.mnemonic());
        yield set != ConditionCode.NONE
            ? set(in, set)
            : move != ConditionCode.NONE
                ? conditionalMove(in, move)
                : multiply.emit(in) || bits.emit(in);
      }
    };
  }

  private boolean areSuitable(Instruction in) {
    List<Operand> all = in.operands();
    for (int i = 0; i < all.size(); i++) {
      Operand o = all.get(i);
      if (!(o instanceof ImmediateOperand) && !operands.isSuitable(o)) {
        return false;
      }
    }
    return true;
  }

  // ---- ADD, OR, ADC, SBB, AND, SUB, XOR, CMP

  private boolean binary(Instruction in, int operation) {
    if (!areSuitable(in)) {
      return false;
    }
    Operand to = in.operand(0);
    Operand from = in.operand(1);
    int size = in.bits(0);
    boolean write = operation != GROUP1_CMP;
    boolean needsCarry = operation == 2 || operation == 3;
    if (size == 8 && (OperandEmitter.isHighByte(to) || OperandEmitter.isHighByte(from))) {
      binaryOfHighByte(to, from, operation, needsCarry);
      return true;
    }
    Place destination = null;
    Place source = null;
    if (from instanceof MemoryOperand) {
      source = operands.place(from, false);
      destination = operands.place(to, write);
    } else {
      destination = operands.place(to, write);
      source = from instanceof ImmediateOperand ? null : operands.place(from, false);
    }
    if (needsCarry) {
      flags.restoreCarry();
    }
    Place result = write ? operands.compute(size, destination, true) : destination;
    if (source == null) {
      immediate(operation, size, result, ((ImmediateOperand) from).value());
    } else {
      combine(operation, size, result, source);
    }
    flags.setInHost();
    operands.finish(destination, result);
    return true;
  }

  private void combine(int operation, int size, Place destination, Place source) {
    int opcode = operation << 3;
    if (source.isRegister()) {
      operands.emit(Opcode.of(opcode), size, source.register(), destination);
    } else if (destination.isRegister()) {
      operands.emit(Opcode.of(opcode | 2), size, destination.register(), source);
    } else {
      operands.load(size, HostRegister.TEMPORARY, source);
      operands.emit(Opcode.of(opcode), size, HostRegister.TEMPORARY, destination);
    }
  }

  private void immediate(int operation, int size, Place destination, long value) {
    if (size == 8) {
      operands.emit(Opcode.of(0x80), 8, operation, destination);
      out.byte1((int) value);
    } else if (value == (byte) value) {
      operands.emitExact(Opcode.GROUP1_BYTE, size, operation, destination, false);
      out.byte1((int) value);
    } else {
      operands.emitExact(Opcode.GROUP1, size, operation, destination, false);
      out.immediate(value, Math.min(size, 32) >>> 3);
    }
  }

  private void binaryOfHighByte(Operand to, Operand from, int operation, boolean needsCarry) {
    boolean write = operation != GROUP1_CMP;
    Place destination = null;
    Place source = null;
    if (to instanceof MemoryOperand) {
      destination = operands.place(to, write);
    } else if (from instanceof MemoryOperand) {
      source = operands.place(from, false);
    }
    if (from instanceof Register r) {
      source = byteSource(r);
    }
    if (needsCarry) {
      flags.restoreCarry();
    }
    int rotated = RegisterMap.NONE;
    if (destination == null) {
      Register r = (Register) to;
      destination = Place.ofGeneral(r.number());
      if (OperandEmitter.isHighByte(to)) {
        rotated = destination.register();
        operands.rotateHighByteDown(rotated);
      }
    }
    if (source == null) {
      immediate(operation, 8, destination, ((ImmediateOperand) from).value());
    } else {
      combine(operation, 8, destination, source);
    }
    flags.setInHost();
    if (rotated != RegisterMap.NONE) {
      operands.rotateHighByteUp(rotated);
    }
  }

  /** A byte register's value where turning another one does not change it. */
  private Place byteSource(Register r) {
    if (OperandEmitter.isHighByte(r)) {
      operands.loadHighByte(HostRegister.TEMPORARY, r);
    } else {
      operands.load(8, HostRegister.TEMPORARY, Place.ofGeneral(r.number()));
    }
    return Place.ofHost(HostRegister.TEMPORARY);
  }

  private boolean test(Instruction in) {
    if (!areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    Operand first = in.operand(0);
    Place left;
    if (OperandEmitter.isHighByte(first)) {
      operands.loadHighByte(HostRegister.ADDRESS, first);
      left = Place.ofHost(HostRegister.ADDRESS);
    } else {
      left = operands.place(first, false);
    }
    if (in.operand(1) instanceof ImmediateOperand i) {
      operands.emit(Opcode.of(0xF6), size, 0, left);
      out.immediate(i.value(), Math.min(size, 32) >>> 3);
    } else {
      Register r = (Register) in.operand(1);
      int right;
      if (OperandEmitter.isHighByte(r)) {
        operands.loadHighByte(HostRegister.TEMPORARY, r);
        right = HostRegister.TEMPORARY;
      } else {
        right = operands.inRegister(Place.ofGeneral(r.number()), size, HostRegister.TEMPORARY);
      }
      operands.emit(Opcode.of(0x84), size, right, left);
    }
    flags.setInHost();
    return true;
  }

  // ---- moves

  private boolean move(Instruction in) {
    if (!areSuitable(in)) {
      return false;
    }
    Operand to = in.operand(0);
    Operand from = in.operand(1);
    int size = in.bits(0);
    if (size == 8 && (OperandEmitter.isHighByte(to) || OperandEmitter.isHighByte(from))) {
      moveHighByte(to, from);
      return true;
    }
    if (from instanceof MemoryOperand) {
      Place source = operands.place(from, false);
      Place destination = operands.place(to, true);
      if (destination.isRegister() && size >= 32) {
        operands.load(size, destination.register(), source);
      } else if (destination.isRegister()) {
        operands.emit(Opcode.of(0x8A), size, destination.register(), source);
      } else {
        operands.load(size, HostRegister.TEMPORARY, source);
        operands.store(size, destination, HostRegister.TEMPORARY);
      }
      return true;
    }
    Place destination = operands.place(to, true);
    if (from instanceof ImmediateOperand i) {
      moveImmediate(size, destination, i.value());
    } else {
      Place source = operands.place(from, false);
      int register = operands.inRegister(source, size, HostRegister.TEMPORARY);
      operands.store(size, destination, register);
    }
    return true;
  }

  private void moveImmediate(int size, Place destination, long value) {
    if (destination.isRegister() && size >= 32) {
      out.constant(destination.register(), size == 64 ? value : value & 0xFFFF_FFFFL);
    } else if (size == 64 && value != (int) value) {
      out.constant(HostRegister.TEMPORARY, value);
      operands.store(64, destination, HostRegister.TEMPORARY);
    } else {
      Place result = operands.compute(size, destination, false);
      operands.emit(Opcode.of(0xC6), size, 0, result);
      out.immediate(value, Math.min(size, 32) >>> 3);
      operands.finish(destination, result);
    }
  }

  private void moveHighByte(Operand to, Operand from) {
    Place destination = to instanceof MemoryOperand ? operands.place(to, true) : null;
    Place source =
        switch (from) {
          case MemoryOperand m -> operands.place(m, false);
          case Register r -> byteSource(r);
          default -> null;
        };
    if (destination == null) {
      destination = Place.ofGeneral(((Register) to).number());
    }
    boolean high = OperandEmitter.isHighByte(to);
    if (high) {
      operands.rotateHighByteDown(destination.register());
    }
    if (source == null) {
      operands.emit(Opcode.of(0xC6), 8, 0, destination);
      out.byte1((int) ((ImmediateOperand) from).value());
    } else if (destination.isRegister()) {
      operands.emit(Opcode.of(0x8A), 8, destination.register(), source);
    } else {
      int register = operands.inRegister(source, 8, HostRegister.TEMPORARY);
      operands.emit(Opcode.of(0x88), 8, register, destination);
    }
    if (high) {
      operands.rotateHighByteUp(destination.register());
    }
  }

  /** MOVZX and MOVSX. */
  private boolean extend(Instruction in, int opcode) {
    if (!areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    int from = in.bits(1);
    Place source;
    if (OperandEmitter.isHighByte(in.operand(1))) {
      operands.loadHighByte(HostRegister.TEMPORARY, in.operand(1));
      source = Place.ofHost(HostRegister.TEMPORARY);
    } else {
      source = operands.place(in.operand(1), false);
    }
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    operands.emitExact(Opcode.of0F(from == 8 ? opcode : opcode | 1), size, to, source, from == 8);
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private boolean signExtendDoubleword(Instruction in) {
    if (!areSuitable(in) || in.bits(0) != 64 || in.bits(1) != 32) {
      return false;
    }
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
    operands.emitExact(Opcode.of(0x63), 64, to, source, false);
    operands.store(64, destination, to);
    return true;
  }

  private boolean lea(Instruction in) {
    MemoryOperand m = (MemoryOperand) in.operand(1);
    if (!block.memory.canAddress(m)) {
      return false;
    }
    Place destination = operands.place(in.operand(0), true);
    int size = in.bits(0);
    boolean direct =
        destination.isRegister()
            && size >= 32
            && (size == 64 || m.addressBits() == 32)
            && (m.base() == null || RegisterMap.host(m.base().number()) != RegisterMap.NONE);
    if (direct) {
      block.memory.address(m, destination.register());
    } else {
      block.memory.address(m, HostRegister.ADDRESS);
      operands.store(size, destination, HostRegister.ADDRESS);
    }
    return true;
  }

  private boolean exchange(Instruction in) {
    if (!areSuitable(in)
        || OperandEmitter.isHighByte(in.operand(0))
        || OperandEmitter.isHighByte(in.operand(1))) {
      return false;
    }
    int size = in.bits(0);
    boolean secondIsMemory = in.operand(1) instanceof MemoryOperand;
    Place first = operands.place(in.operand(secondIsMemory ? 1 : 0), true);
    Place second = operands.place(in.operand(secondIsMemory ? 0 : 1), true);
    // of two values that are both in memory, one must wait where the flags are
    if (!first.isRegister() && !second.isRegister()) {
      operands.load(size, HostRegister.TEMPORARY, first);
      out.store(HostRegister.AREA, EngineArea.SCRATCH, HostRegister.TEMPORARY);
      operands.load(size, HostRegister.TEMPORARY, second);
      operands.store(size, first, HostRegister.TEMPORARY);
      out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.SCRATCH);
      operands.store(size, second, HostRegister.TEMPORARY);
      return true;
    }
    // where the guest's memory is, the address must stay; where a register is kept in memory,
    // storing takes the temporary
    boolean accessed = first.equals(Place.ACCESSED);
    int held = accessed ? HostRegister.TEMPORARY : HostRegister.ADDRESS;
    operands.load(size, held, first);
    if (second.isRegister()) {
      operands.store(size, first, second.register());
    } else {
      operands.emit(Opcode.of(0x8A), size, first.register(), second);
    }
    operands.store(size, second, held);
    return true;
  }

  private boolean byteSwap(Instruction in) {
    int size = in.bits(0);
    if (size == 16) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    int register = operands.inRegister(place, size, HostRegister.TEMPORARY);
    out.byteSwap(size == 64 ? 1 : 0, register);
    if (!place.isRegister()) {
      operands.store(size, place, register);
    }
    return true;
  }

  // ---- one operand

  private boolean incrementOrDecrement(Instruction in, int operation) {
    if (!areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (block.flagsNeeded()) {
      flags.restoreCarry();
    }
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xFE), in.bits(0), operation, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  private boolean not(Instruction in) {
    if (!areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xF6), in.bits(0), 2, result);
    operands.finish(place, result);
    return true;
  }

  private boolean negate(Instruction in) {
    if (!areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xF6), in.bits(0), 3, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  // ---- shifts

  /** The count of a shift that leaves no question open, 0 for CL, or -1. */
  private static int count(Instruction in, int operand) {
    int size = in.bits(0);
    if (in.operand(operand) instanceof ImmediateOperand i) {
      int count = (int) i.value() & (size == 64 ? 63 : 31);
      return count == 0 || count >= size ? -1 : count;
    }
    return size >= 32 ? 0 : -1;
  }

  private boolean shift(Instruction in, int operation) {
    int count = count(in, 1);
    if (!operands.isSuitable(in.operand(0))
        || OperandEmitter.isHighByte(in.operand(0))
        || count < 0) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (count == 0 && block.flagsNeeded()) {
      // a count of 0 leaves the flags as they were
      flags.restore();
    }
    Place result = operands.compute(in.bits(0), place, true);
    emitShift(in.bits(0), operation, count, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  private void emitShift(int size, int operation, int count, Place place) {
    if (count == 0) {
      operands.emit(Opcode.of(0xD2), size, operation, place);
    } else if (count == 1) {
      operands.emit(Opcode.of(0xD0), size, operation, place);
    } else {
      operands.emit(Opcode.of(0xC0), size, operation, place);
      out.byte1(count);
    }
  }

  private boolean rotate(Instruction in, int operation) {
    int count = count(in, 1);
    boolean throughCarry = operation >= 2;
    if (!operands.isSuitable(in.operand(0))
        || OperandEmitter.isHighByte(in.operand(0))
        || count < 0
        || throughCarry && in.bits(0) < 32) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (throughCarry || block.flagsNeeded()) {
      flags.restore();
    }
    Place result = operands.compute(in.bits(0), place, true);
    emitShift(in.bits(0), operation, count, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  private boolean doubleShift(Instruction in, int opcode) {
    int size = in.bits(0);
    int count = count(in, 2);
    if (!areSuitable(in) || size < 32 || count < 0) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(size, place, true);
    // the other temporary may hold an address, or the result
    int other = result == place ? HostRegister.TEMPORARY : HostRegister.ADDRESS;
    int register = operands.inRegister(operands.place(in.operand(1), false), size, other);
    if (count == 0 && block.flagsNeeded()) {
      flags.restore();
    }
    operands.emitExact(
        Opcode.of0F(count == 0 ? opcode | 1 : opcode), size, register, result, false);
    if (count != 0) {
      out.byte1(count);
    }
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  // ---- conditions

  private boolean set(Instruction in, int condition) {
    if (!areSuitable(in)) {
      return false;
    }
    Operand to = in.operand(0);
    boolean high = OperandEmitter.isHighByte(to);
    Place place = high ? Place.ofGeneral(((Register) to).number()) : operands.place(to, true);
    flags.restore();
    if (high) {
      operands.rotateHighByteDown(place.register());
    }
    operands.emitExact(Opcode.of0F(0x90 | condition), 32, 0, place, true);
    if (high) {
      operands.rotateHighByteUp(place.register());
    }
    return true;
  }

  private boolean conditionalMove(Instruction in, int condition) {
    if (!areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to = operands.inRegister(destination, size, HostRegister.TEMPORARY);
    flags.restore();
    operands.emitExact(Opcode.of0F(0x40 | condition), size, to, source, false);
    if (!destination.isRegister()) {
      operands.store(size, destination, to);
    }
    return true;
  }

  private boolean carry(int opcode) {
    flags.restore();
    out.byte1(opcode);
    flags.setInHost();
    return true;
  }

  // ---- the accumulator

  private boolean extendAccumulator(Instruction in) {
    int rax = RegisterMap.RAX;
    switch (in.mnemonic()) {
      case CDQE -> out.register(Opcode.of(0x63), 1, rax, rax, false);
      case CWDE -> out.register(Opcode.of0F(0xBF), 0, rax, rax, false);
      default -> out.register(new Opcode(0x66, 1, 0xBE), 0, rax, rax, true);
    }
    return true;
  }

  private boolean signOfAccumulator(Instruction in) {
    if (in.mnemonic() == Mnemonic.CWD) {
      return false;
    }
    int w = in.mnemonic() == Mnemonic.CQO ? 1 : 0;
    out.constant(HostRegister.TEMPORARY, w == 1 ? 63 : 31);
    // SARX: no flags change
    out.vexRegister(
        new Opcode(0xF3, 2, 0xF7), w, 0, HostRegister.RDX, HostRegister.TEMPORARY, RegisterMap.RAX);
    return true;
  }

  /** Nobody else runs while emitted code does: LOCK has nothing to say. */
  private boolean compareAndExchange(Instruction in) {
    if (!(in.operand(0) instanceof MemoryOperand)
        || !areSuitable(in)
        || OperandEmitter.isHighByte(in.operand(1))) {
      return false;
    }
    int size = in.bits(0);
    Place memory = operands.place(in.operand(0), true);
    Place source = operands.place(in.operand(1), false);
    int register = operands.inRegister(source, size, HostRegister.TEMPORARY);
    out.move(HostRegister.RAX, RegisterMap.RAX);
    operands.emit(Opcode.of0F(0xB0), size, register, memory);
    if (size == 32) {
      // with equal values RAX is not written, not even its upper half
      out.register(Opcode.of0F(0x45), 1, RegisterMap.RAX, HostRegister.RAX, false);
    } else {
      out.move(RegisterMap.RAX, HostRegister.RAX);
    }
    flags.setInHost();
    return true;
  }

  private boolean exchangeAndAdd(Instruction in) {
    if (!(in.operand(0) instanceof MemoryOperand)
        || !areSuitable(in)
        || OperandEmitter.isHighByte(in.operand(1))) {
      return false;
    }
    int size = in.bits(0);
    Place memory = operands.place(in.operand(0), true);
    Place register = operands.place(in.operand(1), true);
    operands.load(size, HostRegister.TEMPORARY, register);
    operands.emit(Opcode.of0F(0xC0), size, HostRegister.TEMPORARY, memory);
    flags.setInHost();
    operands.store(size, register, HostRegister.TEMPORARY);
    return true;
  }
}
