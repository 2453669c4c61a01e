package dev.hindsight.cli.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.cli.CommandRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guests with virtual assertions at user level, compiled by the host's gcc with the header that
 * goes to programmers: recorded, checked, and replayed again. That a check has left a trace in the
 * recorded run would be seen by the hash at its end.
 */
class CheckTest {
  private static final String REGISTERED = "hs_register(); ";

  @TempDir private Path directory;

  @BeforeAll
  static void thereIsACompiler() throws IOException {
    Path empty = Files.createTempFile("empty", ".c");
    try {
      assumeTrue(
          run(List.of("gcc", "-m32", "-c", "-o", "/dev/null", empty.toString())) == 0,
          "there is no gcc for 32-bit code");
    } catch (IOException e) {
      assumeTrue(false, "there is no gcc");
    } finally {
      Files.delete(empty);
    }
  }

  private static int run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int status = process.waitFor();
      if (status != 0) {
        System.err.println(said);
      }
      return status;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private Path resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(CheckTest.class.getResourceAsStream(name))) {
      return Files.write(directory.resolve(name), in.readAllBytes());
    }
  }

  /** Records a guest whose program is some lines of C. */
  private String record(String body) throws IOException {
    Path kernel = directory.resolve("kernel");
    List<String> gcc =
        new ArrayList<>(
            List.of(
                "gcc",
                "-m32",
                "-O1",
                "-fno-omit-frame-pointer",
                "-ffreestanding",
                "-fno-pic",
                "-no-pie",
                "-nostdlib",
                "-static",
                "-fno-stack-protector",
                "-mgeneral-regs-only",
                "-fno-asynchronous-unwind-tables",
                "-Wall",
                "-Werror",
                "-Wno-unused-function"));
    gcc.add("-Wl,-N,--no-warn-rwx-segments,--build-id=none,-T," + resource("guest.ld"));
    gcc.add("-I" + Path.of("../sdk").toAbsolutePath());
    gcc.add("-DBODY=" + body);
    gcc.addAll(List.of("-o", kernel.toString(), resource("guest.c").toString()));
    assertThat(run(gcc)).isZero();
    Path script = Files.write(directory.resolve("script"), new byte[0]);
    String recording = directory.resolve("recording").toString();
    CommandRun run =
        CommandRun.of(
            "run",
            "--kernel=" + kernel,
            "--script=" + script,
            "--record=" + recording,
            "--memory=8M");
    assertThat(run.err()).doesNotContain("Exception");
    return recording;
  }

  /** Checks a recording, and replays it. */
  private static CommandRun check(String recording, String... options) {
    List<String> all = new ArrayList<>(List.of("check", recording, "--limit-ticks=20000"));
    all.addAll(List.of(options));
    CommandRun result = CommandRun.of(all.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(CommandRun.of("replay", recording).status()).isZero();
    return result;
  }

  private CommandRun checked(String body, String... options) throws IOException {
    return check(record(body), options);
  }

  @Test
  void aFalseAssertionIsReported() throws IOException {
    CommandRun result =
        checked(
            REGISTERED + "for (int i = 0; i < 5; i++) { counter = i; HS_ASSERT(counter != 3); }");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("counter != 3 is false\n", "guest.c:", "in body, process 0", "level 3")
        .endsWith("5 checks, 1 did not hold\n");
  }

  @Test
  void assertionsThatHoldAreCounted() throws IOException {
    CommandRun result = checked(REGISTERED + "HS_ASSERT(counter == 0); HS_BLOCK { counter = 7; }");
    assertThat(result.out()).isEqualTo("2 checks, 0 did not hold\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void aBlockHasItsAssertionsAndItsLog() throws IOException {
    CommandRun result =
        checked(
            REGISTERED
                + "HS_BLOCK { HS_LOG(\"looking\"); HS_ASSERT(1); HS_ASSERT(counter == 0);"
                + " HS_ASSERT(counter == 1); HS_LOG(\"never\"); }");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("counter == 1 is false", "    | looking\n")
        .doesNotContain("never")
        .endsWith("1 checks, 1 did not hold\n");
  }

  @Test
  void aLogAloneIsNoFailure() throws IOException {
    CommandRun result = checked(REGISTERED + "HS_LOG(\"here\");");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains(" held\n", "| here", "1 checks, 0 did not hold\n");
  }

  @Test
  void withoutARegistrationNothingIsChecked() throws IOException {
    assertThat(checked("HS_ASSERT(0);").out()).isEqualTo("0 checks, 0 did not hold\n");
    assertThat(checkedAnew("hs_register(); hs_unregister(); HS_ASSERT(0);").out())
        .isEqualTo("0 checks, 0 did not hold\n");
  }

  private CommandRun checkedAnew(String body) throws IOException {
    Path recording = directory.resolve("recording");
    try (var files = Files.list(recording)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(recording);
    return checked(body);
  }

  @Test
  void marksAndValuesAreNoted() throws IOException {
    CommandRun result =
        checked(
            REGISTERED
                + "HS_RECORD_START(); HS_MARK(\"begin\"); HS_VALUE(\"size\", -5); HS_RECORD_STOP();");
    assertThat(result.out())
        .contains(": record start", ": mark begin\n", ": value size = -5\n", ": record stop");
  }

  @Test
  void checksThatDoNotEndWell() throws IOException {
    assertThat(checked(REGISTERED + "HS_BLOCK { for (;;) counter++; }").out())
        .contains(" did not end\n");
    assertThat(checkedAnew(REGISTERED + "HS_BLOCK { kernel(0, 0); }").out())
        .contains(" switched the machine off\n");
    assertThat(checkedAnew(REGISTERED + "HS_BLOCK { __asm__ volatile(\"ud2\"); }").out())
        .contains(" crashed the machine\n");
    assertThat(
            checkedAnew(REGISTERED + "HS_BLOCK { for (;;) hs_call(HS_LOG_TEXT, 0, tss, 104); }")
                .out())
        .contains(" did not end\n");
  }

  @Test
  void vmwaresInterface() throws IOException {
    String setAddress = "vmware(51 | 1 << 16, (u32)&hs_page); ";
    String check =
        "if (hs_page.in_replay) { vmware_log(\"two\\nlines\", 9); vmware(51 | %d << 16, 0); } ";
    CommandRun result = checked(setAddress + check.formatted(3) + check.formatted(2));
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains(" is false\n", "| two\n    | lines").contains(" held\n");
    assertThat(result.out()).endsWith("2 checks, 1 did not hold\n");
  }

  @Test
  void whatIsNoCallIsAnOrdinaryPort() throws IOException {
    // at user level that is a fault, and this kernel has no handler
    String recording = record("vmware(51 | 9 << 16, 0);");
    assertThat(CommandRun.of("replay", recording).err())
        .contains("Triple fault", "RCX 0000000000090033");
  }

  @Test
  void statePagesThatAreNotWhatTheyWere() throws IOException {
    String twice = "HS_ASSERT(0); HS_ASSERT(0);";
    assertThat(checked(REGISTERED + "kernel(2, 0x300000); " + twice).out())
        .contains("another than was registered")
        .endsWith("0 checks, 2 did not hold\n");
    // the registers of the HPET
    assertThat(checkedAnew("kernel(2, 0xFED00000); " + REGISTERED + "HS_ASSERT(0);").out())
        .contains("its state page is no memory");
    String setAddress = "vmware(51 | 1 << 16, (u32)&hs_page); ";
    assertThat(
            checkedAnew("kernel(3, 0); " + setAddress + "kernel(2, 0x300000); HS_ASSERT(0);").out())
        .endsWith("1 checks, 1 did not hold\n");
  }

  @Test
  void aRegistrationBelongsToItsAddressSpace() throws IOException {
    String other = "kernel(1, 1); ";
    assertThat(checked(REGISTERED + other + "HS_ASSERT(0);").out())
        .isEqualTo("0 checks, 0 did not hold\n");
    // two programs that share the page
    CommandRun both =
        checkedAnew(
            REGISTERED
                + other
                + REGISTERED
                + "HS_ASSERT(counter == 1); "
                + "kernel(1, 0); "
                + "HS_ASSERT(counter == 2);");
    assertThat(both.out())
        .contains("counter == 1 is false", "counter == 2 is false")
        .endsWith("2 checks, 2 did not hold\n");
  }

  @Test
  void severalMachinesFindTheSame() throws IOException {
    String recording =
        record(
            REGISTERED
                + "for (int i = 0; i < 300; i++) { counter = i; HS_ASSERT(counter % 7 != 3);"
                + " if (i % 50 == 0) HS_VALUE(\"i\", i); }");
    String alone = check(recording, "--json", "--jobs=1").out();
    assertThat(alone).contains("\"checks\" : 300", "\"verdict\" : \"false\"", "\"value\" : 250");
    for (int interval : new int[] {97, 1000}) {
      assertThat(check(recording, "--json", "--jobs=3", "--interval=" + interval).out())
          .isEqualTo(alone);
    }
    CommandRun first = check(recording, "--stop-at-first", "--jobs=2", "--interval=500");
    assertThat(first.status()).isEqualTo(1);
    assertThat(first.out()).containsOnlyOnce("is false");
  }

  @Test
  void onlySome() throws IOException {
    String recording = record(REGISTERED + "HS_ASSERT(counter == 1); HS_ASSERT(counter == 2);");
    assertThat(check(recording, "--only=counter == 2").out())
        .contains("counter == 2 is false")
        .doesNotContain("counter == 1");
    assertThat(check(recording, "--only=body").out()).contains("counter == 1", "counter == 2");
    CommandRun none = check(recording, "--only=elsewhere.c");
    assertThat(none.status()).isZero();
  }
}
