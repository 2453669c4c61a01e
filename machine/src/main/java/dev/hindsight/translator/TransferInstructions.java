package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RelativeOperand;

/**
 * Emits the stack instructions, and what ends a block: jumps, calls and returns.
 *
 * <p>Before control leaves its page everything else that could fault has been looked at, and
 * nothing has been done: what the TLB does not know is left to the interpreter, which executes the
 * whole instruction.
 */
final class TransferInstructions extends InstructionEmitter {
  private final LinkWriter links;
  private final CodeFinder finder;

  TransferInstructions(BlockWriter block, OperandEmitter operands, LinkWriter links) {
    super(block, operands);
    this.links = links;
    this.finder = new CodeFinder(out, links);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case PUSH -> push(in);
      case POP -> pop(in);
      case LEAVE -> leave(in);
      case CALL -> call(in);
      case RET -> ret(in);
      case JMP -> jump(in);
      case JECXZ, JRCXZ, LOOP -> countingJump(in);
      default -> {
        int condition = ConditionCode.ofJump(in.mnemonic());
        yield condition != ConditionCode.NONE && conditionalJump(in, condition);
      }
    };
  }

  private int bytes() {
    return block.addressBytes();
  }

  private int w() {
    return block.is64Bit() ? 1 : 0;
  }

  private boolean hasNaturalSize(Instruction in) {
    return in.operandBits() == bytes() * 8;
  }

  // ---- the stack

  private void moveStackPointer(int bytes) {
    out.memory(Opcode.LEA, w(), RegisterMap.RSP, RegisterMap.RSP, bytes, false);
  }

  private void accessTop() {
    block.memory.emitStack(0, bytes(), false);
  }

  private void accessBelowTop() {
    block.memory.emitStack(-bytes(), bytes(), true);
  }

  private void storeAtAddress(int register) {
    out.memory(Opcode.MOV_STORE, w(), register, HostRegister.ADDRESS, 0, false);
  }

  private boolean push(Instruction in) {
    if (!hasNaturalSize(in)) {
      return false;
    }
    switch (in.operand(0)) {
      case ImmediateOperand i -> {
        accessBelowTop();
        out.memory(Opcode.MOV_IMMEDIATE, w(), 0, HostRegister.ADDRESS, 0, false);
        out.int4((int) i.value());
      }
      case Register r when OperandEmitter.isGeneral(r) -> {
        accessBelowTop();
        storeAtAddress(
            operands.inRegister(Place.ofGeneral(r.number()), bytes() * 8, HostRegister.TEMPORARY));
      }
      case Register r when isSelector(r) -> {
        accessBelowTop();
        operands.load(32, HostRegister.TEMPORARY, Place.ofSelector(r.number()));
        storeAtAddress(HostRegister.TEMPORARY);
      }
      case MemoryOperand m when block.memory.canAddress(m) -> {
        operands.load(bytes() * 8, HostRegister.TEMPORARY, operands.place(m, false));
        out.store(HostRegister.AREA, EngineArea.SCRATCH, HostRegister.TEMPORARY);
        accessBelowTop();
        out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.SCRATCH);
        storeAtAddress(HostRegister.TEMPORARY);
      }
      default -> {
        return false;
      }
    }
    moveStackPointer(-bytes());
    return true;
  }

  private static boolean isSelector(Register r) {
    return r.kind() == RegisterKind.SEGMENT && SegmentState.hasSelector(r.number());
  }

  private boolean pop(Instruction in) {
    if (!hasNaturalSize(in) || !OperandEmitter.isGeneral(in.operand(0))) {
      return false;
    }
    accessTop();
    moveStackPointer(bytes());
    Place to = Place.ofGeneral(((Register) in.operand(0)).number());
    int register = to.isRegister() ? to.register() : HostRegister.TEMPORARY;
    operands.load(bytes() * 8, register, Place.ACCESSED);
    if (!to.isRegister()) {
      operands.store(bytes() * 8, to, register);
    }
    return true;
  }

  private boolean leave(Instruction in) {
    if (!hasNaturalSize(in)) {
      return false;
    }
    block.memory.emit(HostRegister.RBP, 0, bytes(), false);
    out.memory(Opcode.LEA, w(), RegisterMap.RSP, HostRegister.RBP, bytes(), false);
    operands.load(bytes() * 8, HostRegister.RBP, Place.ACCESSED);
    return true;
  }

  /** Pushes the address of the instruction that follows. */
  private void pushReturnAddress() {
    accessBelowTop();
    out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.PAGE_BASE);
    out.memory(
        Opcode.LEA,
        w(),
        HostRegister.TEMPORARY,
        HostRegister.TEMPORARY,
        block.nextInstruction(),
        false);
    storeAtAddress(HostRegister.TEMPORARY);
    moveStackPointer(-bytes());
  }

  // ---- direct

  private boolean isNear(Operand o) {
    return o instanceof RelativeOperand r && r.bits() == bytes() * 8;
  }

  private long target(Operand o) {
    return block.nextInstruction() + ((RelativeOperand) o).displacement();
  }

  private boolean conditionalJump(Instruction in, int condition) {
    if (!isNear(in.operand(0))) {
      return false;
    }
    flags.save();
    flags.restore();
    bothWays(out.jumpIf(condition), target(in.operand(0)));
    return true;
  }

  private void bothWays(int taken, long target) {
    links.from(0, taken, target, false);
    links.goTo(1, block.nextInstruction(), false);
  }

  private boolean countingJump(Instruction in) {
    if (!isNear(in.operand(0)) || in.addressBits() == 16) {
      return false;
    }
    long target = target(in.operand(0));
    boolean loops = in.mnemonic() == Mnemonic.LOOP;
    if (loops && !(LinkWriter.isInPage(target) && LinkWriter.isInPage(block.nextInstruction()))) {
      // RCX must not have been counted down where the interpreter does it
      return false;
    }
    flags.save();
    int w = in.addressBits() == 64 ? 1 : 0;
    if (loops) {
      out.memory(Opcode.LEA, w, HostRegister.RCX, HostRegister.RCX, -1, false);
    }
    out.register(Opcode.TEST, w, HostRegister.RCX, HostRegister.RCX, false);
    flags.hostClobbered();
    bothWays(out.jumpIf(loops ? ConditionCode.NE : ConditionCode.E), target);
    return true;
  }

  private boolean jump(Instruction in) {
    Operand to = in.operand(0);
    if (isNear(to)) {
      flags.save();
      links.goTo(0, target(to), false);
      return true;
    }
    if (!loadTarget(to)) {
      return false;
    }
    indirect(false, 0);
    return true;
  }

  private boolean call(Instruction in) {
    Operand to = in.operand(0);
    if (isNear(to)) {
      flags.save();
      long target = target(to);
      if (LinkWriter.isInPage(target)) {
        pushReturnAddress();
        links.goTo(0, target, false);
      } else {
        links.crossPage(0, target, false, this::pushReturnAddress);
      }
      return true;
    }
    if (!loadTarget(to)) {
      return false;
    }
    indirect(true, 0);
    return true;
  }

  // ---- indirect

  /** Gets the target of an indirect transfer into the address register. */
  private boolean loadTarget(Operand to) {
    if (to.bits() != bytes() * 8 || !operands.isSuitable(to)) {
      return false;
    }
    Place place = operands.place(to, false);
    flags.save();
    operands.load(bytes() * 8, HostRegister.ADDRESS, place);
    return true;
  }

  private boolean ret(Instruction in) {
    if (!hasNaturalSize(in)) {
      return false;
    }
    int pops = in.operands().isEmpty() ? 0 : (int) ((ImmediateOperand) in.operand(0)).value();
    accessTop();
    operands.load(bytes() * 8, HostRegister.ADDRESS, Place.ACCESSED);
    indirect(false, bytes() + (pops & 0xFFFF));
    return true;
  }

  /**
   * Goes to the linear address in the address register: looks up its page in the TLB, and what code
   * there is in the table that the entry has for it.
   *
   * @param call whether the return address is to be pushed
   * @param pops bytes to be taken from the stack
   */
  private void indirect(boolean call, int pops) {
    int target = HostRegister.ADDRESS;
    finder.find(target, EngineArea.TLB);
    if (call) {
      out.store(HostRegister.AREA, EngineArea.SCRATCH, CodeFinder.OFFSET);
      out.store(HostRegister.AREA, EngineArea.SCRATCH2, target);
      out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
      pushReturnAddress();
      out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.SCRATCH);
      out.load(target, HostRegister.AREA, EngineArea.SCRATCH2);
    } else {
      out.move(HostRegister.TEMPORARY, CodeFinder.OFFSET);
      out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
      if (pops != 0) {
        moveStackPointer(pops);
      }
    }
    finder.go(target);
  }
}
