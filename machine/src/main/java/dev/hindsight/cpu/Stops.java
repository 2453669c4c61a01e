package dev.hindsight.cpu;

import java.util.Set;

/**
 * Where a run is to stop, besides its budget: what debuggers, probes and assertions are built of.
 *
 * @param code linear addresses of instructions: stop before each step at one. An iteration of a
 *     repeated string instruction is a step
 * @param ranges memory accesses: stop after the step that made one, or before the step that would
 *     execute in one
 * @param events stop after the step in which one happened
 */
public record Stops(Set<Long> code, Set<Range> ranges, Set<Event> events) {
  /** Stops nowhere, and costs nothing. */
  public static final Stops NONE = new Stops(Set.of(), Set.of(), Set.of());

  /** Copies its sets. */
  public Stops {
    code = Set.copyOf(code);
    ranges = Set.copyOf(ranges);
    events = Set.copyOf(events);
  }

  /** Stops at ranges only. */
  public static Stops at(Range... ranges) {
    return new Stops(Set.of(), Set.of(ranges), Set.of());
  }

  /** Whether there is nothing to look for. */
  public boolean isEmpty() {
    return code.isEmpty() && ranges.isEmpty() && events.isEmpty();
  }

  /**
   * Whether emitted code may run: events that are looked for can only come of instructions that are
   * never part of it.
   */
  public boolean allowTranslation() {
    return events.stream().allMatch(e -> e == Event.CALL || e == Event.PORT);
  }

  /** What is done to memory. */
  public enum Access {
    READ,
    WRITE,
    EXECUTE,
    /**
     * Data are about to be read by linear address: stop before the step that would read them, so
     * that they can be changed first. Reads of descriptor tables and task states do not count.
     */
    BEFORE_READ
  }

  /** What can happen to a CPU. */
  public enum Event {
    /** An exception was delivered, INT1, INT3 and INTO included. */
    FAULT,
    /** An interrupt was delivered: external, non-maskable, or by INT n. */
    INTERRUPT,
    /** CR3 has another value. */
    CR3_CHANGE,
    /** IN, OUT, INS or OUTS reached a port. */
    PORT,
    /** Data were read from, or written to, a physical address that is not memory. */
    MMIO,
    /** RDMSR or WRMSR, also one that faults. */
    MSR,
    /** Another size of code, protected mode or not, virtual-8086 mode or not, long mode or not. */
    MODE_CHANGE,
    /** HLT or MWAIT. */
    HALT,
    /** A guest called through the {@linkplain dev.hindsight.bus.BackDoor back door}. */
    CALL
  }

  /**
   * A range of memory. By physical address, writes are those of CPUs, of devices, and of page walks
   * that set accessed and dirty bits; reads those of CPUs and devices, but not page walks, whose
   * number is nobody's business. By linear address, accesses count in whichever address space they
   * are made.
   *
   * @param physical whether addresses are physical, else linear
   * @param start first address
   * @param length number of bytes, at least 1
   * @param access what is to be done to it. Something is executed in it if its first byte is there
   * @param condition on the value that is in the range after the step; only {@link
   *     Condition#ALWAYS} where one stops before the step
   */
  public record Range(
      boolean physical, long start, long length, Access access, Condition condition) {
    /** Checks the length. */
    public Range {
      if (length < 1) {
        throw new IllegalArgumentException("a range has at least one byte");
      }
      if (condition.comparison() != Comparison.ALWAYS && length > Long.BYTES) {
        throw new IllegalArgumentException("values have at most 8 bytes");
      }
      if (access == Access.BEFORE_READ && (physical || !condition.equals(Condition.ALWAYS))) {
        throw new IllegalArgumentException("what is about to be read has a linear address only");
      }
    }

    /** A range without a condition. */
    public Range(boolean physical, long start, long length, Access access) {
      this(physical, start, length, access, Condition.ALWAYS);
    }

    /** Whether bytes from an address on are among its own; ranges may wrap. */
    public boolean overlaps(long address, int bytes) {
      return Long.compareUnsigned(address - start, length) < 0
          || Long.compareUnsigned(start - address, bytes) < 0;
    }
  }

  /** How a value is compared, as an unsigned little-endian number. */
  public enum Comparison {
    ALWAYS,
    /** It is another one than before. */
    CHANGED,
    EQUAL,
    NOT_EQUAL,
    BELOW,
    ABOVE
  }

  /**
   * What must hold for a value.
   *
   * @param comparison how it is compared
   * @param operand what it is compared with, where it is with something
   */
  public record Condition(Comparison comparison, long operand) {
    /** No condition. */
    public static final Condition ALWAYS = new Condition(Comparison.ALWAYS, 0);

    /** The value is another one than before the access. */
    public static final Condition CHANGED = new Condition(Comparison.CHANGED, 0);

    /**
     * Whether it holds.
     *
     * @param before the value before the access
     * @param now the value after the step
     */
    public boolean holds(long before, long now) {
      return switch (comparison) {
        case ALWAYS -> true;
        case CHANGED -> now != before;
        case EQUAL -> now == operand;
        case NOT_EQUAL -> now != operand;
        case BELOW -> Long.compareUnsigned(now, operand) < 0;
        case ABOVE -> Long.compareUnsigned(now, operand) > 0;
      };
    }
  }
}
