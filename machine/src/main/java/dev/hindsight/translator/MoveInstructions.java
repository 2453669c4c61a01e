package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;

/**
 * Emits moves and exchanges between general registers and memory, and conversions of their sizes.
 */
final class MoveInstructions extends InstructionEmitter {
  /** Where ZF is in the register for flags. */
  private static final int ZF_BIT = 14;

  MoveInstructions(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case MOV, MOVABS -> move(in);
      case MOVZX -> extend(in, 0xB6);
      case MOVSX -> extend(in, 0xBE);
      case MOVSXD -> signExtendDoubleword(in);
      case LEA -> lea(in);
      case XCHG -> exchange(in);
      case BSWAP -> byteSwap(in);
      case CBW, CWDE, CDQE -> extendAccumulator(in);
      case CWD, CDQ, CQO -> signOfAccumulator(in);
      case CMPXCHG -> compareAndExchange(in);
      case CMPXCHG16B -> compareAndExchangePair(in);
      case XADD -> exchangeAndAdd(in);
      default -> {
        int condition = ConditionCode.ofMove(in.mnemonic());
        yield condition != ConditionCode.NONE && conditionalMove(in, condition);
      }
    };
  }

  // ---- moves

  private boolean move(Instruction in) {
    if (in.operand(1) instanceof Register r && r.kind() == RegisterKind.SEGMENT) {
      return moveSelector(in, r.number());
    }
    if (!operands.areSuitable(in)) {
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
    Place soft = operands.softImmediate(size, destination);
    if (soft != null) {
      operands.store(size, destination, soft.register());
    } else if (from instanceof ImmediateOperand i) {
      moveImmediate(size, destination, i.value());
    } else {
      Place source = operands.place(from, false);
      int register = operands.inRegister(source, size, HostRegister.TEMPORARY);
      operands.store(size, destination, register);
    }
    return true;
  }

  private boolean moveSelector(Instruction in, int segment) {
    if (!SegmentState.hasSelector(segment) || !operands.isSuitable(in.operand(0))) {
      return false;
    }
    Place destination = operands.place(in.operand(0), true);
    operands.load(32, HostRegister.TEMPORARY, Place.ofSelector(segment));
    operands.store(in.bits(0), destination, HostRegister.TEMPORARY);
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
          case Register r -> operands.byteSource(r);
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
    if (!operands.areSuitable(in)) {
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
    if (!operands.areSuitable(in) || in.bits(0) != 64 || in.bits(1) != 32) {
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
    if (!operands.areSuitable(in)
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

  private boolean conditionalMove(Instruction in, int condition) {
    if (!operands.areSuitable(in)) {
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
        || !operands.areSuitable(in)
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

  /** CMPXCHG16B: RDX, RBX and RCX are themselves, and of the flags only ZF changes. */
  private boolean compareAndExchangePair(Instruction in) {
    MemoryOperand memory = (MemoryOperand) in.operand(0);
    if (!block.memory.canAddress(memory)) {
      return false;
    }
    block.memory.emitAligned(memory, 16, true);
    int held = HostRegister.TEMPORARY;
    int equal = HostRegister.ADDRESS;
    out.move(held, HostRegister.FLAGS);
    out.move(HostRegister.RAX, RegisterMap.RAX);
    out.memory(Opcode.of0F(0xC7), 1, 1, HostRegister.ADDRESS, 0, false);
    out.move(RegisterMap.RAX, HostRegister.RAX);
    out.register(Opcode.of0F(0x90 | ConditionCode.E), 0, 0, equal, true); // SETE
    out.register(Opcode.of0F(0xB6), 0, equal, equal, true); // MOVZX
    out.register(Opcode.GROUP2_BYTE, 0, 4, equal, false); // SHL
    out.byte1(ZF_BIT);
    out.move(HostRegister.FLAGS, held);
    out.arithmetic(4, 0, HostRegister.FLAGS, ~(1 << ZF_BIT));
    out.register(Opcode.of(0x0B), 0, HostRegister.FLAGS, equal, false); // OR
    flags.setInRegister();
    return true;
  }

  private boolean exchangeAndAdd(Instruction in) {
    if (!(in.operand(0) instanceof MemoryOperand)
        || !operands.areSuitable(in)
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
