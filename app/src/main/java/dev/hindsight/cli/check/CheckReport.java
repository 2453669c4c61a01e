package dev.hindsight.cli.check;

import dev.hindsight.assertion.CheckedInterval;
import dev.hindsight.assertion.Finding;
import dev.hindsight.assertion.Note;
import dev.hindsight.assertion.Place;
import dev.hindsight.assertion.Site;
import dev.hindsight.assertion.Verdict;
import dev.hindsight.cli.Failure;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** What came of the checks, for people. */
final class CheckReport {
  private CheckReport() {}

  static void print(CheckedInterval result, PrintStream out) {
    for (Note n : result.notes()) {
      String what = n.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      String value = n.value().isPresent() ? " = " + n.value().getAsLong() : "";
      out.printf("tick %d, step %d: %s %s%s%n", n.tick(), n.steps(), what, text(n.name()), value);
    }
    result.findings().forEach(f -> print(f, out));
    long failed = result.findings().stream().filter(f -> f.verdict() != Verdict.HELD).count();
    out.printf("%d checks, %d did not hold%n", result.checks(), failed);
  }

  private static void print(Finding f, PrintStream out) {
    Site s = f.site();
    Place p = f.place();
    String name =
        p.expression().isEmpty() ? "A check at %x".formatted(s.rip()) : text(p.expression());
    out.printf("%s %s%n", name, f.verdict().text());
    if (!p.file().isEmpty()) {
      out.printf(
          "    %s:%d, in %s, process %d%n", text(p.file()), p.line(), text(p.function()), p.pid());
    }
    out.printf(
        "    tick %d, step %d, CPU %d at %x, level %d, address space %x%n",
        s.tick(), s.steps(), s.vcpu(), s.rip(), s.privilege(), s.addressSpace());
    if (!s.returns().isEmpty()) {
      out.println(
          "    called from "
              + s.returns().stream().map(Long::toHexString).collect(Collectors.joining(" ")));
    }
    f.log().lines().forEach(line -> out.println("    | " + text(line)));
  }

  private static String text(String guests) {
    return Failure.printable(guests);
  }
}
