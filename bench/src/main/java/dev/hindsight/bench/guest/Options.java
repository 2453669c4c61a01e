package dev.hindsight.bench.guest;

import java.nio.file.Path;
import java.util.List;

/**
 * What is asked for.
 *
 * @param project the project's directory
 * @param engine the engine's name, as {@code hindsight run} knows it
 * @param scale factor of all amounts of work
 * @param only names of rows and classes; empty for all
 * @param rounds how often each is done; the median counts
 * @param tcgRounds in how many of the rounds TCG takes part
 * @param report the file that gets the tables; empty to print them only
 */
record Options(
    Path project,
    String engine,
    double scale,
    List<String> only,
    int rounds,
    int tcgRounds,
    String report) {
  /** How it was called, but for the project's directory. */
  String text() {
    StringBuilder text = new StringBuilder("bench/guests/run.sh");
    text.append(" --engine ").append(engine).append(" --rounds ").append(rounds);
    text.append(" --tcg-rounds ").append(tcgRounds).append(" --scale ").append(scale);
    if (!only.isEmpty()) {
      text.append(" --only ").append(String.join(",", only));
    }
    return text.toString();
  }

  /**
   * Reads them; the first argument is the project's directory.
   *
   * @throws IllegalArgumentException with a sentence if they make no sense
   */
  static Options parse(String[] args) {
    Options o = new Options(Path.of(args[0]).toAbsolutePath(), "auto", 1, List.of(), 3, 1, "");
    for (int i = 1; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " has no value, or is no option.");
      }
      o = o.with(args[i], args[i + 1]);
    }
    return o;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--engine" -> new Options(project, value, scale, only, rounds, tcgRounds, report);
      case "--scale" ->
          new Options(project, engine, positive(parse(value)), only, rounds, tcgRounds, report);
      case "--only" ->
          new Options(project, engine, scale, List.of(value.split(",")), rounds, tcgRounds, report);
      case "--rounds" ->
          new Options(
              project, engine, scale, only, (int) positive(parse(value)), tcgRounds, report);
      case "--tcg-rounds" ->
          new Options(project, engine, scale, only, rounds, (int) parse(value), report);
      case "--report" -> new Options(project, engine, scale, only, rounds, tcgRounds, value);
      default -> throw new IllegalArgumentException("There is no option " + name + ".");
    };
  }

  private static double parse(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(value + " is no number.", e);
    }
  }

  private static double positive(double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("Scale and rounds are above 0.");
    }
    return value;
  }

  /** Whether a row or a class, or all of {@code bogosti}, is to be run. */
  boolean wants(String name) {
    return only.isEmpty() || only.contains(name);
  }

  /** Whether TCG takes part in a round, from 1. */
  boolean hasTcg(int round) {
    return round <= tcgRounds && Contestants.hasTcg();
  }
}
