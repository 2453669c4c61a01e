package dev.hindsight.gdb;

import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.PhysicalRanges;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The breakpoints and watchpoints that a debugger has inserted. */
final class StopTable {
  private static final int MOST = 10_000;

  private final Set<Entry> entries = new LinkedHashSet<>();

  // of the last run: which watchpoints the ranges of physical memory stand for
  private final Map<Stops.Range, Entry> physical = new HashMap<>();

  /** Kinds of points, in the order of their numbers in Z packets. */
  enum Kind {
    SOFTWARE("swbreak"),
    HARDWARE("hwbreak"),
    WRITE("watch"),
    READ("rwatch"),
    ACCESS("awatch");

    private final String reason;

    Kind(String reason) {
      this.reason = reason;
    }

    /** What a stop reply calls it. */
    String reason() {
      return reason;
    }

    boolean isCode() {
      return this == SOFTWARE || this == HARDWARE;
    }

    private boolean includes(Stops.Access access) {
      return switch (this) {
        case SOFTWARE, HARDWARE -> access == Stops.Access.EXECUTE;
        case WRITE -> access == Stops.Access.WRITE;
        case READ -> access == Stops.Access.READ;
        case ACCESS -> access != Stops.Access.EXECUTE;
      };
    }
  }

  /**
   * A point.
   *
   * @param address linear address
   * @param length bytes that are watched; of a breakpoint it means nothing
   */
  record Entry(Kind kind, long address, long length) {}

  void insert(Entry entry) {
    if (!entries.contains(entry) && entries.size() == MOST) {
      throw PacketException.tooMany();
    }
    entries.add(entry);
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  /**
   * All of them, for the machine. What is written is looked for in the physical memory that its
   * address is mapped to as the machine is resumed: it is the same variable in all address spaces,
   * and for devices; and only so can a run backwards skip what cannot have written it.
   *
   * @param cpu in whose address space
   */
  Stops stops(Vcpu cpu) {
    Set<Long> code = new HashSet<>();
    Set<Stops.Range> ranges = new HashSet<>();
    physical.clear();
    for (Entry e : entries) {
      if (e.kind.isCode()) {
        code.add(e.address);
        continue;
      }
      for (Stops.Access access : Stops.Access.values()) {
        if (e.kind.includes(access)) {
          ranges.addAll(ranges(cpu, e, access));
        }
      }
    }
    return new Stops(code, ranges, Set.of());
  }

  private List<Stops.Range> ranges(Vcpu cpu, Entry e, Stops.Access access) {
    List<Stops.Range> mapped =
        access == Stops.Access.WRITE
            ? PhysicalRanges.of(cpu, e.address, e.length, access)
            : List.of();
    mapped.forEach(r -> physical.put(r, e));
    return mapped.isEmpty() ? List.of(new Stops.Range(false, e.address, e.length, access)) : mapped;
  }

  /**
   * Where a debugger expects a hit of a watchpoint to be: at an address that it watches.
   *
   * @param at where the access was
   */
  long address(Stops.Range range, long at) {
    Entry e = physical.get(range);
    if (e != null) {
      return e.address;
    }
    return Long.compareUnsigned(at, range.start()) < 0 ? range.start() : at;
  }

  /** Which kind a breakpoint is that was hit; software if there is none any more. */
  Kind kindAt(long linear) {
    for (Entry e : entries) {
      if (e.kind.isCode() && e.address == linear) {
        return e.kind;
      }
    }
    return Kind.SOFTWARE;
  }

  /** Which kind a watchpoint is that was hit. */
  Kind kindOf(Stops.Range range) {
    Entry mapped = physical.get(range);
    if (mapped != null) {
      return mapped.kind;
    }
    for (Entry e : entries) {
      if (e.address == range.start()
          && e.length == range.length()
          && e.kind.includes(range.access())) {
        return e.kind;
      }
    }
    return Kind.ACCESS;
  }
}
