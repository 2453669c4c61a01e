package dev.hindsight.x86;

/**
 * A branch target, relative to the end of the instruction.
 *
 * @param displacement signed displacement in bytes
 * @param bits size in bits that the new instruction pointer is truncated to (16, 32 or 64)
 */
public record RelativeOperand(long displacement, int bits) implements Operand {}
