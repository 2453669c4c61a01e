/**
 * The x87 floating-point unit (SDM volume 1, chapter 8).
 *
 * <p>Registers, control and status words are in {@link dev.hindsight.cpu.X87Registers}; the
 * arithmetic on 80-bit numbers is in {@code dev.hindsight.cpu.floating}. Here are the stack, the
 * tags, the exceptions and when they are reported, and the instructions, one class a topic. {@link
 * dev.hindsight.cpu.instructions.x87.MmxState} is what MMX instructions need to know about the unit
 * whose registers they use.
 */
@NullMarked
package dev.hindsight.cpu.instructions.x87;

import org.jspecify.annotations.NullMarked;
