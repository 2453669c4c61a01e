package dev.hindsight.bus;

/** An output of a device, or an input of an interrupt controller: a level, high or low. */
@FunctionalInterface
public interface InterruptLine {
  /** A line that leads nowhere. */
  InterruptLine UNCONNECTED = level -> {};

  /** Drives the line. */
  void set(boolean level);
}
