package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.hindsight.cli.guest.Guest;
import dev.hindsight.cli.guest.GuestCache;
import dev.hindsight.cli.guest.GuestCatalogue;
import dev.hindsight.cli.guest.GuestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's kernel, run and replayed by the command in processes of its own. */
class DebianRunTest {
  @TempDir private Path directory;

  private record Result(int status, String console) {}

  private static Guest guest() throws IOException {
    try {
      GuestCache cache = new GuestCache(GuestCache.userDirectory(System.getenv()), Progress.NONE);
      return cache.get(GuestCatalogue.find("debian-cloud-amd64"), List.of(), false);
    } catch (GuestException e) {
      return abort("the guest cannot be had here: " + e.getMessage());
    }
  }

  private static Result hindsight(List<String> jvmFlags, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(jvmFlags);
    String classPath = System.getProperty("surefire.test.class.path");
    command.add("-cp");
    command.add(classPath == null ? System.getProperty("java.class.path") : classPath);
    command.add(Hindsight.class.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String console =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    return new Result(process.waitFor(), console);
  }

  private static String stat(Path file, String name) throws IOException {
    Matcher m =
        Pattern.compile("\"" + name + "\" : \"?([^\",\\n]*)").matcher(Files.readString(file));
    assertThat(m.find()).as(name).isTrue();
    return m.group(1);
  }

  @Test
  void bootsRunsACommandPowersOffAndReplays() throws IOException, InterruptedException {
    Guest guest = guest();
    List<String> machine =
        List.of(
            "--kernel=" + guest.kernel(),
            "--initrd=" + guest.initrd(),
            "--append=console=ttyS0 hindsight.run=\"echo $((6 * 7)) answers\"");
    Path recording = directory.resolve("recording");
    Path first = directory.resolve("first.json");
    Path second = directory.resolve("second.json");

    List<String> run = new ArrayList<>(List.of("run", "--record=" + recording, "--stats=" + first));
    run.addAll(machine);
    Result recorded = hindsight(List.of(), run);
    assertThat(recorded.console)
        .contains("HINDSIGHT-BOOT-OK", "42 answers", "HINDSIGHT-EXIT 0", "reboot: Power down")
        .doesNotContain("Call Trace", "unchecked MSR", "BUG:", "WARNING:");
    assertThat(recorded.status).isZero();
    assertThat(stat(first, "exit")).isEqualTo("poweroff");
    assertThat(Long.parseLong(stat(first, "logBytes"))).isLessThan(1024);

    Result replayed = hindsight(List.of(), List.of("replay", recording.toString()));
    assertThat(replayed).isEqualTo(recorded);

    // not looking at the log, in a JVM that compiles in another way
    List<String> again = new ArrayList<>(List.of("run", "--no-record", "--stats=" + second));
    again.addAll(machine);
    Result unrecorded = hindsight(List.of("-XX:TieredStopAtLevel=1"), again);
    assertThat(unrecorded).isEqualTo(recorded);
    assertThat(stat(second, "stateHash")).isEqualTo(stat(first, "stateHash"));
  }
}
