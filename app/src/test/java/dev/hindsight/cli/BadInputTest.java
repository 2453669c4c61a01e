package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with what a command is given, it says so in one sentence, and ends with 2. */
class BadInputTest {
  private static final int LINUX_MAGIC_AT = 0x202;

  /** Each so many bytes of a log one is damaged. */
  private static final int STRIDE = 9;

  @TempDir private Path directory = Path.of("");
  private String kernel = "";
  private String script = "";

  @BeforeEach
  void files() throws IOException {
    kernel = write("kernel", TinyKernel.POWERS_OFF.file());
    script = write("script", "# nothing is typed\n");
    write("empty", new byte[0]);
    write("text", "This is no kernel.\n".repeat(500));
    Files.createDirectory(directory.resolve("folder"));
    write("bzImage", truncatedLinux());
    write("large", new byte[3 << 20]);
  }

  private String write(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }

  private String write(String name, String content) throws IOException {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  /** The beginning of a header of Linux, whose sectors are missing. */
  private static byte[] truncatedLinux() {
    byte[] file = new byte[0x400];
    file[0x1F1] = 30;
    file[0x1FE] = 0x55;
    file[0x1FF] = (byte) 0xAA;
    file[0x201] = 0x66;
    byte[] magic = "HdrS".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, file, LINUX_MAGIC_AT, magic.length);
    file[0x206] = 15;
    file[0x207] = 2;
    file[0x211] = 1;
    return file;
  }

  /** A run of the kernel with more options, to which nobody types. */
  private String[] run(String... options) {
    List<String> all = new ArrayList<>(List.of("run", "--no-record", "--memory=16M"));
    if (Arrays.stream(options).noneMatch(o -> o.startsWith("--kernel"))) {
      all.add("--kernel=" + kernel);
    }
    if (Arrays.stream(options).noneMatch(o -> o.startsWith("--script"))) {
      all.add("--script=" + script);
    }
    if (Arrays.stream(options).anyMatch(o -> o.startsWith("--record"))) {
      all.remove("--no-record");
    }
    if (Arrays.stream(options).anyMatch(o -> o.startsWith("--memory"))) {
      all.remove("--memory=16M");
    }
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  private void refuses(SoftAssertions softly, String names, String... arguments)
      throws IOException {
    List<Path> before = everything();
    CommandRun run = CommandRun.of(arguments);
    String what = String.join(" ", arguments) + " says " + run.err();
    softly.assertThat(run.status()).as(what).isEqualTo(2);
    softly.assertThat(run.out()).as(what).isEmpty();
    softly
        .assertThat(run.err())
        .as(what)
        .matches("hindsight: [^\\n]*[^.\\n]\\.\\n")
        .doesNotContain("Exception")
        .contains(names);
    softly.assertThat(everything()).as(what).isEqualTo(before);
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted().toList();
    }
  }

  @Test
  void bootFilesAreChecked() throws IOException {
    SoftAssertions s = new SoftAssertions();
    refuses(s, at("missing"), run("--kernel=" + at("missing")));
    refuses(s, at("empty"), run("--kernel=" + at("empty")));
    refuses(s, at("text"), run("--kernel=" + at("text")));
    refuses(s, at("folder"), run("--kernel=" + at("folder")));
    refuses(s, at("bzImage"), run("--kernel=" + at("bzImage")));
    refuses(s, at("large"), run("--kernel=" + at("large"), "--memory=2M"));
    refuses(s, at("missing"), run("--initrd=" + at("missing")));
    refuses(s, at("folder"), run("--initrd=" + at("folder")));
    refuses(s, at("large"), run("--initrd=" + at("large"), "--memory=2M"));
    refuses(s, at("missing"), run("--module=" + at("missing")));
    refuses(s, at("text"), run("--kernel=" + at("text"), "--module=" + at("empty")));
    s.assertAll();
  }

  @Test
  void theMachineIsChecked() throws IOException {
    SoftAssertions s = new SoftAssertions();
    for (String size : new String[] {"1K", "0", "-1M", "many", "", "99999999999G", "1.5G"}) {
      refuses(s, "--memory", run("--memory=" + size));
    }
    refuses(s, "--memory", run("--memory=100000G"));
    for (String count : new String[] {"0", "65", "-1", "x", "99999999999"}) {
      refuses(s, "--vcpus", run("--vcpus=" + count));
    }
    refuses(s, "z", run("--cpu=z"));
    for (String instant : new String[] {"yesterday", "", "2026-13-01T00:00:00Z"}) {
      refuses(s, "--rtc", run("--rtc=" + instant));
    }
    refuses(s, "--seed", run("--seed=x"));
    refuses(s, "--until", run("--until=x"));
    refuses(s, "--until", run("--until=-5"));
    refuses(s, "--pace", run("--pace=fast"));
    refuses(s, "--engine", run("--engine=steam"));
    refuses(s, "--nonsense", run("--nonsense"));
    refuses(s, "nonsense", "nonsense");
    refuses(s, "--kernel", "run");
    s.assertAll();
  }

  @Test
  void disksAreChecked() throws IOException {
    SoftAssertions s = new SoftAssertions();
    for (String name : new String[] {"missing", "empty", "folder"}) {
      refuses(s, at(name), run("--disk=" + at(name)));
    }
    s.assertAll();
  }

  @Test
  void scriptsAreChecked() throws IOException {
    write("arrowless", "# a comment\nlogin:\n");
    write("escape", "a => \\q\n");
    SoftAssertions s = new SoftAssertions();
    for (String name : new String[] {"missing", "folder", "arrowless", "escape"}) {
      refuses(s, at(name), run("--script=" + at(name)));
    }
    s.assertAll();
  }

  @Test
  void placesAreChecked() throws IOException {
    SoftAssertions s = new SoftAssertions();
    refuses(s, at("folder"), run("--record=" + at("folder")));
    refuses(s, at("text"), run("--record=" + at("text")));
    refuses(s, at("missing"), run("--record=" + at("missing/recording")));
    refuses(s, at("text"), run("--record=" + at("text/recording")));
    refuses(s, "--no-record", run("--no-record", "--record=" + at("recording")));
    refuses(s, "/proc", run("--record=/proc/recording"));
    refuses(s, at("folder"), run("--stats=" + at("folder")));
    refuses(s, at("missing"), run("--stats=" + at("missing/stats")));
    refuses(
        s,
        at("missing"),
        run("--record=" + at("recording"), "--stats=" + at("missing/stats")));
    s.assertAll();
  }

  @Test
  void recordingsAreChecked() throws IOException {
    Path good = directory.resolve("good");
    CommandRun made = CommandRun.of(run("--record=" + good));
    assertThat(made.status()).as(made.err()).isZero();
    String description = Files.readString(good.resolve("description"));
    byte[] log = Files.readAllBytes(good.resolve("log"));
    recording("undescribed", null, log);
    recording("garbled", "what is this\n", log);
    recording("cut", description.substring(0, description.length() / 2), log);
    recording(
        "older",
        description.replaceFirst("(?i)(behaviour[^0-9\\n]*)[0-9]+", "$1" + 3),
        log);
    recording("future", description.replaceFirst("[0-9]+", "99"), log);
    recording("unlogged", description, null);
    recording("newlog", description, newFormat(log));
    SoftAssertions s = new SoftAssertions();
    String[] bad = {
      "missing", "folder", "text", "undescribed", "garbled", "cut", "future", "unlogged", "newlog"
    };
    for (String name : bad) {
      refuses(s, at(name), "replay", at(name));
      refuses(s, at(name), "info", at(name));
      refuses(s, at(name), "pack", at(name), at("packed"));
    }
    refuses(s, at("older"), "replay", at("older"));
    refuses(s, at("missing"), "replay", good.toString(), "--stats=" + at("missing/stats"));
    String packed = at("good.hindsight");
    assertThat(CommandRun.of("pack", good.toString(), packed).status()).isZero();
    refuses(s, packed, "pack", good.toString(), packed);
    refuses(s, at("missing"), "pack", good.toString(), at("missing/packed"));
    byte[] whole = Files.readAllBytes(Path.of(packed));
    write("half", Arrays.copyOf(whole, whole.length / 2));
    for (String name : new String[] {"half", "text", "empty", "folder", "missing"}) {
      refuses(s, at(name), "unpack", at(name), at("unpacked"));
    }
    refuses(s, at("folder"), "unpack", packed, at("folder"));
    refuses(s, at("missing"), "unpack", packed, at("missing/unpacked"));
    write("kernel", TinyKernel.CRASHES.file());
    refuses(s, kernel, "replay", good.toString());
    refuses(s, "kernel", "pack", good.toString(), at("changed"));
    Files.delete(Path.of(kernel));
    refuses(s, kernel, "replay", good.toString());
    s.assertAll();
  }

  private void recording(
      String name,
      @org.jspecify.annotations.Nullable String description,
      byte @org.jspecify.annotations.Nullable [] log)
      throws IOException {
    Path recording = Files.createDirectory(directory.resolve(name));
    if (description != null) {
      Files.writeString(recording.resolve("description"), description);
    }
    if (log != null) {
      Files.write(recording.resolve("log"), log);
    }
  }

  private static byte[] newFormat(byte[] log) {
    byte[] changed = log.clone();
    changed["hindsight log ".length()] = '9';
    return changed;
  }

  @Test
  void aDamagedLogIsReplayedAsFarAsItGoes() throws IOException {
    Path good = directory.resolve("good");
    assertThat(CommandRun.of(run("--record=" + good)).status()).isZero();
    byte[] log = Files.readAllBytes(good.resolve("log"));
    String description = Files.readString(good.resolve("description"));
    recording("logless", description, new byte[0]);
    checkDamaged(at("logless"));
    recording("badlog", description, "rubbish".getBytes(StandardCharsets.US_ASCII));
    checkDamaged(at("badlog"));
    for (int at = "hindsight log 2\n".length(); at < log.length; at += STRIDE) {
      byte[] flipped = log.clone();
      flipped[at] ^= 1;
      recording("flipped" + at, description, flipped);
      checkDamaged(at("flipped" + at));
      recording("short" + at, description, Arrays.copyOf(log, at));
      checkDamaged(at("short" + at));
    }
  }

  private static void checkDamaged(String recording) {
    CommandRun replay = CommandRun.of("replay", recording);
    assertThat(replay.status()).as(replay.err()).isIn(0, 2);
    assertThat(replay.err()).matches("(hindsight: [^\\n]*\\.\\n)?").doesNotContain("Exception");
    CommandRun info = CommandRun.of("info", recording);
    assertThat(info.status()).as(info.err()).isEqualTo(replay.status());
  }
}
