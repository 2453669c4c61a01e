package dev.hindsight.assertion;

/**
 * A check that did not hold, could not be made, or wrote to its log.
 *
 * @param verdict what came of it
 * @param site where the recorded run was
 * @param place what the guest says of it
 * @param log what it wrote to its log; bytes are characters from 0 to 255
 */
public record Finding(Verdict verdict, Site site, Place place, String log) {}
