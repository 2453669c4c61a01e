/**
 * Guest programs (bench/guests), natively, under Hindsight and under QEMU's TCG, by the host's
 * clock.
 *
 * <p>A {@link dev.hindsight.bench.guest.Row} is a program and its amount of work. All rows make one
 * shell script, which is run here as it is, and in a guest by the first program of the initial RAM
 * disk. What is printed is read as it comes, and the time taken ({@link
 * dev.hindsight.bench.guest.Console}); checksums that the programs print must be the same
 * everywhere. {@link dev.hindsight.bench.guest.Bogosti} does the same with a bare-metal kernel.
 */
@NullMarked
package dev.hindsight.bench.guest;

import org.jspecify.annotations.NullMarked;
