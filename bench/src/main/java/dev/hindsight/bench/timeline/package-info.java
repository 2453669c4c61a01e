/** Golden recordings, and what recording costs. */
@NullMarked
package dev.hindsight.bench.timeline;

import org.jspecify.annotations.NullMarked;
