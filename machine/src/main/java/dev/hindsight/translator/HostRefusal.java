package dev.hindsight.translator;

/** The host cannot run translated code; the message, part of a sentence, says why. */
public final class HostRefusal extends Exception {
  private static final long serialVersionUID = 1;

  /** A refusal for a reason. */
  public HostRefusal(String reason) {
    super(reason);
  }
}
