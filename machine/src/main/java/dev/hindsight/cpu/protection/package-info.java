/**
 * Segmentation beyond address checks, and every transfer of control that leaves a segment, a
 * privilege level or a task (SDM volume 3, chapters 3, 5, 6, 8 and 21).
 *
 * <p>{@link dev.hindsight.cpu.protection.SegmentLoader} loads segment registers, {@link
 * dev.hindsight.cpu.protection.FarTransfer} does far jumps, calls and returns, {@link
 * dev.hindsight.cpu.protection.InterruptDelivery} enters handlers and {@link
 * dev.hindsight.cpu.protection.InterruptReturn} leaves them, {@link
 * dev.hindsight.cpu.protection.TaskSwitch} exchanges whole tasks. They share a way of working:
 * everything that can fault is done first (checks in the manual's order, then probes of what will
 * be written), and only then does state change.
 *
 * <p>System-management mode is absent, so RSM and the SMM flavours of these transfers are too.
 */
@NullMarked
package dev.hindsight.cpu.protection;

import org.jspecify.annotations.NullMarked;
