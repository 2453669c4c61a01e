package dev.hindsight.timeline;

import dev.hindsight.bus.Input;

/**
 * An input as it was delivered.
 *
 * @param tick the exact tick
 * @param input what it was
 */
public record TimedInput(long tick, Input input) {}
