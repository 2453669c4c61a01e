/**
 * The processor: its state, paging and the TLB, faults, and what each instruction means.
 *
 * <p>{@link dev.hindsight.cpu.Vcpu} is the state of one virtual CPU. An {@link
 * dev.hindsight.cpu.Engine} runs it. The meaning of instructions is in {@code
 * dev.hindsight.cpu.instructions}, in packages named after the chapters of the manual; each is a
 * method that fits {@link dev.hindsight.cpu.Semantic}. The reference engine is in {@code
 * dev.hindsight.cpu.interpreter}.
 */
@NullMarked
package dev.hindsight.cpu;

import org.jspecify.annotations.NullMarked;
