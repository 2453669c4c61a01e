/**
 * Operations for the instruction forms that profiles show to be hot.
 *
 * <p>Each class is a form (register and memory, say) for all sizes and for a family of
 * instructions. The arithmetic is that of {@code dev.hindsight.cpu.instructions.general}; what is
 * saved is the way to the operands. Memory forms are for flat segments only: {@link
 * dev.hindsight.cpu.interpreter.fast.FastOperations} chooses, and leaves the rest to the generic
 * operation.
 */
@NullMarked
package dev.hindsight.cpu.interpreter.fast;

import org.jspecify.annotations.NullMarked;
