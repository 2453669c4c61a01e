/** Random bytes for whatever takes bytes from a guest; {@code docs/testing.md} says how. */
@NullMarked
package dev.hindsight.bench.fuzz;

import org.jspecify.annotations.NullMarked;
