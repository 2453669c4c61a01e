package dev.hindsight.bus;

/**
 * The deadlines of one device. A deadline is data (device, kind, tick), so that it is saved with
 * the machine; when it comes, the board calls the device's {@link Device#deadline}.
 */
public interface DeadlineQueue {
  /** Sets the deadline of a kind, replacing an earlier one of the same kind. */
  void schedule(int kind, long tick);

  /** Takes the deadline of a kind back, if there is one. */
  void cancel(int kind);
}
