package dev.hindsight.translator;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.MemoryOperand;
import org.jspecify.annotations.Nullable;

/** The block being emitted: what those who emit its instructions share. */
final class BlockWriter {
  /** Steps of a block that the information of an exit can tell apart. */
  static final int MOST_STEPS = 64;

  final HostEmitter out = new HostEmitter();
  final FlagTracker flags = new FlagTracker(out);
  final SlowPaths slow;
  final MemoryAccess memory;
  final Exits exits;

  private CodeMode mode = CodeMode.BITS64;
  private int number;
  private int steps;
  private int step;
  private int pageOffset;
  private boolean flagsNeeded;
  private @Nullable SoftImmediate softImmediate;

  BlockWriter(Exits exits) {
    this.exits = exits;
    slow = new SlowPaths(out, flags, exits);
    memory = new MemoryAccess(this);
  }

  /**
   * Begins a block.
   *
   * @param address at which it will be executed
   * @param blockNumber that exits tell
   * @param stepsInBlock number of its steps
   */
  void begin(long address, int blockNumber, CodeMode codeMode, int stepsInBlock) {
    out.begin(address);
    flags.begin();
    slow.begin();
    mode = codeMode;
    number = blockNumber;
    steps = stepsInBlock;
    instruction(0, 0, true);
  }

  /**
   * Begins an instruction.
   *
   * @param end offset within the page of the instruction that follows
   * @param needsFlags whether somebody may look at the flags that it leaves
   */
  void instruction(int stepInBlock, int end, boolean needsFlags) {
    step = stepInBlock;
    pageOffset = end;
    flagsNeeded = needsFlags;
    softImmediate = null;
  }

  /** The present instruction's immediate operand is to be read from the guest's memory. */
  void softImmediate(@Nullable SoftImmediate immediate) {
    softImmediate = immediate;
  }

  /** Where the present instruction's immediate operand is to be read from, or null. */
  @Nullable SoftImmediate softImmediate() {
    return softImmediate;
  }

  /** Host address at which the block is entered. */
  long entry() {
    return out.address(0);
  }

  /** Number of the present step in the block. */
  int step() {
    return step;
  }

  /** Number of steps of the block. */
  int steps() {
    return steps;
  }

  /** Whether somebody may look at the flags that the instruction leaves. */
  boolean flagsNeeded() {
    return flagsNeeded;
  }

  boolean is64Bit() {
    return mode == CodeMode.BITS64;
  }

  /** Bytes of an address, and of what CALL pushes. */
  int addressBytes() {
    return mode.bits() >>> 3;
  }

  /** Offset in the page of the instruction that follows. */
  int nextInstruction() {
    return pageOffset;
  }

  /** What a RIP-relative operand adds to the linear address of the code's page. */
  long ripDisplacement(MemoryOperand m) {
    return m.displacement() + pageOffset;
  }

  /** What tells the engine of the present instruction. */
  int info() {
    return number * MOST_STEPS + step;
  }

  /** What tells the engine of one of the block's links. */
  int linkInfo(int link) {
    return number * MOST_STEPS + link;
  }
}
