package dev.hindsight.bus;

/**
 * A chip.
 *
 * <p>It does not know where it lives: it gets offsets, lines and a clock. Its whole state is one
 * record.
 *
 * @param <S> the record that {@link #save} returns; components are primitives, arrays of
 *     primitives, strings, enums, and records and lists of these
 */
public interface Device<S extends Record> {
  /** Name in saved state and in messages, unique in the machine: "uart0". */
  String name();

  /** Power-on or reset. */
  void reset();

  /**
   * The state, complete but for what the class says is not saved. It shares nothing that may change
   * with the device.
   */
  S save();

  /**
   * Becomes what {@link #save} had returned. Arrays of the record are copied: it may be loaded
   * again, and by others.
   */
  void load(S state);

  /** The type of the state record, for the codec. */
  Class<S> stateType();

  /**
   * A deadline that this device had scheduled has come.
   *
   * @param kind the kind it was scheduled with
   * @param tick its tick, which is the present; with several vCPUs the present may be later by up
   *     to a quantum, if the deadline was set during that quantum. What is periodic counts from
   *     this tick, not from the present. A new deadline of the same kind must be later than it.
   */
  default void deadline(int kind, long tick) {}
}
