package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Questions to the recording of a kernel that prints "ok" and switches the machine off. */
class AskTest {
  @TempDir private Path directory;
  private String recording = "";

  private record Answer(int status, String out, String err) {}

  private static Answer execute(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      CommandLine line = Hindsight.commandLine().setErr(new PrintWriter(err, true));
      int status = line.execute(arguments);
      return new Answer(status, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }

  @BeforeEach
  void record() throws IOException {
    record(TinyKernel.powersOff(), "recording");
  }

  private void record(byte[] image, String name, String... more) throws IOException {
    Path kernel = Files.write(directory.resolve(name + "-kernel"), image);
    Path script = Files.write(directory.resolve("script"), new byte[0]);
    recording = directory.resolve(name).toString();
    List<String> run =
        new ArrayList<>(
            List.of("run", "--kernel=" + kernel, "--script=" + script, "--record=" + recording));
    run.addAll(List.of(more));
    assertThat(execute(run.toArray(String[]::new)).status).isZero();
  }

  private String ask(String... question) {
    String[] all = new String[question.length + 2];
    all[0] = "ask";
    all[1] = recording;
    System.arraycopy(question, 0, all, 2, question.length);
    Answer answer = execute(all);
    assertThat(answer.err).isEmpty();
    assertThat(answer.status).isZero();
    return answer.out;
  }

  private void refuses(String named, String... question) {
    String[] all = new String[question.length + 2];
    all[0] = "ask";
    all[1] = recording;
    System.arraycopy(question, 0, all, 2, question.length);
    Answer answer = execute(all);
    assertThat(answer.status).isEqualTo(2);
    assertThat(answer.err).startsWith("hindsight: ").contains(named).endsWith(".\n");
    assertThat(answer.err.lines()).hasSize(1);
    assertThat(answer.out).isEmpty();
  }

  @Test
  void registers() {
    assertThat(ask("registers", "--at=0"))
        .contains("CPU 0 at tick 0, after 0 instructions, active", "RIP 000000000000fff0")
        .contains("CS  f000 base 00000000ffff0000 limit 0000ffff");
    assertThat(ask("registers", "--at=1"))
        .contains("CPU 0 at tick 1, after 1 instructions")
        .doesNotContain("RIP 000000000000fff0");
    // DX is the port, AX what switches it off
    assertThat(ask("registers")).containsPattern("RAX [0-9a-f]{12}2000 .* RDX 0000000000000604");
  }

  @Test
  void memory() {
    // the Multiboot header, by both kinds of address
    String header = "0000000000100000  02 b0 ad 1b 00 00 01 00 ";
    assertThat(ask("memory", "0x100000:8")).startsWith(header).hasLineCount(1);
    assertThat(ask("memory", "1048576:0x20", "--physical")).startsWith(header).hasLineCount(2);
  }

  @Test
  void disassemble() {
    assertThat(ask("disassemble", "--at=0")).matches("(?s)00000000fffffff0  e9 \\S+ \\S+ +jmp .*");
    assertThat(ask("disassemble", "0x100020:5"))
        .isEqualTo(
            "0000000000100020  66 ba f8 03                     mov dx,0x3f8\n"
                + "0000000000100024  b0 6f                           mov al,0x6f\n");
  }

  @Test
  void console() {
    assertThat(ask("console")).isEqualTo("ok\n");
    assertThat(ask("console", "--at=0")).isEmpty();
  }

  @Test
  void whoWrote() throws IOException {
    record(TinyKernel.stores(), "stores");
    String last = ask("who-wrote", "0x200000:4");
    assertThat(last)
        .hasLineCount(1)
        .matches(
            "(?s)tick \\d+  step \\d+  CPU 0  00000000001000[0-9a-f]{2}"
                + "  mov DWORD PTR ds:0x200000,eax  02000000 -> 03000000\n");
    assertThat(ask("who-wrote", "0x200003", "--physical", "--all")).hasLineCount(3);
    List<String> all = ask("who-wrote", "0x200000:1", "--all").lines().toList();
    assertThat(all).hasSize(3);
    assertThat(all.get(0)).endsWith("00 -> 01");
    assertThat(all.get(1)).endsWith("01 -> 02");
    assertThat(all.get(2)).endsWith("02 -> 03").startsWith(last.substring(0, last.indexOf(" CPU")));
    String tick = all.get(2).split(" ")[1];
    assertThat(ask("who-wrote", "0x200000:1", "--before=" + tick).lines())
        .containsExactly(all.get(1));
    assertThat(ask("who-wrote", "0x300000"))
        .isEqualTo("Nobody has written there since power-on.\n");
    refuses("no tick 9999", "who-wrote", "0x200000", "--before=999999");
  }

  @Test
  void firstDifferenceOfTwoMachines() throws IOException {
    record(TinyKernel.identifies(), "one", "--cpu=v2");
    String one = recording;
    record(TinyKernel.identifies(), "two", "--cpu=v3");
    Answer answer = execute("ask", one, "first-difference", recording);
    assertThat(answer.err).isEmpty();
    assertThat(answer.status).isEqualTo(4);
    assertThat(answer.out)
        .contains(
            "First:  " + one + ", engine auto\n",
            "The machines have different descriptions: CPU model (v2 and v3).\n")
        .containsPattern(
            "The runs differ at tick \\d+, after \\d+ steps: in the next step, by CPU 0.\n")
        .containsPattern("RAX 0000000000000001 ")
        .containsPattern("\n0000000000100[0-9a-f]{3}  0f a2 +cpuid\n")
        .containsPattern("\n  cpu0 RCX +0x[0-9a-f]+ +0x[0-9a-f]+\n")
        .doesNotContain("Input", "more");
  }

  @Test
  void firstDifferenceUnderSettings() throws IOException {
    assertThat(ask("first-difference", "--tlb=7", "--generic"))
        .startsWith("The replay is what was recorded, up to tick ");
    assertThat(ask("first-difference", "--tlb2=1", "--generic2", "--every=10"))
        .contains(
            "First:  " + recording + ", engine auto\n",
            "Second: " + recording + ", interpreter without fast operations, TLBs of 1\n",
            "The runs do not differ up to tick ");
    String one = recording;
    record(TinyKernel.powersOff(), "seed", "--seed=3");
    assertThat(ask("first-difference", one))
        .contains("different descriptions: seed (3 and 0).\n", "The runs do not differ up to");
    refuses("at least 1 step apart", "first-difference", "--every=0");
    refuses("nowhere", "first-difference", directory.resolve("nowhere").toString());
  }

  private static List<String> names(String json) {
    List<String> names = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        if (t == JsonToken.PROPERTY_NAME) {
          names.add(parser.currentName());
        }
      }
    }
    return names;
  }

  @Test
  void firstDifferenceInJson() throws IOException {
    String equal = ask("first-difference", "--json", "--tlb=7");
    assertThat(names(equal)).containsExactly("runs", "recording", "settings", "equal", "tick");
    assertThat(equal).contains("\"equal\" : true", "engine auto, TLBs of 7");
    assertThat(ask("first-difference", "--json", "--tlb2=1"))
        .contains("\"equal\" : true", "\"steps\" : ");
    record(TinyKernel.identifies(), "one", "--cpu=v2");
    String one = recording;
    record(TinyKernel.identifies(), "two", "--cpu=v3");
    Answer answer = execute("ask", one, "first-difference", "--json", recording);
    assertThat(answer.err).isEmpty();
    assertThat(answer.status).isEqualTo(4);
    assertThat(names(answer.out))
        .contains("descriptions", "tick", "steps", "vcpu", "fields", "moreFields", "bytes");
    assertThat(answer.out)
        .contains("\"equal\" : false", "\"cause\" : \"step\"", "CPU model (v2 and v3)")
        .contains("\"path\" : \"cpu0.general[1]\"", "\"name\" : \"cpu0 RCX\"");
    refuses("nowhere", "first-difference", "--json", directory.resolve("nowhere").toString());
  }

  /** Another kernel is other contents of memory. */
  @Test
  void firstDifferenceAtPowerOn() throws IOException {
    String one = recording;
    record(TinyKernel.resets(), "other");
    Answer answer = execute("ask", one, "first-difference", recording);
    assertThat(answer.status).isEqualTo(4);
    assertThat(answer.out)
        .contains("The machines have different descriptions: content of the ")
        .contains("The machines differ at power-on.\n")
        .containsPattern("\n  memory 0x1000[0-9a-f]{2} +04 06 .* +f9 0c .*\\n");
  }

  @Test
  void whatCannotBeAnswered() throws IOException {
    byte[] log = Files.readAllBytes(Path.of(recording, "log"));
    refuses("there is no tick 1000000 in it", "registers", "--at=1000000");
    refuses("there is no tick -1 in it", "console", "--at=-1");
    refuses("there is no CPU 1", "registers", "--vcpu=1");
    refuses("'x' is no address", "memory", "x");
    refuses("'1:0' is no address", "memory", "1:0");
    refuses("Say what to ask");
    recording = directory.resolve("nowhere").toString();
    refuses("nowhere", "registers");
    recording = directory.resolve("recording").toString();
    assertThat(Files.readAllBytes(Path.of(recording, "log"))).isEqualTo(log);
  }
}
