/**
 * The shapes that an interpreter in Java can have, on the same synthetic program: as many blocks
 * and classes of operations as real code has, so that call sites see many of them.
 */
@NullMarked
package dev.hindsight.bench.interpreter.shape;

import org.jspecify.annotations.NullMarked;
