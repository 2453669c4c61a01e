package dev.hindsight.x86;

/**
 * A far pointer in the instruction itself, as in {@code CALLF ptr16:32}.
 *
 * @param selector segment selector, 0 to 0xFFFF
 * @param offset unsigned offset
 * @param bits size of the offset: 16 or 32
 */
public record FarPointerOperand(int selector, long offset, int bits) implements Operand {}
