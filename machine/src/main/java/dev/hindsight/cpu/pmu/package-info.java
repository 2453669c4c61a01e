/**
 * Performance monitoring, architectural version 2 (SDM volume 3, chapter "Performance Monitoring"):
 * four general and three fixed counters of 48 bits, which count exactly.
 *
 * <p>A step of a vCPU takes one tick. Steps and ticks of a vCPU that executes are therefore the
 * same number, and both kinds of cycles and the instructions retired are counted alike: each
 * retired instruction, iteration of a repeated string instruction and delivery of an interrupt or
 * exception is one; ticks that pass while the vCPU is halted are none. Branches are told by the
 * engine, only while a counter asks for them.
 *
 * <p>A step counts by the privilege level and the settings that hold when it ends. So WRMSR that
 * enables a counter is the first instruction that it counts, and the one that disables it is not
 * counted; SYSCALL and the delivery of an interrupt belong to the kernel, SYSRET and IRET to the
 * program that they return to.
 *
 * <p>Counters are brought up to date when somebody looks and when level or settings change. The
 * next overflow is known in advance as a number of steps, at which an engine ends its block: the
 * request for an interrupt comes right after the step that overflows the counter, with no skid. The
 * package knows no instruction, and no time but steps.
 */
@NullMarked
package dev.hindsight.cpu.pmu;

import org.jspecify.annotations.NullMarked;
