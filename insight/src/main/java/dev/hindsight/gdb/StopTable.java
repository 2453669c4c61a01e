package dev.hindsight.gdb;

import dev.hindsight.cpu.Stops;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The breakpoints and watchpoints that a debugger has inserted. */
final class StopTable {
  private static final int MOST = 10_000;

  private final Set<Entry> entries = new LinkedHashSet<>();

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

  /** All of them, for the machine. */
  Stops stops() {
    Set<Long> code = new HashSet<>();
    Set<Stops.Range> ranges = new HashSet<>();
    for (Entry e : entries) {
      if (e.kind.isCode()) {
        code.add(e.address);
        continue;
      }
      for (Stops.Access access : Stops.Access.values()) {
        if (e.kind.includes(access)) {
          ranges.add(new Stops.Range(false, e.address, e.length, access));
        }
      }
    }
    return new Stops(code, ranges, Set.of());
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
