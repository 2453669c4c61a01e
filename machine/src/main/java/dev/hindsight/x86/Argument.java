package dev.hindsight.x86;

/**
 * What the assembler takes where an instruction has an operand: an {@link Operand}, or something
 * that becomes one once sizes are known and labels are placed.
 */
public interface Argument {}
