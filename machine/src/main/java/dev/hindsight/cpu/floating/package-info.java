/**
 * IEEE 754 arithmetic in integers, with the rules of x86: what a NaN becomes, which exception flags
 * rise, what is tiny.
 *
 * <p>No value passes through a Java floating-point operation, because those keep neither NaN
 * payloads nor flags nor rounding modes. Operands and results are bit patterns: {@link
 * dev.hindsight.cpu.floating.Binary32} in an {@code int}, {@link
 * dev.hindsight.cpu.floating.Binary64} in a {@code long}. A {@link
 * dev.hindsight.cpu.floating.FloatEnvironment} carries the rounding mode in and the exception flags
 * out. Nothing is allocated.
 *
 * <p>Inside, a finite number that is not zero is a sign, a biased exponent that may lie outside the
 * format's range, and a significand whose leading one is at bit 62 of a long and whose lowest bit
 * also stands for all that was shifted out (it is "sticky").
 */
@NullMarked
package dev.hindsight.cpu.floating;

import org.jspecify.annotations.NullMarked;
