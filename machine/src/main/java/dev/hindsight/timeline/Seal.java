package dev.hindsight.timeline;

import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;

/**
 * How a recorded run ended.
 *
 * @param outcome why
 * @param steps steps that all vCPUs had executed
 * @param digest the last state, and its tick
 */
public record Seal(Outcome outcome, long steps, StateDigest digest) {}
