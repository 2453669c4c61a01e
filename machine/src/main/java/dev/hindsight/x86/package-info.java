/**
 * Bytes to instructions and back: the opcode table, the decoder, the disassembler and the
 * assembler.
 *
 * <p>This room is pure. It knows the encoding of the x86 instruction set and nothing of any CPU's
 * state: an {@link dev.hindsight.x86.Instruction} is what the bytes say. What an instruction
 * <em>means</em> lives in {@code dev.hindsight.cpu}.
 */
@NullMarked
package dev.hindsight.x86;

import org.jspecify.annotations.NullMarked;
