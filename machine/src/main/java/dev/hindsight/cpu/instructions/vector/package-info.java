/**
 * What MMX, SSE and AVX share.
 *
 * <p>A packed instruction is a <em>lane function</em> (what happens to 64 or 128 bits) put into a
 * <em>form</em> (where operands come from, how many lanes there are, what becomes of the bits above
 * them). {@link dev.hindsight.cpu.instructions.vector.PackedForms} has the forms; with them PADDB
 * on MMX registers, PADDB on XMM registers and VPADDB on YMM registers are one line. {@link
 * dev.hindsight.cpu.instructions.vector.VectorState} says when such an instruction may run at all,
 * {@link dev.hindsight.cpu.instructions.vector.VectorOperands} reads and writes its operands.
 *
 * <p>Vectors are arrays of four quadwords, lowest first. The arrays belong to the semantic that
 * captured them, so nothing is allocated while instructions run; a table of semantics therefore
 * serves one thread.
 */
@NullMarked
package dev.hindsight.cpu.instructions.vector;

import org.jspecify.annotations.NullMarked;
