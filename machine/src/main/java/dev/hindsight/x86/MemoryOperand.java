package dev.hindsight.x86;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand: {@code segment:[base + index * scale + displacement]}.
 *
 * @param segment the segment register in force, default or overridden (never null; in 64-bit mode
 *     only FS and GS have a base)
 * @param base base register (16, 32 or 64 bits), or null. Null together with {@code ripRelative}
 *     where the address counts from the next instruction
 * @param index index register, or null; an XMM or YMM register for VSIB addressing
 * @param scale 1, 2, 4 or 8
 * @param displacement sign-extended displacement; for {@code MOVABS} forms the whole 64-bit offset
 * @param addressBits effective address size: 16, 32 or 64; the sum wraps at it
 * @param ripRelative whether the address counts from the end of the instruction
 * @param bits size of the datum in bits, 0 if there is none
 */
public record MemoryOperand(
    Register segment,
    @Nullable Register base,
    @Nullable Register index,
    int scale,
    long displacement,
    int addressBits,
    boolean ripRelative,
    int bits)
    implements Operand {}
