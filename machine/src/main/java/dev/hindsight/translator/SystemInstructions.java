package dev.hindsight.translator;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.instructions.system.SystemCallInstructions;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Instruction;

/**
 * Emits system instructions that are plain operations on {@link SystemState}. What they would have
 * to look at more closely is the interpreter's.
 */
final class SystemInstructions extends InstructionEmitter {
  private static final int SYSTEM_FLAGS =
      Flags.TF
          | Flags.IF
          | Flags.DF
          | Flags.IOPL
          | Flags.NT
          | Flags.RF
          | Flags.VM
          | Flags.AC
          | Flags.VIF
          | Flags.VIP
          | Flags.ID;

  /** Flags that SYSRET may take from R11 without anybody having to look. */
  private static final int PLAIN_FLAGS =
      Flags.ARITHMETIC | Flags.IF | Flags.DF | Flags.ID | Flags.FIXED;

  private static final int GUEST_R11 = 11;

  private final LinkWriter links;
  private final CodeFinder finder;

  SystemInstructions(BlockWriter block, OperandEmitter operands, LinkWriter links) {
    super(block, operands);
    this.links = links;
    this.finder = new CodeFinder(out, links);
  }

  /** Whether the block can go on behind an instruction that ends one by the opcode table. */
  static boolean staysInBlock(Instruction in) {
    return switch (in.mnemonic()) {
      case CLI, STI, SWAPGS -> true;
      default -> false;
    };
  }

  /**
   * Emits an instruction; false, with nothing emitted, if it is none of these.
   *
   * @param followed whether an instruction follows in the block
   */
  boolean emit(Instruction in, boolean followed) {
    return switch (in.mnemonic()) {
      case CLI -> clearInterruptFlag();
      case STI -> setInterruptFlag(followed);
      case CLD -> direction(false);
      case STD -> direction(true);
      case PUSHF -> pushFlags(in);
      case SWAPGS -> swapGs();
      case RDTSC -> readClock(false);
      case RDTSCP -> readClock(true);
      case SYSCALL -> systemCall();
      case SYSRET -> in.operandBits() == 64 && systemReturn();
      default -> false;
    };
  }

  private void compareInt(int displacement, int value) {
    out.memory(Opcode.GROUP1_BYTE, 0, 7, HostRegister.AREA, displacement, false);
    out.byte1(value);
  }

  /** The interpreter takes over unless a number of the area is not 0. */
  private void require(int displacement) {
    compareInt(displacement, 0);
    block.slow.interpret(block.info(), out.jumpIf(ConditionCode.E));
  }

  private void operateOnFlags(int operation, int value) {
    out.memory(Opcode.GROUP1, 0, operation, HostRegister.AREA, EngineArea.SYSTEM_FLAGS, false);
    out.int4(value);
  }

  private boolean clearInterruptFlag() {
    flags.save();
    require(EngineArea.MAY_CHANGE_IF);
    operateOnFlags(4, ~Flags.IF);
    flags.hostClobbered();
    return true;
  }

  private boolean setInterruptFlag(boolean followed) {
    flags.save();
    require(EngineArea.MAY_CHANGE_IF);
    out.memory(Opcode.GROUP3, 0, 0, HostRegister.AREA, EngineArea.SYSTEM_FLAGS, false); // TEST
    out.int4(Flags.IF);
    if (followed) {
      out.storeInt(HostRegister.AREA, EngineArea.SHADOW, SystemState.NO_SHADOW);
      int set = out.jumpIf(ConditionCode.NE);
      require(EngineArea.QUIET);
      operateOnFlags(1, Flags.IF);
      out.storeInt(HostRegister.AREA, EngineArea.SHADOW, block.info() + 1);
      out.bindHere(set);
    } else {
      block.slow.interpret(block.info(), out.jumpIf(ConditionCode.E));
    }
    flags.hostClobbered();
    return true;
  }

  private boolean direction(boolean down) {
    flags.save();
    operateOnFlags(down ? 1 : 4, down ? Flags.DF : ~Flags.DF);
    flags.hostClobbered();
    return true;
  }

  /** RFLAGS, of which the arithmetic ones are in the register for them. */
  private void image(int into, int scratch) {
    out.register(Opcode.MOV_LOAD, 0, into, HostRegister.FLAGS, false);
    out.register(Opcode.GROUP2_BYTE, 0, 5, into, false); // SHR
    out.byte1(8);
    out.arithmetic(4, 0, into, Flags.ARITHMETIC & 0xFF);
    out.register(Opcode.MOV_LOAD, 0, scratch, HostRegister.FLAGS, false);
    out.arithmetic(4, 0, scratch, 1);
    out.register(Opcode.GROUP2_BYTE, 0, 4, scratch, false); // SHL
    out.byte1(11);
    out.register(Opcode.of(0x0B), 0, into, scratch, false); // OR
    out.memory(Opcode.of(0x0B), 0, into, HostRegister.AREA, EngineArea.SYSTEM_FLAGS, false);
  }

  /** Makes the flags those of an image, which is lost. */
  private void install(int image, int scratch) {
    out.register(Opcode.MOV_LOAD, 0, HostRegister.FLAGS, image, false);
    out.arithmetic(4, 0, HostRegister.FLAGS, Flags.ARITHMETIC & 0xFF);
    out.register(Opcode.GROUP2_BYTE, 0, 4, HostRegister.FLAGS, false); // SHL
    out.byte1(8);
    out.register(Opcode.MOV_LOAD, 0, scratch, image, false);
    out.register(Opcode.GROUP2_BYTE, 0, 5, scratch, false); // SHR
    out.byte1(11);
    out.arithmetic(4, 0, scratch, 1);
    out.register(Opcode.of(0x0B), 0, HostRegister.FLAGS, scratch, false); // OR
    out.arithmetic(4, 0, image, SYSTEM_FLAGS);
    out.arithmetic(1, 0, image, Flags.FIXED);
    out.memory(Opcode.MOV_STORE, 0, image, HostRegister.AREA, EngineArea.SYSTEM_FLAGS, false);
  }

  private boolean pushFlags(Instruction in) {
    int bytes = block.addressBytes();
    if (in.operandBits() != bytes * 8) {
      return false;
    }
    flags.save();
    image(HostRegister.TEMPORARY, HostRegister.ADDRESS);
    out.store(HostRegister.AREA, EngineArea.SCRATCH, HostRegister.TEMPORARY);
    block.memory.emitStack(-bytes, bytes, true);
    out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.SCRATCH);
    int w = block.is64Bit() ? 1 : 0;
    out.memory(Opcode.MOV_STORE, w, HostRegister.TEMPORARY, HostRegister.ADDRESS, 0, false);
    out.memory(Opcode.LEA, w, RegisterMap.RSP, RegisterMap.RSP, -bytes, false);
    flags.hostClobbered();
    return true;
  }

  private boolean swapGs() {
    flags.save();
    require(EngineArea.SUPERVISOR);
    // only then is the other base there
    require(EngineArea.SYSCALL_READY);
    out.load(HostRegister.ADDRESS, HostRegister.AREA, EngineArea.GS_BASE);
    out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.KERNEL_GS_BASE);
    out.store(HostRegister.AREA, EngineArea.GS_BASE, HostRegister.TEMPORARY);
    out.store(HostRegister.AREA, EngineArea.KERNEL_GS_BASE, HostRegister.ADDRESS);
    flags.hostClobbered();
    return true;
  }

  /** RDTSC: the tick of this step, or the latest time that was read if that is later. */
  private boolean readClock(boolean aux) {
    int tick = HostRegister.ADDRESS;
    int area = HostRegister.AREA;
    flags.save();
    require(EngineArea.CLOCK_ALLOWED);
    out.load(tick, area, EngineArea.CLOCK);
    out.register(Opcode.SUB, 1, tick, HostRegister.BUDGET, false);
    out.lea(tick, tick, block.step() - block.steps());
    out.memory(Opcode.CMP, 1, tick, area, EngineArea.LATEST_CLOCK, false);
    out.memory(Opcode.of0F(0x42), 1, tick, area, EngineArea.LATEST_CLOCK, false); // CMOVB
    out.store(area, EngineArea.LATEST_CLOCK, tick);
    out.memory(Opcode.ADD, 1, tick, area, EngineArea.CLOCK_ADJUST, false);
    out.register(Opcode.MOV_LOAD, 0, RegisterMap.RAX, tick, false);
    out.rorx(1, HostRegister.RDX, tick, 32);
    out.register(Opcode.MOV_LOAD, 0, HostRegister.RDX, HostRegister.RDX, false);
    if (aux) {
      operands.load(32, HostRegister.RCX, new Place(RegisterMap.NONE, area, EngineArea.CLOCK_AUX));
    }
    flags.hostClobbered();
    return true;
  }

  /**
   * Looks for the code at a linear address in another TLB than the present one: its offset in the
   * code memory gets into {@link EngineArea#SCRATCH}. Flags are in the register afterwards.
   */
  private void findCode(int linear, int tlb) {
    finder.find(linear, tlb);
    out.store(HostRegister.AREA, EngineArea.SCRATCH, CodeFinder.OFFSET);
    out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
  }

  /** Like {@link #require}, at the end of a block. */
  private void requireOrMiss(int displacement) {
    compareInt(displacement, 0);
    links.miss(out.jumpIf(ConditionCode.E));
  }

  private void changeLevel(int level, int tlb) {
    int area = HostRegister.AREA;
    int supervisor = level == SystemState.SYSTEM ? 1 : 0;
    out.storeInt(area, EngineArea.LEVEL, level);
    out.storeInt(area, EngineArea.SUPERVISOR, supervisor);
    // SYSRET to a level of 3 leaves IOPL 0
    out.storeInt(area, EngineArea.MAY_CHANGE_IF, supervisor);
    out.storeInt(area, EngineArea.STACK_LIMIT, 0);
    out.load(HostRegister.TEMPORARY, area, tlb);
    out.store(area, EngineArea.TLB, HostRegister.TEMPORARY);
  }

  /** Goes to the linear address in the address register, whose code was found. */
  private void go() {
    out.load(HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.SCRATCH);
    finder.go(HostRegister.ADDRESS);
  }

  /** The selectors that an x87 instruction had must not change before they are taken. */
  private void requireNoX87Note() {
    compareInt(EngineArea.X87_LAST, 0);
    links.miss(out.jumpIf(ConditionCode.NE));
  }

  private boolean systemCall() {
    int area = HostRegister.AREA;
    flags.save();
    // a miss takes the flags from there
    out.store(area, EngineArea.FLAGS, HostRegister.FLAGS);
    requireNoX87Note();
    requireOrMiss(EngineArea.SYSCALL_READY);
    out.load(HostRegister.ADDRESS, area, EngineArea.SYSCALL_TARGET);
    findCode(HostRegister.ADDRESS, EngineArea.TLB_SUPERVISOR);
    out.load(HostRegister.RCX, area, EngineArea.PAGE_BASE);
    out.lea(HostRegister.RCX, HostRegister.RCX, block.nextInstruction());
    image(HostRegister.TEMPORARY, HostRegister.ADDRESS);
    out.store(area, EngineArea.general(GUEST_R11), HostRegister.TEMPORARY);
    out.memory(
        Opcode.of(0x23), 0, HostRegister.TEMPORARY, area, EngineArea.SYSCALL_MASK, false); // AND
    install(HostRegister.TEMPORARY, HostRegister.ADDRESS);
    changeLevel(SystemState.SYSTEM, EngineArea.TLB_SUPERVISOR);
    out.load(HostRegister.ADDRESS, area, EngineArea.SYSCALL_TARGET);
    go();
    return true;
  }

  private boolean systemReturn() {
    int area = HostRegister.AREA;
    int image = HostRegister.TEMPORARY;
    flags.save();
    out.store(area, EngineArea.FLAGS, HostRegister.FLAGS);
    requireNoX87Note();
    requireOrMiss(EngineArea.SYSCALL_READY);
    requireOrMiss(EngineArea.SUPERVISOR);
    out.load(image, area, EngineArea.general(GUEST_R11));
    int special = (int) SystemCallInstructions.SYSRET_FLAGS & ~PLAIN_FLAGS;
    out.register(Opcode.GROUP3, 0, 0, image, false); // TEST
    out.int4(special);
    links.miss(out.jumpIf(ConditionCode.NE));
    out.register(Opcode.GROUP3, 0, 0, image, false);
    out.int4(Flags.IF);
    int disabled = out.jumpIf(ConditionCode.E);
    requireOrMiss(EngineArea.QUIET);
    out.bindHere(disabled);
    findCode(HostRegister.RCX, EngineArea.TLB_USER);
    out.load(image, area, EngineArea.general(GUEST_R11));
    out.arithmetic(4, 0, image, PLAIN_FLAGS);
    install(image, HostRegister.ADDRESS);
    changeLevel(SystemState.USER, EngineArea.TLB_USER);
    out.move(HostRegister.ADDRESS, HostRegister.RCX);
    go();
    return true;
  }
}
