package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import org.jspecify.annotations.Nullable;

/**
 * Emits x87 instructions: they are encoded again as they are, for the host's registers are the
 * guest's while a block runs that needs them.
 *
 * <p>Whatever is approximated is the interpreter's, and what loads or stores the unit's state as a
 * whole, and encodings that the manual does not have.
 */
final class X87Instructions extends InstructionEmitter {
  private static final int SHORT = 16;
  private static final int FXCH = 0xD9;
  private static final int FCOM = 0xD8;
  private static final int FSTP = 0xDD;
  private static final Opcode STORE_STATUS = Opcode.of(0xDD);
  private static final Opcode LOAD_CONTROL = Opcode.of(0xD9);
  private static final Opcode MOVZX16 = Opcode.of0F(0xB7);

  X87Instructions(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  /** What an instruction needs, if it is one that can be emitted. */
  int needs(Instruction in) {
    return isInnocent(in) ? Units.X87 : Units.NONE;
  }

  private boolean isInnocent(Instruction in) {
    return switch (in.mnemonic()) {
      case FADD,
          FADDP,
          FIADD,
          FSUB,
          FSUBP,
          FISUB,
          FSUBR,
          FSUBRP,
          FISUBR,
          FMUL,
          FMULP,
          FIMUL,
          FDIV,
          FDIVP,
          FIDIV,
          FDIVR,
          FDIVRP,
          FIDIVR,
          FLD,
          FILD,
          FST,
          FIST,
          FISTP,
          FISTTP,
          FICOM,
          FICOMP,
          FLDCW,
          FNSTCW ->
          hasInnocentOperand(in);
      case FSTP -> isMemory(in) ? hasInnocentOperand(in) : in.row().opcode() == FSTP;
      case FCOM, FCOMP -> isMemory(in) ? hasInnocentOperand(in) : in.row().opcode() == FCOM;
      case FXCH -> in.row().opcode() == FXCH;
      case FNSTSW -> !isMemory(in) || hasInnocentOperand(in);
      case FFREEP -> (in.modrm() & 7) == 0;
      case FCOMPP,
          FUCOM,
          FUCOMP,
          FUCOMPP,
          FCOMI,
          FCOMIP,
          FUCOMI,
          FUCOMIP,
          FCMOVB,
          FCMOVNB,
          FCMOVE,
          FCMOVNE,
          FCMOVBE,
          FCMOVNBE,
          FCMOVU,
          FCMOVNU,
          FTST,
          FXAM,
          FLD1,
          FLDZ,
          FLDPI,
          FLDL2T,
          FLDL2E,
          FLDLG2,
          FLDLN2,
          FCHS,
          FABS,
          FSQRT,
          FRNDINT,
          FINCSTP,
          FDECSTP,
          FFREE,
          FNOP,
          FWAIT,
          EMMS ->
          true;
      default -> false;
    };
  }

  private static boolean isMemory(Instruction in) {
    return in.operand(0) instanceof MemoryOperand;
  }

  private boolean hasInnocentOperand(Instruction in) {
    return !(in.operand(0) instanceof MemoryOperand m) || block.memory.canAddress(m);
  }

  /** Whether FIP and FOP tell of an instruction afterwards. */
  private static boolean isNoted(Instruction in) {
    return switch (in.mnemonic()) {
      case FLDCW, FNSTCW, FNSTSW, FWAIT, EMMS -> false;
      default -> true;
    };
  }

  /**
   * Emits an instruction; false, with nothing emitted, if it is none of these.
   *
   * @param next the one that is emitted next, or null if that is unknown
   */
  boolean emit(Instruction in, @Nullable Instruction next) {
    if (!isInnocent(in)) {
      return false;
    }
    switch (in.mnemonic()) {
      case FWAIT -> {}
      case EMMS -> {
        out.byte1(0x0F);
        out.byte1(in.row().opcode());
      }
      case FLDCW -> loadControl((MemoryOperand) in.operand(0));
      case FNSTSW -> storeStatus(in);
      case FCMOVB, FCMOVNB, FCMOVE, FCMOVNE, FCMOVBE, FCMOVNBE, FCMOVU, FCMOVNU -> {
        flags.restore();
        again(in);
      }
      case FCOMI, FCOMIP, FUCOMI, FUCOMIP -> {
        again(in);
        flags.setInHost();
      }
      default -> {
        if (!in.operands().isEmpty() && in.operand(0) instanceof MemoryOperand m) {
          block.memory.emit(m, m.bits() >>> 3, writes(in));
          out.memory(
              Opcode.of(in.row().opcode()), 0, in.modrm() >> 3 & 7, HostRegister.ADDRESS, 0, false);
        } else {
          again(in);
        }
      }
    }
    if (isNoted(in)) {
      note(in, next);
    }
    return true;
  }

  private static boolean writes(Instruction in) {
    return switch (in.mnemonic()) {
      case FST, FSTP, FIST, FISTP, FISTTP, FNSTCW, FNSTSW -> true;
      default -> false;
    };
  }

  /** Emits an instruction without a memory operand. */
  private void again(Instruction in) {
    out.byte1(in.row().opcode());
    out.byte1(in.modrm());
  }

  /** FLDCW, of a word with which the host's unit can still be the guest's. */
  private void loadControl(MemoryOperand m) {
    int word = HostRegister.TEMPORARY;
    int part = HostRegister.ADDRESS;
    block.memory.emit(m, SHORT / 8, false);
    out.memory(MOVZX16, 0, word, HostRegister.ADDRESS, 0, false);
    out.arithmetic(4, 0, word, X87State.CONTROL_BITS);
    out.arithmetic(1, 0, word, X87State.CONTROL_FIXED);
    out.register(Opcode.MOV_LOAD, 0, part, word, false);
    out.arithmetic(4, 0, part, X87State.MASKS);
    out.arithmetic(7, 0, part, X87State.MASKS);
    block.slow.interpret(block.info(), out.jumpIf(ConditionCode.NE));
    out.register(Opcode.MOV_LOAD, 0, part, word, false);
    out.arithmetic(4, 0, part, X87State.PRECISION);
    out.arithmetic(7, 0, part, X87State.NO_PRECISION);
    block.slow.interpret(block.info(), out.jumpIf(ConditionCode.E));
    out.memory(Opcode.MOV_STORE, 0, word, HostRegister.AREA, EngineArea.SCRATCH, false);
    out.memory(LOAD_CONTROL, 0, 5, HostRegister.AREA, EngineArea.SCRATCH, false);
  }

  private void storeStatus(Instruction in) {
    if (in.operand(0) instanceof MemoryOperand m) {
      block.memory.emit(m, SHORT / 8, true);
      out.memory(STORE_STATUS, 0, 7, HostRegister.ADDRESS, 0, false);
      return;
    }
    // the host's AX has flags in it
    out.memory(STORE_STATUS, 0, 7, HostRegister.AREA, EngineArea.SCRATCH, false);
    out.memory(
        Opcode.MOV_LOAD.with(0x66),
        0,
        RegisterMap.RAX,
        HostRegister.AREA,
        EngineArea.SCRATCH,
        false);
  }

  /** Notes the instruction, if somebody may look before the next one is noted, and its operand. */
  private void note(Instruction in, @Nullable Instruction next) {
    if (!in.operands().isEmpty() && in.operand(0) instanceof MemoryOperand m) {
      block.memory.address(m, HostRegister.ADDRESS);
      out.store(HostRegister.AREA, EngineArea.X87_DATA, HostRegister.ADDRESS);
      out.storeInt(HostRegister.AREA, EngineArea.X87_DATA_SEGMENT, m.segment().number() + 1);
    }
    if (next != null
        && isInnocent(next)
        && isNoted(next)
        && (next.operands().isEmpty() || !isMemory(next))) {
      return;
    }
    int fop = (in.row().opcode() & 7) << 8 | in.modrm();
    out.load(HostRegister.ADDRESS, HostRegister.AREA, EngineArea.PAGE_BASE);
    out.store(HostRegister.AREA, EngineArea.X87_PAGE, HostRegister.ADDRESS);
    out.storeInt(
        HostRegister.AREA,
        EngineArea.X87_LAST,
        X87State.note(block.nextInstruction() - in.length(), fop));
  }
}
