/**
 * Machines that run for people: inputs from other threads, and a pace set by the wall clock.
 *
 * <p>This is the one package of the machine library that looks at the host's clock and takes part
 * in threads. Nothing of that reaches a machine but as inputs, at ticks that a recording holds.
 */
@NullMarked
package dev.hindsight.timeline.live;

import org.jspecify.annotations.NullMarked;
