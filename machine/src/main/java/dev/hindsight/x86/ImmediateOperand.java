package dev.hindsight.x86;

/**
 * An immediate operand.
 *
 * @param value the value, already sign- or zero-extended to the operand size as the instruction
 *     says, then held sign-extended in the long
 * @param bits size in bits that it acts with (the operand size, or 8 or 16 for counts, ports…)
 */
public record ImmediateOperand(long value, int bits) implements Operand {}
