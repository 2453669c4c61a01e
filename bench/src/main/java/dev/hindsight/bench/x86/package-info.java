/** Measurements and long comparisons of the decoder. */
@NullMarked
package dev.hindsight.bench.x86;

import org.jspecify.annotations.NullMarked;
