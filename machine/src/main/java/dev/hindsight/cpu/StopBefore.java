package dev.hindsight.cpu;

/**
 * Takes an instruction back that has changed nothing yet, as a {@link GuestFault} does, because
 * somebody wants to look first: the engine comes to the instant before its step.
 *
 * <p>It is always the same object, without a stack trace.
 */
public final class StopBefore extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Data would be read that {@link Stops.Access#BEFORE_READ} asks for. */
  static final StopBefore READ = new StopBefore();

  private StopBefore() {
    super(null, null, false, false);
  }
}
