package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;

/**
 * A place in the program that an {@link Assembler} writes. Made by {@link Assembler#label}.
 *
 * <p>As an argument it is the target of a branch, reached by the shortest form; {@link
 * Arguments#ptr(Label)} is the datum there and {@link Arguments#offset(Label)} its offset.
 */
public final class Label implements Argument {
  private static final long UNBOUND = Long.MIN_VALUE;

  private final String name;
  private boolean bound;
  private long address = UNBOUND;

  Label(String name) {
    this.name = name;
  }

  /** The name it was made with, for messages and for {@link Assembler#symbols}. */
  public String name() {
    return name;
  }

  /**
   * The linear address.
   *
   * @throws IllegalStateException if the program has not been assembled since the label was bound
   */
  public long address() {
    if (address == UNBOUND) {
      throw new IllegalStateException("Label " + name + " has no address yet.");
    }
    return address;
  }

  boolean hasAddress() {
    return address != UNBOUND;
  }

  boolean isBound() {
    return bound;
  }

  void bind() {
    bound = true;
  }

  void address(long value) {
    address = value;
  }

  @Override
  public String toString() {
    return name;
  }
}
