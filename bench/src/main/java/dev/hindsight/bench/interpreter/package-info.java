/**
 * Measurements of the interpreter: a C program compiled at run time and run by it, with a profile
 * of what it executes, and the shapes that an interpreter can have, side by side.
 */
@NullMarked
package dev.hindsight.bench.interpreter;

import org.jspecify.annotations.NullMarked;
