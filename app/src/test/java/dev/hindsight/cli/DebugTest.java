package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gdb and the commands {@code debug} and {@code run --gdb}, with a bare 32-bit guest. */
class DebugTest {
  private static final String COUNTER = "*(int*)0x%x".formatted(TinyKernel.COUNTER);

  @TempDir private Path directory;
  private Path kernel = Path.of("");
  private Path script = Path.of("");
  private String recording = "";
  private int port;

  private record Answer(int status, String err) {}

  @BeforeEach
  void prepare() throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/gdb")), "gdb is not installed (package gdb)");
    kernel = Files.write(directory.resolve("kernel"), TinyKernel.counts());
    script = Files.write(directory.resolve("script"), new byte[0]);
    recording = directory.resolve("recording").toString();
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
  }

  private static Answer execute(String... arguments) {
    StringWriter err = new StringWriter();
    int status = Hindsight.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
    return new Answer(status, err.toString());
  }

  /** What gdb says while a command serves it; gdb does not begin before the port is there. */
  private String gdb(String[] command, int status, String... lines)
      throws IOException, InterruptedException {
    CompletableFuture<Answer> server = CompletableFuture.supplyAsync(() -> execute(command));
    List<String> all = new ArrayList<>(List.of("/usr/bin/gdb", "-nx", "-batch"));
    List<String> script = new ArrayList<>();
    script.add("set tcp auto-retry on");
    script.add("set tcp connect-timeout 60");
    script.add("set confirm off");
    script.add("target remote 127.0.0.1:" + port);
    script.addAll(List.of(lines));
    for (String l : script) {
      all.add("-ex");
      all.add(l);
    }
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Answer answer = server.join();
    assertThat(answer.err).isEmpty();
    assertThat(answer.status).as(out).isEqualTo(status);
    return out;
  }

  private String[] run(String... more) {
    List<String> all = new ArrayList<>(List.of("run", "--kernel=" + kernel, "--script=" + script));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static List<String> printed(String out) {
    return out.lines().filter(l -> l.startsWith("<")).toList();
  }

  private static String print(String expression) {
    return "printf \"<%d>\\n\", " + expression;
  }

  @Test
  void aRecordingForwardsAndBackwards() throws IOException, InterruptedException {
    assertThat(execute(run("--record=" + recording)).status).isZero();
    byte[] log = Files.readAllBytes(Path.of(recording, "log"));
    String out =
        gdb(
            new String[] {"debug", recording, "--port=" + port, "--once"},
            0,
            "watch " + COUNTER,
            "continue",
            print(COUNTER),
            "continue",
            "continue",
            print(COUNTER),
            print("$ecx"),
            "reverse-continue",
            print(COUNTER),
            "x/i $pc",
            "reverse-stepi",
            "x/i $pc",
            "delete",
            "continue",
            print(COUNTER),
            "monitor registers",
            "set var $eax = 1",
            "reverse-continue",
            "monitor where");
    assertThat(printed(out)).containsExactly("<1>", "<3>", "<98>", "<2>", "<100>");
    assertThat(out)
        .contains("mov    %eax,(%ebx)", "inc    %eax")
        .contains("No more reverse-execution history.")
        .contains("GDTR ")
        .contains("The machine has ended here")
        .contains("tick 0, 0 steps, at the beginning");
    assertThat(Files.readAllBytes(Path.of(recording, "log"))).isEqualTo(log);
  }

  @Test
  void questionsAndMarksWhileDebugging() throws IOException, InterruptedException {
    assertThat(execute(run("--record=" + recording)).status).isZero();
    String address = "0x%x".formatted(TinyKernel.COUNTER);
    String out =
        gdb(
            new String[] {"debug", recording, "--port=" + port, "--once"},
            0,
            "watch " + COUNTER,
            "continue",
            "continue",
            "monitor who-wrote " + address + ":4",
            "monitor where",
            "monitor who-wrote " + address + ":1 physical",
            "monitor who-wrote x",
            "monitor who-wrote",
            "monitor mark second",
            "monitor first-difference " + recording,
            "monitor first-difference " + directory.resolve("nowhere"),
            "stepi",
            print(COUNTER),
            "set var $ecx = 1",
            "monitor mark third",
            "monitor who-wrote " + address);
    assertThat(out)
        .containsPattern("CPU 0  [0-9a-f]{16}  mov .*eax  01000000 -> 02000000")
        .contains("01 -> 02", "'x' is no address", "Type: monitor who-wrote ADDR")
        .contains("The runs do not differ up to tick", "nowhere")
        .contains("that of the branch can have marks", "that of the branch can be asked");
    assertThat(printed(out)).containsExactly("<2>");
    assertThat(Files.readString(Path.of(recording, "marks")))
        .matches("hindsight marks 1\nstep \\d+ second\n");
  }

  @Test
  void whatTheSerialPortHadSent() throws IOException, InterruptedException {
    Files.write(kernel, TinyKernel.powersOff());
    assertThat(execute(run("--record=" + recording)).status).isZero();
    String out =
        gdb(
            new String[] {"debug", recording, "--port=" + port, "--once"},
            0,
            "monitor console",
            "echo first\\n",
            "continue",
            "monitor console",
            "echo second\\n",
            "reverse-continue",
            "monitor console x");
    assertThat(out)
        .containsPattern("in [?()\\s]*first\n[^\0]*\nok\nsecond\n")
        .contains("Type: monitor console");
  }

  @Test
  void whoChangesARecordingGoesOnInABranch() throws IOException, InterruptedException {
    assertThat(execute(run("--record=" + recording)).status).isZero();
    byte[] log = Files.readAllBytes(Path.of(recording, "log"));
    Path branch = directory.resolve("branch");
    String out =
        gdb(
            new String[] {"debug", recording, "--port=" + port, "--once", "--record=" + branch},
            0,
            "watch " + COUNTER,
            "continue",
            "continue",
            "set var " + COUNTER + " = 50",
            "set var $ecx = 2",
            "stepi",
            "reverse-stepi",
            "delete",
            "continue");
    assertThat(out)
        .contains("goes on live in a branch, recorded to " + branch)
        .contains("only goes forwards")
        .contains("exited normally");
    assertThat(execute("replay", branch.toString())).isEqualTo(new Answer(0, ""));
    assertThat(Files.readAllBytes(Path.of(recording, "log"))).isEqualTo(log);
  }

  @Test
  void aMachineThatIsNotRecordedIsChanged() throws IOException, InterruptedException {
    String out =
        gdb(
            run("--no-record", "--gdb=" + port, "--wait"),
            0,
            "monitor where",
            "watch " + COUNTER,
            "continue",
            "set var " + COUNTER + " = 50",
            "set var $ecx = 2",
            "continue",
            print(COUNTER),
            "delete",
            "continue");
    assertThat(out).contains("tick 0, 0 steps, at the beginning");
    assertThat(printed(out)).containsExactly("<51>");
    assertThat(out).contains("exited normally");
  }

  /** Stops do not show in the recording, and a debugger that kills leaves one that is whole. */
  @Test
  void aMachineIsRecordedUnderTheDebugger() throws IOException, InterruptedException {
    String out =
        gdb(
            run("--record=" + recording, "--gdb=" + port, "--wait"),
            0,
            "watch " + COUNTER,
            "continue",
            "continue",
            "stepi",
            "set var $ecx = 1",
            print("$ecx"),
            "stepi",
            "kill");
    assertThat(printed(out)).containsExactly("<1>");
    assertThat(execute("replay", recording)).isEqualTo(new Answer(0, ""));
  }

  @Test
  void aCrashCanBeLookedAt() throws IOException, InterruptedException {
    Files.write(kernel, TinyKernel.tripleFaults());
    String out =
        gdb(run("--no-record", "--gdb=" + port, "--wait"), 1, "continue", "x/i $pc", "continue");
    assertThat(out)
        .contains("The guest crashed")
        .contains("received signal SIGSEGV")
        .contains("terminated with signal SIGSEGV");
  }

  @Test
  void aDebuggerThatComesLater() throws IOException, InterruptedException {
    Files.write(kernel, TinyKernel.spins());
    String out =
        gdb(
            run("--no-record", "--gdb=" + port, "--until=3000000000"),
            0,
            "x/i $pc",
            "stepi",
            "shell (sleep 0.3; kill -INT $PPID) &",
            "continue",
            "kill");
    assertThat(out).contains("jmp ", "received signal SIGINT");
  }

  @Test
  void whatCannotBeDebugged() throws IOException {
    assertThat(execute("debug", directory.resolve("nowhere").toString()))
        .matches(a -> a.status == 2 && a.err.lines().count() == 1);
    assertThat(execute(run("--wait")).err).contains("say --gdb as well.");
    assertThat(execute(run("--gdb=70000")).err).contains("from 0 to 65535.");
    assertThat(execute(run("--record=" + recording)).status).isZero();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(execute("debug", recording, "--port=" + taken.getLocalPort()).err)
          .contains("Port " + port + " cannot be had");
    }
  }
}
