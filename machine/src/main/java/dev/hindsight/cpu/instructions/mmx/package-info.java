/**
 * Packed integers: arithmetic, comparison, shifts, and packing that came with MMX and its
 * successors up to AVX2, in all their widths; and the state of the MMX registers.
 *
 * <p>{@link dev.hindsight.cpu.instructions.mmx.MmxInstructions} registers everything.
 */
@NullMarked
package dev.hindsight.cpu.instructions.mmx;

import org.jspecify.annotations.NullMarked;
