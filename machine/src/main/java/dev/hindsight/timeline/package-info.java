/** Recordings and what can be done with them: replay, verification, snapshots. */
@NullMarked
package dev.hindsight.timeline;

import org.jspecify.annotations.NullMarked;
