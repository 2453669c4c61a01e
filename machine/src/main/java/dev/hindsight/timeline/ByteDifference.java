package dev.hindsight.timeline;

/**
 * A byte that is not the same in two runs.
 *
 * @param where the part: "memory", or the name of a disk
 * @param address physical address, or byte of the disk; behind the end of the disk is the map of
 *     its pages that were written
 * @param first its value in the first run, 0 to 255
 * @param second its value in the second run, 0 to 255
 */
public record ByteDifference(String where, long address, int first, int second) {}
