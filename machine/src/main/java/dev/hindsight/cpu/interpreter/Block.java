package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.code.CodeBlock;
import dev.hindsight.cpu.interpreter.fast.FastOperations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Instructions that follow one another, decoded. */
final class Block extends CodeBlock {
  private final Operation[] operations;
  private final Operation[] fused;
  private final boolean repeats;
  private final boolean cacheable;
  private final boolean endsInBranch;

  // blocks of the same mode that came after it, the last two; a dropped one fits no address
  private @Nullable Block successor;
  private @Nullable Block otherSuccessor;

  /**
   * A block.
   *
   * @param physical physical address of its first byte
   * @param mode the {@link dev.hindsight.cpu.Vcpu#modeKey} it was decoded for
   * @param length bytes
   * @param secondPage physical address of the page that its only instruction reaches into, or
   *     {@link #NO_PAGE}
   * @param cacheable whether its bytes are in plain memory, so that changes are reported
   * @param endsInBranch whether its last instruction is a branch
   */
  Block(
      long physical,
      int mode,
      int length,
      Operation[] operations,
      long secondPage,
      boolean cacheable,
      boolean endsInBranch) {
    super(physical, mode, length, secondPage);
    this.operations = operations;
    this.fused = fuse(operations);
    this.cacheable = cacheable;
    this.endsInBranch = endsInBranch;
    this.repeats = operations[0] instanceof RepeatOperation;
  }

  Operation[] operations() {
    return operations;
  }

  private static Operation[] fuse(Operation[] operations) {
    int n = operations.length;
    Operation both =
        n < 2 ? null : FastOperations.fuse(operations[n - 2], operations[n - 1], n - 1);
    if (both == null) {
      return operations;
    }
    Operation[] fused = Arrays.copyOf(operations, n - 1);
    fused[n - 2] = both;
    return fused;
  }

  /**
   * {@link #operations} for whoever executes all of them: the last one may be for two steps, and
   * then leaves the second one's number as {@link dev.hindsight.cpu.Vcpu#blockIndex}.
   */
  Operation[] fused() {
    return fused;
  }

  /** Whether it is a single repeated string instruction, each iteration of which is a step. */
  boolean repeats() {
    return repeats;
  }

  /** Whether it may be kept. */
  boolean isCacheable() {
    return cacheable;
  }

  /** Whether its last instruction is a branch, as performance counters count them. */
  boolean endsInBranch() {
    return endsInBranch;
  }

  /**
   * The block that begins at a physical address, if it came after this one lately.
   *
   * @return a block of the same mode that has not been dropped, or null
   */
  @Nullable Block successorAt(long address) {
    Block a = successor;
    if (a != null && a.physical() == address) {
      return a;
    }
    Block b = otherSuccessor;
    return b != null && b.physical() == address ? b : null;
  }

  /** Notes a block of the same mode that came after this one. */
  void addSuccessor(Block block) {
    otherSuccessor = successor;
    successor = block;
  }
}
