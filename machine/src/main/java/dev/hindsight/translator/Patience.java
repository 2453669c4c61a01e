package dev.hindsight.translator;

/**
 * How long the translator puts up with code that is rewritten. Nothing depends on it but how fast
 * such code is.
 *
 * @param rewrites so often an immediate operand is rewritten until it is read from memory each time
 * @param executions so often code that was rewritten is executed until it is translated again, at
 *     most 127
 */
record Patience(int rewrites, int executions) {
  /** What was found to be worth the while, see docs/adr/004. */
  static final Patience USUAL = new Patience(3, 32);
}
