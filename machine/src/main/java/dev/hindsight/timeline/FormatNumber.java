package dev.hindsight.timeline;

/** Formats of files have numbers, and a release reads one of them. */
final class FormatNumber {
  private FormatNumber() {}

  /**
   * Checks the number of a file's format.
   *
   * @param what what has it: "log"
   * @param own the number that this release reads
   * @param number the number in the file
   * @throws RecordingException if it is another one
   */
  static void check(String what, int own, String number) throws RecordingException {
    if (number.equals(Integer.toString(own))) {
      return;
    }
    if (!number.matches("[1-9][0-9]{0,8}")) {
      throw new RecordingException("The " + what + " of the recording has no format number.");
    }
    throw new RecordingException(
        "The %s of the recording has format %s; this release reads format %d, which is %s."
            .formatted(what, number, own, Integer.parseInt(number) < own ? "newer" : "older"));
  }
}
