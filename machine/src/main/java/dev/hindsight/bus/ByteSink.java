package dev.hindsight.bus;

/** Where the bytes go that a chip sends to the outside: a serial line, a debug port. */
@FunctionalInterface
public interface ByteSink {
  /** Nobody listens. */
  ByteSink NOWHERE = value -> {};

  /** Takes a byte, 0 to 255. What it does must have no effect on the machine. */
  void put(int value);
}
