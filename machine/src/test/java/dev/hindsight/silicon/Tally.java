package dev.hindsight.silicon;

import dev.hindsight.x86.OpcodeRow;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts of cases: run, differing, and differing as the list of known differences says. */
final class Tally {
  private final Map<String, long[]> byName = new TreeMap<>();
  private final long[] total = new long[3];
  private final Map<Integer, Set<OpcodeRow>> rows = new TreeMap<>();

  /** Counts a case. */
  void add(String name, boolean differs, boolean known) {
    long[] counts = byName.computeIfAbsent(name, n -> new long[3]);
    count(counts, differs, known);
    count(total, differs, known);
  }

  /** Remembers that a row of the opcode table was run as a single instruction, in a mode. */
  void addRow(int mode, OpcodeRow row) {
    rows.computeIfAbsent(mode, m -> Collections.newSetFromMap(new IdentityHashMap<>())).add(row);
  }

  /** How many rows of the opcode table were run as single instructions, in a mode. */
  int rows(int mode) {
    return rows.getOrDefault(mode, Set.of()).size();
  }

  private static void count(long[] counts, boolean differs, boolean known) {
    counts[0]++;
    if (differs) {
      counts[known ? 2 : 1]++;
    }
  }

  /** Adds another's counts. */
  void add(Tally other) {
    other.rows.forEach((mode, some) -> some.forEach(row -> addRow(mode, row)));
    other.byName.forEach((name, counts) -> {
      long[] mine = byName.computeIfAbsent(name, n -> new long[3]);
      for (int i = 0; i < 3; i++) {
        mine[i] += counts[i];
        total[i] += counts[i];
      }
    });
  }

  /** Cases run. */
  long run() {
    return total[0];
  }

  /** Cases that differ and are not on the list. */
  long differing() {
    return total[1];
  }

  /** Cases that differ as the list says. */
  long known() {
    return total[2];
  }

  /** Counts by name: run, differing, known. */
  Map<String, long[]> byName() {
    return byName;
  }
}
