package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Going live from an instant of a recording, and names of instants. */
class LiveTest {
  @TempDir private Path directory;
  private String script = "";
  private String sleeper = "";

  private record Answer(int status, String out, String err) {}

  /** Everything that is said; the console of a guest is not. */
  private static Answer execute(String... arguments) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      CommandLine line = Hindsight.commandLine().setErr(new PrintWriter(System.err, true));
      int status = line.execute(arguments);
      return new Answer(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  private static String good(String... arguments) {
    Answer answer = execute(arguments);
    assertThat(answer.status).as(answer.err).isZero();
    return answer.out;
  }

  private static void refuses(String why, String... arguments) {
    Answer answer = execute(arguments);
    assertThat(answer.status).as(answer.err).isEqualTo(2);
    assertThat(answer.err).startsWith("hindsight: ").contains(why).endsWith(".\n").hasLineCount(1);
    assertThat(answer.out).isEmpty();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String record(String name, byte[] kernel, String... more) throws IOException {
    Path file = Files.write(directory.resolve(name + ".kernel"), kernel);
    String[] all = new String[more.length + 4];
    all[0] = "run";
    all[1] = "--kernel=" + file;
    all[2] = script;
    all[3] = "--record=" + path(name);
    System.arraycopy(more, 0, all, 4, more.length);
    good(all);
    return path(name);
  }

  @BeforeEach
  void record() throws IOException {
    script = "--script=" + Files.write(directory.resolve("script"), new byte[0]);
    sleeper = record("sleeper", TinyKernel.sleeps(), "--until=300000000", "--vcpus=2");
  }

  private void isReplayed(String recording) {
    Answer answer = execute("replay", recording);
    assertThat(answer.status).as(answer.err).isZero();
    assertThat(answer.err).isEmpty();
  }

  @Test
  void aRecordingGoesOnInAnother() throws IOException {
    byte[] description = Files.readAllBytes(Path.of(sleeper, "description"));
    byte[] log = Files.readAllBytes(Path.of(sleeper, "log"));
    Answer answer =
        execute("live", sleeper, script, "--record=" + path("new"), "--until=2500000000");
    assertThat(answer.status).isZero();
    assertThat(answer.err)
        .matches(
            "Live from tick 300000000 of .*sleeper, after [0-9]+ instructions; recording to"
                + " .*new\\.\n");
    isReplayed(path("new"));
    assertThat(good("info", path("new")))
        .containsPattern("branch of +" + sleeper + ", from tick 300,000,000 on, after")
        .contains("2,500,000,000 ticks");
    assertThat(good("info", sleeper)).doesNotContain("branch of");
    // from the middle of what was live, by a tick, and from an instant of the past by steps
    good(
        "live",
        path("new"),
        script,
        "--at=1234567890",
        "--record=" + path("newer"),
        "--until=1500000000");
    isReplayed(path("newer"));
    good(
        "live",
        path("newer"),
        script,
        "--step=1010",
        "--record=" + path("newest"),
        "--until=100000000");
    isReplayed(path("newest"));
    assertThat(good("ask", path("newest"), "console")).isEqualTo("ok\n");
    assertThat(good("ask", path("newer"), "registers", "--at=1000000000"))
        .isEqualTo(good("ask", path("new"), "registers", "--at=1000000000"));
    // without what it came from
    good("pack", path("newest"), path("packed"));
    good("unpack", path("packed"), path("unpacked"));
    isReplayed(path("unpacked"));
    assertThat(good("info", path("unpacked"))).contains("branch of");
    assertThat(Files.readAllBytes(Path.of(sleeper, "description"))).isEqualTo(description);
    assertThat(Files.readAllBytes(Path.of(sleeper, "log"))).isEqualTo(log);
    try (var files = Files.list(Path.of(sleeper))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void whatCannotGoOn() throws IOException {
    String ended = record("ended", TinyKernel.powersOff());
    String fresh = "--record=" + path("fresh");
    refuses("there is no tick 300000001 in it", "live", sleeper, script, fresh, "--at=300000001");
    refuses("there is no tick -1 in it", "live", sleeper, script, fresh, "--at=-1");
    refuses("there is no instant after 999999", "live", sleeper, script, fresh, "--step=999999");
    refuses("no mark named here", "live", sleeper, script, fresh, "--at=here");
    refuses("exclude each other", "live", sleeper, script, fresh, "--at=1", "--step=1");
    refuses("something else at", "live", sleeper, script, "--record=" + sleeper);
    refuses("nowhere does not exist", "live", sleeper, script, "--record=" + path("nowhere/new"));
    refuses("has ended at tick", "live", ended, script, fresh);
    refuses("There is no recording at", "live", path("nothing"), script, fresh);
    refuses("never negative", "live", sleeper, script, fresh, "--until=-1");
    assertThat(directory.resolve("fresh")).doesNotExist();
    good("live", ended, script, "--step=3", fresh);
    isReplayed(path("fresh"));
    assertThat(good("info", path("fresh"))).contains("sealed: poweroff");
    // one that was cut short is known to have an instant only when it was replayed
    Path log = Path.of(sleeper, "log");
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, bytes.length - 20));
    Answer answer = execute("live", sleeper, script, "--record=" + path("other"), "--step=999999");
    assertThat(answer.status).isEqualTo(2);
    assertThat(answer.err.lines()).hasSize(2);
    assertThat(answer.err)
        .startsWith("hindsight: The log is damaged from byte ")
        .endsWith("; there is no instant after 999999.\n");
    assertThat(directory.resolve("other")).doesNotExist();
  }

  @Test
  void instantsHaveNames() throws IOException {
    byte[] log = Files.readAllBytes(Path.of(sleeper, "log"));
    assertThat(good("mark", sleeper)).isEmpty();
    good("mark", sleeper, "booted", "--at=200000000");
    good("mark", sleeper, "odd-1.x", "--step=17");
    good("mark", sleeper, "same", "--at=booted");
    assertThat(good("mark", sleeper).replaceAll(" +", " "))
        .isEqualTo("booted tick 200000000\nodd-1.x step 17\nsame tick 200000000\n");
    assertThat(good("ask", sleeper, "registers", "--at=booted"))
        .isEqualTo(good("ask", sleeper, "registers", "--at=200000000"));
    assertThat(good("ask", sleeper, "registers", "--at=odd-1.x"))
        .isEqualTo(good("ask", sleeper, "registers", "--step=17"))
        .contains("after 17 instructions");
    assertThat(good("ask", sleeper, "console", "--step=17")).isEmpty();
    assertThat(good("ask", sleeper, "console", "--at=booted")).isEqualTo("ok\n");
    good("live", sleeper, script, "--at=booted", "--record=" + path("new"), "--until=200500000");
    isReplayed(path("new"));
    good("mark", sleeper, "same", "--delete");
    refuses("no mark named same", "mark", sleeper, "same", "--delete");
    refuses("no mark named same", "ask", sleeper, "registers", "--at=same");
    refuses("begins with a letter", "mark", sleeper, "7", "--at=0");
    refuses("Say where", "mark", sleeper, "there");
    refuses("Say which name", "mark", sleeper, "--at=0");
    refuses("leave out the rest", "mark", sleeper, "booted", "--delete", "--at=0");
    refuses("there is no tick 300000001", "mark", sleeper, "there", "--at=300000001");
    refuses("There is no recording at", "mark", path("nothing"), "there", "--at=1");
    Files.writeString(Path.of(sleeper, "marks"), "hindsight marks 1\ntick x\n");
    refuses("Line 2 of the file of marks", "mark", sleeper);
    refuses("Line 2 of the file of marks", "ask", sleeper, "registers", "--at=booted");
    isReplayed(sleeper);
    assertThat(Files.readAllBytes(Path.of(sleeper, "log"))).isEqualTo(log);
  }
}
