package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Mnemonic;
import org.jspecify.annotations.Nullable;

/** One instruction of a {@link Block}, ready to execute. It has no state of any CPU. */
public abstract class Operation {
  private final int end;
  private final boolean setsRip;

  /**
   * An operation.
   *
   * @param end offset of the next instruction, in bytes from the start of the block
   * @param setsRip whether it sets {@link Vcpu#rip} itself
   */
  protected Operation(int end, boolean setsRip) {
    this.end = end;
    this.setsRip = setsRip;
  }

  /** Offset of the next instruction, in bytes from the start of the block. */
  public final int end() {
    return end;
  }

  /**
   * Executes the instruction.
   *
   * <p>{@link Vcpu#blockRip} tells where the block began. An operation that transfers control is
   * the last of its block.
   *
   * @throws dev.hindsight.cpu.GuestFault before anything has changed
   */
  public abstract void execute(Vcpu cpu);

  /** Whether it sets {@link Vcpu#rip} itself. */
  public final boolean setsRip() {
    return setsRip;
  }

  /** Whether a non-canonical address in it is #SS(0) and not #GP(0). */
  public boolean usesStackSegment() {
    return false;
  }

  /** The mnemonic where the engine must know it: for instructions with a rule about debug traps. */
  public @Nullable Mnemonic mnemonic() {
    return null;
  }
}
