package dev.hindsight.bench.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All timings: of each contestant, of each piece of work, in each round. */
final class Results {
  private final Map<String, Map<String, List<Timing>>> all = new LinkedHashMap<>();
  private int runs;

  /** Takes those of a contestant's run of all. */
  void add(String contestant, Map<String, Timing> timings) {
    runs++;
    Map<String, List<Timing>> rounds = all.computeIfAbsent(contestant, _ -> new LinkedHashMap<>());
    timings.forEach((name, t) -> rounds.computeIfAbsent(name, _ -> new ArrayList<>()).add(t));
  }

  /** Those of a contestant for a piece of work; empty if there are none. */
  List<Timing> of(String contestant, String name) {
    return all.getOrDefault(contestant, Map.of()).getOrDefault(name, List.of());
  }

  /** The median of the times in milliseconds; NaN if there are none. */
  double millis(String contestant, String name) {
    double[] sorted = of(contestant, name).stream().mapToDouble(Timing::millis).sorted().toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Whether every contestant did it whenever it was to, always with the same checksum. */
  boolean agree(String name) {
    List<Timing> timings = all.keySet().stream().flatMap(c -> of(c, name).stream()).toList();
    return timings.size() == runs && timings.stream().map(Timing::checksum).distinct().count() == 1;
  }
}
