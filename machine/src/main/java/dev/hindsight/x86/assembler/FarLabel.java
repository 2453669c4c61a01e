package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;

/**
 * A far pointer to a label, for direct far jumps and calls. The label's offset is its linear
 * address less the segment base that the assembler was told.
 *
 * @param selector the selector, 0 to 0xFFFF
 * @param label the target
 * @param offsetBits 16 or 32
 */
public record FarLabel(int selector, Label label, int offsetBits) implements Argument {}
