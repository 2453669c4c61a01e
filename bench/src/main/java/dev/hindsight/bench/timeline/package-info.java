/** Golden recordings. */
@NullMarked
package dev.hindsight.bench.timeline;

import org.jspecify.annotations.NullMarked;
