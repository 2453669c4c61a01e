/**
 * The conformance suite: random instructions run on the host processor and on our CPU from the same
 * state, and everything that the manual defines is compared.
 *
 * <p>{@link dev.hindsight.silicon.CaseGenerator} makes {@link dev.hindsight.silicon.TestCase}s,
 * from the opcode table and a seed. {@link dev.hindsight.silicon.HostProcessor} and {@link
 * dev.hindsight.silicon.GuestProcessor} run them; each gives an {@link
 * dev.hindsight.silicon.Outcome}. {@link dev.hindsight.silicon.Comparison} tells how two outcomes
 * differ, leaving out what the manual leaves undefined. {@link dev.hindsight.silicon.Campaign} does
 * all this for many cases and {@link dev.hindsight.silicon.Report} tells what came of it.
 *
 * <p>{@code docs/conformance.md} says how to use it.
 */
@NullMarked
package dev.hindsight.silicon;

import org.jspecify.annotations.NullMarked;
