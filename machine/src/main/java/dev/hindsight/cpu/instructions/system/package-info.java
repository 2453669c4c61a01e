/**
 * The system instructions (SDM volume 3, section 2.8): control and debug registers, MSRs, system
 * calls, time, processor state, CPUID. Segment and task registers are in {@link
 * dev.hindsight.cpu.protection}.
 */
@NullMarked
package dev.hindsight.cpu.instructions.system;

import org.jspecify.annotations.NullMarked;
