package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
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
    write("text", "no kernel\n".getBytes(StandardCharsets.US_ASCII));
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

  /** The same with all that comes to standard error, messages of a run that goes well too. */
  private static Result executeHearingAll(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    System.setErr(new PrintStream(all, true, StandardCharsets.UTF_8));
    try {
      Result result = execute(arguments);
      return new Result(result.status, all.toString(StandardCharsets.UTF_8) + result.err);
    } finally {
      System.setErr(before);
    }
  }

  /** Bad input is refused in a sentence, or what is good of it is replayed, with one at most. */
  private void isReplayedOrRefused(String recording, String what) throws IOException {
    List<String> before = listing();
    for (String command : List.of("replay", "info")) {
      Result result = executeHearingAll(command, recording);
      assertThat(result.status).as("%s, %s", command, what).isIn(0, 2);
      assertThat(result.err).as("%s, %s", command, what).matches("(hindsight: [^\n]*\\.\n)?");
      assertThat(result.status == 2 && result.err.isEmpty()).as(what).isFalse();
    }
    assertThat(listing()).isEqualTo(before);
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
  void filesThatDoNotFit() throws IOException {
    byte[] cutShort = new byte[0x400];
    ByteBuffer header = ByteBuffer.wrap(cutShort).order(ByteOrder.LITTLE_ENDIAN);
    header
        .put(0x1F1, (byte) 4)
        .put(0x211, (byte) 1)
        .putInt(0x202, 0x5372_6448)
        .putInt(0x214, 0x10_0000)
        .putShort(0x206, (short) 0x20F);
    refusesRun("cut short", "--kernel=" + write("cut", cutShort));
    String large = write("large", new byte[3 << 20]);
    refusesRun("large", "--kernel=" + large, "--memory=2M");
    refusesRun("large", "--kernel=" + kernel, "--module=" + large, "--memory=2M");
    refusesRun("large", "--kernel=" + kernel, "--initrd=" + large, "--memory=2M");
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
    refuses(kernel, "pack", recording, path("packed"));
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
      isReplayedOrRefused(recording, "cut at " + length);
    }
    for (int i = 0; i < whole.length; i += 5) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      Files.write(log, flipped);
      isReplayedOrRefused(recording, "flipped at " + i);
    }
    Files.delete(log);
    refuses("log", "replay", recording);
    refuses("log", "pack", recording, path("packed"));
  }

  @Test
  void recordingsOfAnotherRelease() throws IOException {
    String recording = record(TinyKernel.powersOff(), 0);
    Path description = Path.of(recording, "description");
    String text = Files.readString(description).replaceAll("behaviour-version = \\d+", "$0" + "1");
    String body = text.substring(0, text.lastIndexOf("\ncrc32c = ") + 1);
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    Files.writeString(description, body + "crc32c = %08x\n".formatted(crc.getValue()));
    refuses("behaviour version", "replay", recording);
    assertThat(execute("info", recording).status).isZero();
  }

  @Test
  void modulesAndDisksThatHaveChanged() throws IOException {
    for (String option : List.of("module", "disk")) {
      String file = write(option, new byte[2048]);
      String script = "--script=" + write("script", new byte[0]);
      String recording = path("recording of " + option);
      String option1 = "--" + option + "=" + file;
      assertThat(
              execute("run", "--kernel=" + kernel, option1, script, "--record=" + recording).status)
          .isZero();
      assertThat(execute("replay", recording)).isEqualTo(new Result(0, ""));
      write(option, new byte[4096]);
      refuses(file, "replay", recording);
      refuses(file, "pack", recording, path("packed"));
      Files.delete(Path.of(file));
      refuses(file, "replay", recording);
    }
  }

  @Test
  void packedRecordingsThatAreDamaged() throws IOException {
    String recording = record(TinyKernel.powersOff(), 0);
    String packed = path("packed");
    assertThat(execute("pack", recording, packed)).isEqualTo(new Result(0, ""));
    byte[] whole = Files.readAllBytes(Path.of(packed));
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(Path.of(packed), Arrays.copyOf(whole, length));
      refuses("packed", "unpack", packed, path("unpacked"));
    }
    for (int i = 0; i < whole.length; i += 53) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      Files.write(Path.of(packed), flipped);
      refuses("packed", "unpack", packed, path("unpacked"));
    }
  }

  @Test
  void crashesAreReportedAndReplayed() throws IOException {
    write("kernel", TinyKernel.tripleFaults());
    String script = "--script=" + write("script", new byte[0]);
    String recording = path("recording");
    Result run = executeHearingAll("run", "--kernel=" + kernel, script, "--record=" + recording);
    assertThat(run.status).isEqualTo(1);
    String announced = "Recording to " + recording + ".\n";
    assertThat(run.err).startsWith(announced);
    String report = run.err.substring(announced.length());
    // UD2 is where it was, with the DX and AL of the last OUT
    assertThat(report)
        .startsWith("hindsight: Triple fault on CPU 0 at tick ")
        .contains("RAX ", "RDX 00000000000003f8", "RIP ", "CR0 ", "IDTR ", "Bytes at RIP: 0f 0b ");
    assertThat(executeHearingAll("replay", recording)).isEqualTo(new Result(0, report));
  }

  /** A limit of the size of files stands for a disk that is full. */
  @Test
  void disksThatAreFull() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    write("kernel", TinyKernel.sleeps());
    String classPath = System.getProperty("surefire.test.class.path");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -f 4; exec \"$0\" \"$@\"",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-cp",
                classPath == null ? System.getProperty("java.class.path") : classPath,
                Hindsight.class.getName(),
                "run",
                "--kernel=" + kernel,
                "--script=" + write("script", new byte[0]),
                "--record=" + path("recording"),
                "--until=300000000000")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(2);
    assertThat(said.lines().filter(l -> l.startsWith("hindsight: "))).hasSize(1);
    assertThat(said).contains(path("recording/log") + " cannot be written").doesNotContain("\tat ");
    // what was recorded before: at least a minute, for that fits into half of it
    Path stats = directory.resolve("stats");
    assertThat(execute("replay", path("recording"), "--stats=" + stats))
        .isEqualTo(new Result(0, ""));
    assertThat(Files.readString(stats)).containsPattern("\"virtualSeconds\" : [0-9]{2,}");
  }

  @Test
  void compressedKernels() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(TinyKernel.powersOff());
    }
    byte[] compressed = bytes.toByteArray();
    String recording = record(compressed, 0);
    assertThat(execute("replay", recording)).isEqualTo(new Result(0, ""));
    String cut = write("cut.gz", Arrays.copyOf(compressed, compressed.length / 2));
    refusesRun("cut.gz is compressed, and damaged", "--kernel=" + cut);
    bytes.reset();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(new byte[3 << 20]);
    }
    String large = write("large.gz", bytes.toByteArray());
    refusesRun("large.gz is too large", "--kernel=" + large, "--memory=2M");
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
