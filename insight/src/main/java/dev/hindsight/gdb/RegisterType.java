package dev.hindsight.gdb;

import java.util.List;

/** A type that a target description defines (GDB manual, "Target Description Format"). */
sealed interface RegisterType {
  /** Its name. */
  String id();

  /**
   * Bits with names.
   *
   * @param bytes its size
   */
  record Flags(String id, int bytes, List<Bits> fields) implements RegisterType {}

  /** A field of {@link Flags}, from its lowest bit to its highest. */
  record Bits(String name, int first, int last) {
    static Bits bit(String name, int n) {
      return new Bits(name, n, n);
    }
  }

  /** Elements of one type. */
  record Vector(String id, String element, int count) implements RegisterType {}

  /** The same bits as several types. */
  record Union(String id, List<Member> members) implements RegisterType {}

  /** One of the types of a {@link Union}. */
  record Member(String name, String type) {}
}
