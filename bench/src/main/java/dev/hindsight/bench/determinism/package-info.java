/** Long runs that show that what must not matter does not matter. */
@NullMarked
package dev.hindsight.bench.determinism;

import org.jspecify.annotations.NullMarked;
