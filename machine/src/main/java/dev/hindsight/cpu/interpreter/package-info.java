/**
 * The reference engine.
 *
 * <p>Code is decoded once, into {@link dev.hindsight.cpu.interpreter.Block}s: runs of instructions
 * that are entered at the top and left at the bottom, within a page. Each instruction of a block is
 * an {@link dev.hindsight.cpu.interpreter.Operation}; {@link
 * dev.hindsight.cpu.interpreter.Interpreter} calls one after another. Most instructions become a
 * {@link dev.hindsight.cpu.interpreter.GenericOperation}, which calls their {@link
 * dev.hindsight.cpu.Semantic}; the forms that profiles show to be hot have operations of their own
 * in {@code dev.hindsight.cpu.interpreter.fast}, which call the same arithmetic with constant
 * sizes. Blocks are kept by physical address in a {@link dev.hindsight.cpu.code.CodeCache}, which
 * hears of every write to the bytes they came from.
 */
@NullMarked
package dev.hindsight.cpu.interpreter;

import org.jspecify.annotations.NullMarked;
