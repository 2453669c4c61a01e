package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What people do wrong: one sentence that names it, status 2, and nothing left behind. */
class BadInputTest {
  @TempDir private Path directory;

  private String kernel = "";

  @BeforeEach
  void files() throws IOException {
    kernel = write("kernel", TinyKernel.powersOff());
    write("empty", new byte[0]);
    write("text", "no kernel\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    Files.createDirectory(directory.resolve("folder"));
  }

  private String write(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private record Result(int status, String err) {}

  private static Result execute(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine line = Hindsight.commandLine().setErr(new PrintWriter(err, true));
    int status = line.execute(arguments);
    return new Result(status, err.toString());
  }

  private void refuses(String named, String... arguments) throws IOException {
    List<String> before = listing();
    Result result = execute(arguments);
    assertThat(result.status).as(result.err).isEqualTo(2);
    assertThat(result.err).startsWith("hindsight: ").contains(named).endsWith(".\n");
    assertThat(result.err.lines()).hasSize(1);
    assertThat(listing()).isEqualTo(before);
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  private void refusesRun(String named, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("run", "--no-record", "--until=1000"));
    all.addAll(Arrays.asList(more));
    refuses(named, all.toArray(String[]::new));
  }

  @Test
  void kernelsThatAreNone() throws IOException {
    for (String name : List.of("missing", "empty", "text", "folder")) {
      refusesRun(name, "--kernel=" + path(name));
    }
    refusesRun("missing", "--kernel=" + kernel, "--initrd=" + path("missing"));
    refusesRun("folder", "--kernel=" + kernel, "--module=" + path("folder"));
    refusesRun("--kernel");
  }

  @Test
  void machinesThatCannotBe() throws IOException {
    String k = "--kernel=" + kernel;
    refusesRun("kernel", k, "--memory=4K");
    refusesRun("--memory", k, "--memory=much");
    refusesRun("--memory", k, "--memory=-1M");
    refusesRun("TiB", k, "--memory=9999999G");
    refusesRun("CPUs", k, "--vcpus=0");
    refusesRun("CPUs", k, "--vcpus=65");
    refusesRun("--vcpus", k, "--vcpus=x");
    refusesRun("i486", k, "--cpu=i486");
    refusesRun("--rtc", k, "--rtc=yesterday");
    refusesRun("--seed", k, "--seed=x");
    refusesRun("--bogus", k, "--bogus");
    refusesRun("--pace", k, "--pace=fast");
    for (String name : List.of("missing", "empty", "folder")) {
      refusesRun(name, k, "--disk=" + path(name));
    }
    refusesRun("missing", k, "--script=" + path("missing"));
    refusesRun("Line 1", k, "--script=" + path("text"));
    refusesRun("statistics", k, "--stats=" + path("missing/stats"));
    refusesRun("statistics", k, "--stats=" + path("folder"));
  }

  @Test
  void placesWhereNothingCanBeRecorded() throws IOException {
    String k = "--kernel=" + kernel;
    refuses("folder", "run", k, "--until=1000", "--record=" + path("folder"));
    refuses("missing", "run", k, "--until=1000", "--record=" + path("missing/r"));
    refuses("--no-record", "run", k, "--no-record", "--record=" + path("r"));
  }

  @Test
  void recordingsThatAreNone() throws IOException {
    for (String command : List.of("replay", "info")) {
      for (String name : List.of("missing", "folder", "text")) {
        refuses(name, command, path(name));
      }
    }
    refuses("folder", "pack", path("folder"), path("packed"));
    refuses("text", "unpack", path("text"), path("unpacked"));
    refuses("missing", "unpack", path("missing"), path("unpacked"));
  }

  private String record(byte[] file, int status) throws IOException {
    write("kernel", file);
    String recording = path("recording");
    // a script has the console to itself: nobody reads the standard input of the test runner
    String script = "--script=" + write("script", new byte[0]);
    assertThat(execute("run", "--kernel=" + kernel, script, "--record=" + recording).status)
        .isEqualTo(status);
    assertThat(execute("replay", recording)).isEqualTo(new Result(0, ""));
    return recording;
  }

  @Test
  void kernelsThatHaveChanged() throws IOException {
    String recording = record(TinyKernel.powersOff(), 0);
    write("kernel", TinyKernel.resets());
    refuses(kernel, "replay", recording);
    refuses("", "pack", recording, path("packed"));
    Files.delete(Path.of(kernel));
    refuses(kernel, "replay", recording);
    assertThat(execute("info", recording).status).isZero();
  }

  @Test
  void recordingsThatAreDamaged() throws IOException {
    String recording = record(TinyKernel.powersOff(), 0);
    Path description = Path.of(recording, "description");
    byte[] good = Files.readAllBytes(description);
    String text = Files.readString(description);
    Files.writeString(description, text.replace("vcpus = 1", "vcpus = 2"));
    refuses("damaged", "replay", recording);
    Files.writeString(description, text.replace("hindsight recording 2", "hindsight recording 9"));
    refuses("format 9", "replay", recording);
    Files.write(description, good);

    Path log = Path.of(recording, "log");
    byte[] whole = Files.readAllBytes(log);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(log, Arrays.copyOf(whole, length));
      assertThat(execute("replay", recording).status).as("cut at " + length).isIn(0, 2);
    }
    for (int i = 0; i < whole.length; i += 5) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      Files.write(log, flipped);
      assertThat(execute("replay", recording).status).as("flipped at " + i).isIn(0, 2);
    }
  }

  @Test
  void guestsThatCrashOrReset() throws IOException {
    String _ = record(TinyKernel.resets(), 0);
    Files.move(directory.resolve("recording"), directory.resolve("first"));
    String _ = record(TinyKernel.tripleFaults(), 1);
  }

  @Test
  void packedRecordingsReplayElsewhere() throws IOException {
    String recording = record(TinyKernel.powersOff(), 0);
    assertThat(execute("pack", recording, path("packed"))).isEqualTo(new Result(0, ""));
    Files.delete(Path.of(kernel));
    assertThat(execute("unpack", path("packed"), path("elsewhere"))).isEqualTo(new Result(0, ""));
    assertThat(execute("replay", path("elsewhere"))).isEqualTo(new Result(0, ""));
    write("kernel", TinyKernel.powersOff());
    refuses("packed", "pack", recording, path("packed"));
    refuses("elsewhere", "unpack", path("packed"), path("elsewhere"));
  }
}
