package dev.hindsight.assertion;

/** What came of a check. */
public enum Verdict {
  /** What it asserts is true. */
  HELD("held"),
  /** What it asserts is false. */
  FALSE("is false"),
  /** It was not over after as many ticks as it may take. */
  ENDLESS("did not end"),
  /** It switched the machine off. */
  POWERED_OFF("switched the machine off"),
  /** It brought a CPU down. */
  CRASHED("crashed the machine"),
  /** It reset the machine. */
  RESET("reset the machine"),
  /** Every CPU halted, and nothing could wake one. */
  HALTED("halted the machine"),
  /** It needs a block of a disk image that is not there. */
  NO_DISK("needs what a disk image does not have"),
  /** No check was made: the state page is not the page that was registered. */
  REMAPPED("was not made: its state page is another than was registered"),
  /** No check was made: the state page is no memory. */
  NOT_MEMORY("was not made: its state page is no memory");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** What is said of the check: it … . */
  public String text() {
    return text;
  }

  /** Whether a check was made. */
  public boolean isMade() {
    return this != REMAPPED && this != NOT_MEMORY;
  }
}
