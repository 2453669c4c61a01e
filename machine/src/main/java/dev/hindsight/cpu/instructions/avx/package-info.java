/**
 * Instructions that exist with a VEX prefix only: broadcasts, permutations, masked moves and
 * gathers of AVX and AVX2, and fused multiply-add.
 *
 * <p>{@link dev.hindsight.cpu.instructions.avx.AvxInstructions} registers everything. VEX forms of
 * older instructions are where these are; variable shifts are with the packed integers.
 */
@NullMarked
package dev.hindsight.cpu.instructions.avx;

import org.jspecify.annotations.NullMarked;
