package dev.hindsight.bench.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the guest programs natively, under Hindsight and under TCG, in turn, and makes tables of it.
 * {@code bench/guests/run.sh --help} says what can be asked for.
 */
public final class GuestBenchmark {
  private static final String GUEST = "debian-cloud-amd64";
  private static final String APPEND =
      "console=ttyS0,115200 quiet hindsight.run=\"cd /bench; sh plan\"";
  private static final String STATISTIC = "\"%s\" : \"?([^\",\\s]*)";

  private final Options options;
  private final Path work;
  private final Path bench;
  private final String commit;
  private final List<String> statistics = new ArrayList<>();

  private GuestBenchmark(Options options, Path work) throws IOException {
    this.options = options;
    this.work = work;
    this.commit = Host.output(options.project(), List.of("git", "describe", "--always", "--dirty"));
    this.bench = Files.createDirectories(work.resolve("root/bench"));
  }

  /** Does it; the exit status is 1 if something is not as it should be. */
  public static void main(String[] args) throws IOException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("run.sh: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path work = Files.createTempDirectory("hindsight-guests-");
    boolean right;
    try {
      right = new GuestBenchmark(options, work).run();
    } catch (IOException e) {
      System.err.println("run.sh: " + e.getMessage());
      right = false;
    } finally {
      delete(work);
    }
    System.exit(right ? 0 : 1);
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private boolean run() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Row row : Row.read(options.project().resolve("bench/guests/rows"))) {
      if (options.wants(row.name()) || options.wants(row.group())) {
        if (row.isAvailable()) {
          rows.add(row.scaled(options.scale()));
        } else {
          System.err.println(row.name() + " is left out: this host has no " + row.arguments());
        }
      }
    }
    if (rows.isEmpty() && !options.wants("bogosti")) {
      throw new IOException("There is no such row.");
    }
    String plan = rows.stream().map(r -> r.command() + "\n").collect(Collectors.joining());
    Files.writeString(bench.resolve("plan"), "export LC_ALL=C PATH=/usr/bin:/bin\n" + plan);
    Matcher files = files();
    make(files.group(2));
    boolean right = true;
    if (!rows.isEmpty()) {
      right = contest(rows, Path.of(files.group(1)));
    }
    if (options.wants("bogosti")) {
      Bogosti bogosti = new Bogosti(options, work, bench.resolve("cycles"));
      report("bogosti", header() + bogosti.run());
    }
    return right;
  }

  /** Kernel and initial RAM disk. */
  private Matcher files() throws IOException {
    String hindsight = options.project().resolve("hindsight").toString();
    String output = Host.output(options.project(), List.of(hindsight, "guest", "get", GUEST));
    Matcher files = Pattern.compile("kernel (.*)\ninitrd (.*)").matcher(output);
    if (!files.matches()) {
      throw new IOException("hindsight guest get says " + output);
    }
    return files;
  }

  private void make(String initrd) throws IOException {
    String script = options.project().resolve("bench/guests/make.sh").toString();
    String _ = Host.output(work, List.of(script, work.toString(), initrd));
  }

  private boolean contest(List<Row> rows, Path kernel) throws IOException {
    Path initrd = work.resolve("initrd");
    Path stats = work.resolve("stats");
    Results results = new Results();
    for (int round = 1; round <= options.rounds(); round++) {
      progress(round, Contestants.NATIVE);
      List<String> here = List.of("./busybox", "env", "-i", "./busybox", "sh", "plan");
      Map<String, Timing> timings = Console.follow(here, bench, "");
      timings.replaceAll((_, timing) -> timing.byOwnClock());
      results.add(Contestants.NATIVE, timings);
      progress(round, Contestants.HINDSIGHT);
      Files.deleteIfExists(stats);
      List<String> hindsight =
          Contestants.hindsight(
              options, kernel, "--initrd=" + initrd, "--append=" + APPEND, "--stats=" + stats);
      results.add(Contestants.HINDSIGHT, Console.follow(hindsight, work, ""));
      statistics.add(Files.exists(stats) ? Files.readString(stats) : "");
      if (options.hasTcg(round)) {
        progress(round, Contestants.TCG);
        List<String> tcg = Contestants.tcg(kernel, "-initrd", initrd.toString(), "-append", APPEND);
        results.add(Contestants.TCG, Console.follow(tcg, work, ""));
      }
    }
    Table table = new Table(rows, results);
    report("guests", header() + hindsightRun() + "\n" + table.markdown());
    table.wrong().forEach(r -> System.err.println(r.name() + " failed, or checksums differ"));
    return table.wrong().isEmpty() && statistics("stateHash").size() == 1;
  }

  private static void progress(int round, String contestant) {
    System.err.println("round " + round + ": " + contestant);
  }

  private void report(String name, String text) throws IOException {
    System.out.println(text);
    if (!options.report().isEmpty()) {
      new Section(Path.of(options.report()), name).write(text);
    }
  }

  private String header() throws IOException {
    Path here = options.project();
    String tcg =
        Contestants.hasTcg()
            ? Host.output(here, List.of("qemu-system-x86_64", "--version"))
                .lines()
                .findFirst()
                .orElse("")
            : "no QEMU";
    return "`%s`, %s, commit %s; %s; %s; load average at the end %s.%n"
        .formatted(options.text(), LocalDate.now(), commit, Host.processor(), tcg, Host.load());
  }

  private String hindsightRun() {
    return "Hindsight, boot included: %s instructions, %s of them by falling back; state hash %s.%n"
        .formatted(
            String.join(" or ", statistics("instructions")),
            String.join(" or ", statistics("fallbackInstructions")),
            String.join(" or ", statistics("stateHash")));
  }

  /** What the statistics of all rounds say; one value, as the machine is deterministic. */
  private TreeSet<String> statistics(String name) {
    TreeSet<String> values = new TreeSet<>();
    for (String each : statistics) {
      Matcher value = Pattern.compile(STATISTIC.formatted(name)).matcher(each);
      values.add(value.find() ? value.group(1) : "?");
    }
    return values;
  }
}
