/**
 * Instructions of SSE to SSE4.2, AES-NI, PCLMULQDQ and SHA, in their legacy and VEX encodings:
 * moves, shuffles, floating point, conversions, text comparison and cryptography.
 *
 * <p>{@link dev.hindsight.cpu.instructions.sse.SseInstructions} registers everything.
 */
@NullMarked
package dev.hindsight.cpu.instructions.sse;

import org.jspecify.annotations.NullMarked;
