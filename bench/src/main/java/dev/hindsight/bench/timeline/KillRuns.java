package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills recorded runs at random moments with SIGKILL, and replays what is left of each.
 *
 * <p>Arguments: the command {@code hindsight}, how many kills (200), the seed (1), the longest time
 * until a kill in milliseconds (8,000), counted from when the command says that it records. Each
 * recording must replay to its last instant, and that must be less than a virtual second before the
 * last one that the console had shown. A run that never begins to record has failed.
 */
public final class KillRuns {
  private static final int LINE = 17;
  private static final String BEGUN = "Recording to";
  private static final long LONGEST_START_MILLIS = 120_000;
  private static final long POLL_MILLIS = 5;

  private final Path command;
  private final Path directory;
  private int failed;
  private int replayed;
  private long longestLoss = Long.MIN_VALUE;
  private long farthest;

  private KillRuns(Path command, Path directory) {
    this.command = command;
    this.directory = directory;
  }

  /** Kills, replays, and prints what came of it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 1) {
      System.err.println("Arguments: the command hindsight [kills] [seed] [milliseconds].");
      System.exit(2);
    }
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    Random random = new Random(args.length > 2 ? Long.parseLong(args[2]) : 1);
    long longest = args.length > 3 ? Long.parseLong(args[3]) : 8_000;
    KillRuns runs =
        new KillRuns(Path.of(args[0]).toAbsolutePath(), Files.createTempDirectory("hindsight-"));
    Path kernel = Files.write(runs.directory.resolve("kernel"), ClockKernel.file());
    for (int i = 0; i < kills; i++) {
      runs.once(kernel, i, random.nextLong(longest));
    }
    System.out.printf(
        "%d kills: %d replayed, %d failed; longest loss %.3f virtual seconds, farthest recording %.1f"
            + " virtual seconds%n",
        kills,
        runs.replayed,
        runs.failed,
        runs.longestLoss / (double) MachineBuilder.TICKS_PER_SECOND,
        runs.farthest / (double) MachineBuilder.TICKS_PER_SECOND);
    System.exit(runs.failed == 0 ? 0 : 1);
  }

  private void once(Path kernel, int number, long millis) throws IOException, InterruptedException {
    Path recording = directory.resolve("recording" + number);
    Path console = directory.resolve("console" + number);
    Path messages = directory.resolve("messages" + number);
    Process process =
        new ProcessBuilder(command.toString(), "run", "--kernel=" + kernel, "--record=" + recording)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(console.toFile())
            .redirectError(messages.toFile())
            .start();
    for (long waited = 0; waited < LONGEST_START_MILLIS; waited += POLL_MILLIS) {
      if (Files.readString(messages).contains(BEGUN)) {
        break;
      }
      Thread.sleep(POLL_MILLIS);
    }
    boolean _ = process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    long shown = lastTick(console);
    try (RecordedPc pc = RecordedPc.open(recording);
        Machine machine = pc.builder().engine(new InterpreterFactory()).build()) {
      new Replay(machine, pc.recording()).run();
      long last = pc.recording().lastTick();
      boolean complete = machine.now() >= last;
      longestLoss = Math.max(longestLoss, shown - last);
      farthest = Math.max(farthest, last);
      if (complete && shown - last < MachineBuilder.TICKS_PER_SECOND) {
        replayed++;
      } else {
        failed++;
        System.out.printf("kill %d: recorded to %d, shown %d%n", number, last, shown);
      }
    } catch (RecordingException e) {
      failed++;
      System.out.printf("kill %d: %s%n", number, e.getMessage());
    }
  }

  /** The last whole line of the console. */
  private static long lastTick(Path console) throws IOException {
    try (InputStream in = Files.newInputStream(console)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      int end = text.lastIndexOf('\n');
      return end < LINE - 1 ? 0 : Long.parseLong(text.substring(end - LINE + 1, end), 16);
    }
  }
}
