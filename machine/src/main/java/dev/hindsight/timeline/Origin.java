package dev.hindsight.timeline;

/**
 * What a recording branched off from, as a fact for people: a replay needs none of it, because the
 * recording has the past that it shares.
 *
 * @param recording name of the other recording, as a rule its directory
 * @param tick the instant at which it branched off: the last tick at which all vCPUs were at one
 * @param steps steps that all vCPUs had executed
 * @param past digest of the machine's description and of all that came until then, in hexadecimal
 *     digits: recordings with one digest have one past
 */
public record Origin(String recording, long tick, long steps, String past) {
  /**
   * Checks what it is made of.
   *
   * @throws IllegalArgumentException if it cannot be written down; the message is a sentence
   */
  public Origin {
    Sources.check(recording);
    if (tick < 0 || steps < 0 || !past.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("The instant of a branch does not make sense.");
    }
  }
}
