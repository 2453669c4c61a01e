package dev.hindsight.bench.timeline;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kills runs that are being recorded (SIGKILL, at random instants), and replays what is left of
 * each. A replay must end with status 0, must print what the killed run printed, and the recording
 * may lack at most the last virtual second of what the guest had said on its console. Each second
 * run has somebody type all the time; the others have no inputs.
 *
 * <p>Arguments: number of runs (200), seed (0), the command (./hindsight), and a Linux kernel and
 * its initrd if each tenth run is to boot that; the others run {@link ClockGuest}.
 */
public final class KillRuns {
  private static final int LINUX_EACH = 10;
  private static final double SHORTEST = 0.3;
  private static final double LONGEST = 10;

  /** The larger, the more of the runs are short. */
  private static final double SKEW = 3;

  private static final int STEPS = 20_000;
  private static final int BAD_INPUT = 2;
  private static final double TICKS_PER_SECOND = 1e9;
  private static final Pattern TICK = Pattern.compile("^([0-9a-f]{16})", Pattern.MULTILINE);
  private static final Pattern STAMP = Pattern.compile("^\\[ *(\\d+\\.\\d+)\\]", Pattern.MULTILINE);
  private static final Pattern LENGTH = Pattern.compile("length +([0-9,]+) ticks");

  private final String command;
  private final @Nullable Path linux;
  private final @Nullable Path initrd;
  private final Path directory;
  private final Path clock;
  private final Path script;
  private final SplittableRandom random;

  private int replayed;
  private int sealed;
  private int withoutLog;
  private int failures;
  private double most;
  private double longest;
  private double sum;

  private KillRuns(String[] arguments) throws IOException {
    random = new SplittableRandom(arguments.length > 1 ? Long.parseLong(arguments[1]) : 0);
    command = arguments.length > 2 ? arguments[2] : "./hindsight";
    linux = arguments.length > 4 ? Path.of(arguments[3]) : null;
    initrd = arguments.length > 4 ? Path.of(arguments[4]) : null;
    directory = Files.createTempDirectory("kill-runs");
    clock = Files.write(directory.resolve("clock"), ClockGuest.kernel());
    script = directory.resolve("script");
    Files.writeString(script, "\\n => x\\c\n".repeat(STEPS));
  }

  /** Runs it; the exit code tells whether all was as it must be. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    KillRuns all = new KillRuns(arguments);
    for (int i = 0; i < runs; i++) {
      all.run(i);
    }
    delete(all.directory);
    System.out.printf(
        "%d killed, %d replayed, %d before there was a log, %d had ended; %d failures%n",
        runs, all.replayed, all.withoutLog, all.sealed, all.failures);
    System.out.printf(
        "the longest recording %.2f virtual seconds; lost at most %.3f, on average %.3f%n",
        all.longest, all.most, all.replayed == 0 ? 0 : all.sum / all.replayed);
    System.exit(all.failures == 0 ? 0 : 1);
  }

  private void run(int number) throws IOException, InterruptedException {
    boolean boots = linux != null && number % LINUX_EACH == LINUX_EACH - 1;
    double delay = SHORTEST + (LONGEST - SHORTEST) * Math.pow(random.nextDouble(), SKEW);
    Path recording = directory.resolve("recording" + number);
    Path printed = directory.resolve("printed");
    List<String> line =
        new ArrayList<>(
            List.of("run", "--record=" + recording, "--pace=none"));
    if (number % 2 == 0) {
      line.add("--script=" + script);
    }
    line.addAll(
        boots
            ? List.of(
                "--kernel=" + linux,
                "--initrd=" + initrd,
                "--append=console=ttyS0 hindsight.run=\"sleep 1000\"")
            : List.of("--kernel=" + clock, "--memory=64M"));
    Process process = start(printed, line);
    boolean ended = process.waitFor((long) (delay * 1000), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor(); // SIGKILL
    String before = Files.readString(printed, StandardCharsets.ISO_8859_1);
    if (ended) {
      sealed++;
    }
    double said = boots ? seconds(before) : ticks(before) / TICKS_PER_SECOND;
    check(number, delay, said, before, recording);
    delete(recording);
  }

  private void check(int number, double delay, double said, String before, Path recording)
      throws IOException, InterruptedException {
    Path replayedText = directory.resolve("replayed");
    int status = start(replayedText, List.of("replay", recording.toString())).waitFor();
    String after = Files.readString(replayedText, StandardCharsets.ISO_8859_1);
    String errors = Files.readString(errors(replayedText), StandardCharsets.UTF_8);
    boolean nothing =
        !Files.exists(recording)
            || !Files.exists(recording.resolve("description"))
            || !Files.exists(recording.resolve("log"))
            || Files.size(recording.resolve("log")) == 0;
    if (nothing) {
      withoutLog++;
      boolean right = status == BAD_INPUT && errors.strip().lines().count() == 1 && before.isEmpty();
      report(number, delay, right, "nothing was recorded: " + errors.strip());
      return;
    }
    Path info = directory.resolve("info");
    int infoStatus = start(info, List.of("info", recording.toString())).waitFor();
    Matcher length = LENGTH.matcher(Files.readString(info));
    double recorded =
        length.find() ? Long.parseLong(length.group(1).replace(",", "")) / TICKS_PER_SECOND : -1;
    double lost = Math.max(0, said - recorded);
    replayed++;
    sum += lost;
    most = Math.max(most, lost);
    longest = Math.max(longest, recorded);
    boolean same = before.startsWith(after) || after.startsWith(before);
    report(
        number,
        delay,
        status == 0 && infoStatus == 0 && same && lost <= 1 && recorded >= 0,
        "%.3f virtual seconds recorded, %.3f said, status %d, output %s %s"
            .formatted(recorded, said, status, same ? "the same" : "DIFFERS", errors.strip()));
  }

  private void report(int number, double delay, boolean right, String what) {
    if (!right) {
      failures++;
    }
    System.out.printf("%s %d after %.2f s: %s%n", right ? "ok" : "WRONG", number, delay, what);
  }

  private Process start(Path output, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(arguments);
    return new ProcessBuilder(line)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(output.toFile())
        .redirectError(errors(output).toFile())
        .start();
  }

  private static Path errors(Path output) {
    return output.resolveSibling(output.getFileName() + ".errors");
  }

  /** The last tick that the clock guest printed in full. */
  private static long ticks(String text) {
    return TICK.matcher(text)
        .results()
        .reduce((first, second) -> second)
        .map(r -> Long.parseLong(r.group(1), 16))
        .orElse(0L);
  }

  /** The latest of Linux's time stamps. */
  private static double seconds(String text) {
    return STAMP
        .matcher(text)
        .results()
        .reduce((first, second) -> second)
        .map(r -> Double.parseDouble(r.group(1)))
        .orElse(0.0);
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Path[] all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.toArray(Path[]::new);
    }
    Arrays.sort(all, (a, b) -> b.getNameCount() - a.getNameCount());
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
