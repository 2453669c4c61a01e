package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;

/**
 * The target of a relative branch with the reach said explicitly.
 *
 * @param label the target
 * @param near true for the form with 16 or 32 bits of distance, false for 8
 */
public record BranchTarget(Label label, boolean near) implements Argument {}
