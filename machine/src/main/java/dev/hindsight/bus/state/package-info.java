/**
 * Saved state: how records become bytes, come back, are hashed, and are compared.
 *
 * <p>A device's state is a record of plain values. {@link dev.hindsight.bus.state.RecordCodec}
 * derives from the record's components how to write and read it, so no chip has code for that;
 * {@link dev.hindsight.bus.state.StateHash} digests the same bytes, and {@link
 * dev.hindsight.bus.state.StateDifferences} says in words where two records differ.
 */
@NullMarked
package dev.hindsight.bus.state;

import org.jspecify.annotations.NullMarked;
