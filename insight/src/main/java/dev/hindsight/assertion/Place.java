package dev.hindsight.assertion;

/**
 * What a guest says of a check: where it is in the source code. What it does not say is empty, or
 * 0.
 *
 * @param expression what is asserted
 * @param file file of source code
 * @param line line in it
 * @param function name of the function
 * @param pid number of the process
 */
public record Place(String expression, String file, long line, String function, long pid) {
  /** Nothing is known. */
  static final Place UNKNOWN = new Place("", "", 0, "", 0);

  /**
   * Whether it is what somebody asks for: by function, by file with or without its directories, by
   * file and line ("pool.c:12"), or by expression.
   */
  public boolean matches(String name) {
    String shortFile = file.substring(file.lastIndexOf('/') + 1);
    return name.equals(function)
        || name.equals(expression)
        || name.equals(file)
        || name.equals(shortFile)
        || name.equals(file + ":" + line)
        || name.equals(shortFile + ":" + line);
  }
}
