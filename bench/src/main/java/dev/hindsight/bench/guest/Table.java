package dev.hindsight.bench.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The rows' times and their ratios, in Markdown. */
final class Table {
  private static final double MOST_IDLE = 0.01;

  private final List<Row> rows;
  private final Results results;

  Table(List<Row> rows, Results results) {
    this.rows = rows;
    this.results = results;
  }

  /** Rows that failed somewhere, or whose checksums differ. */
  List<Row> wrong() {
    return rows.stream().filter(r -> !results.agree(r.name())).toList();
  }

  /** Both tables: of rows, and of geometric means. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        | row | class | native, ms | Hindsight, ms | TCG, ms | Hindsight / native | TCG / native | Hindsight / TCG | |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (Row row : rows) {
      line(text, row);
    }
    text.append(
        """

        | geometric mean | rows | Hindsight / native | TCG / native | Hindsight / TCG |
        |---|---|---|---|---|
        """);
    Map<String, List<Row>> groups = new TreeMap<>();
    List<Row> counted = rows.stream().filter(this::counts).toList();
    counted.forEach(r -> groups.computeIfAbsent(r.group(), _ -> new ArrayList<>()).add(r));
    groups.forEach((name, members) -> mean(text, name, members));
    mean(text, "all", counted);
    return text.toString();
  }

  private void line(StringBuilder text, Row row) {
    text.append("| ").append(row.name()).append(" | ").append(row.group());
    for (String contestant : List.of(Contestants.NATIVE, Contestants.HINDSIGHT, Contestants.TCG)) {
      text.append(" | ").append(number(results.millis(contestant, row.name()), 1));
    }
    text.append(" | ").append(number(slowness(Contestants.HINDSIGHT, row), 2));
    text.append(" | ").append(number(slowness(Contestants.TCG, row), 2));
    text.append(" | ").append(number(againstTcg(row), 3));
    text.append(" | ").append(remark(row)).append(" |\n");
  }

  private void mean(StringBuilder text, String name, List<Row> members) {
    text.append("| ").append(name).append(" | ").append(members.size());
    text.append(" | ").append(mean(members, r -> slowness(Contestants.HINDSIGHT, r), 2));
    text.append(" | ").append(mean(members, r -> slowness(Contestants.TCG, r), 2));
    text.append(" | ").append(mean(members, this::againstTcg, 3)).append(" |\n");
  }

  private static String mean(List<Row> members, ToDoubleFunction<Row> ratio, int digits) {
    double logarithm =
        members.stream().mapToDouble(r -> Math.log(ratio.applyAsDouble(r))).average().orElse(0);
    return number(members.isEmpty() ? Double.NaN : Math.exp(logarithm), digits);
  }

  private double slowness(String contestant, Row row) {
    return results.millis(contestant, row.name()) / results.millis(Contestants.NATIVE, row.name());
  }

  private double againstTcg(Row row) {
    return results.millis(Contestants.HINDSIGHT, row.name())
        / results.millis(Contestants.TCG, row.name());
  }

  private double idle(Row row) {
    return results.of(Contestants.HINDSIGHT, row.name()).stream()
        .mapToDouble(Timing::idle)
        .max()
        .orElse(0);
  }

  private boolean counts(Row row) {
    return results.agree(row.name()) && idle(row) <= MOST_IDLE;
  }

  private String remark(Row row) {
    if (!results.agree(row.name())) {
      return "failed, or checksums differ; does not count";
    }
    return idle(row) <= MOST_IDLE ? "" : number(idle(row) * 100, 0) + " % idle; does not count";
  }

  private static String number(double value, int digits) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
