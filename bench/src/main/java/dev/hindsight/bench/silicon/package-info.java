/** The long run of the conformance suite against the host processor. */
@NullMarked
package dev.hindsight.bench.silicon;

import org.jspecify.annotations.NullMarked;
