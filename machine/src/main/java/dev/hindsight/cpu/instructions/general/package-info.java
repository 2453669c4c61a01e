/**
 * The general-purpose instructions (SDM volume 1, chapter 7): moving data, arithmetic, logic, bits,
 * strings, near branches, flags and ports.
 *
 * <p>Each topic has two classes. One holds pure functions of values and {@link
 * dev.hindsight.cpu.Flags} ({@link dev.hindsight.cpu.instructions.general.Arithmetic}, {@link
 * dev.hindsight.cpu.instructions.general.Shifts}, …): they take the operand size as a number, so
 * that a caller with a constant size gets code for that size alone. The other holds the {@link
 * dev.hindsight.cpu.Semantic}s, which read operands, call the former, and write operands.
 *
 * <p>Values that go into and come out of the pure functions may have anything above the operand
 * size unless a method says otherwise.
 */
@NullMarked
package dev.hindsight.cpu.instructions.general;

import org.jspecify.annotations.NullMarked;
