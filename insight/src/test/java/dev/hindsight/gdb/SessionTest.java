package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets to a recording of two vCPUs in 64-bit mode, one by one. */
class SessionTest {
  private static final long MIDDLE = 700_000;
  private static final String NOT_MAPPED = "7fff12345000";

  private static BuiltinRecording recording;

  private final Marks marks = Marks.unsaved();
  private Timeline timeline;

  @BeforeAll
  static void record() throws IOException {
    recording = BuiltinRecording.of(2);
  }

  @BeforeEach
  void open() throws IOException {
    timeline = recording.timeline();
    timeline.seekStep(MIDDLE);
  }

  @AfterEach
  void close() {
    timeline.close();
  }

  private Vcpu cpu(int n) {
    return timeline.machine().vcpus().get(n);
  }

  /** The bodies of all packets that come for some, in one session. */
  private List<String> replies(String... packets) throws IOException {
    ScriptedWire wire = new ScriptedWire(true).packet("QStartNoAckMode");
    for (String p : packets) {
      wire.packet(p);
    }
    List<MonitorCommand> commands = new InstantCommands(() -> marks).commands();
    new Session(new PacketChannel(wire), new RecordedTarget(timeline), commands).serve();
    Matcher m = Pattern.compile("\\$([^#]*)#..").matcher(wire.received());
    return m.results().map(r -> r.group(1)).skip(1).toList();
  }

  private String reply(String packet) throws IOException {
    return replies(packet).getLast();
  }

  private static String littleEndian(long value) {
    return "%016x".formatted(Long.reverseBytes(value));
  }

  @Test
  void whatIsSupported() throws IOException {
    assertThat(reply("qSupported:multiprocess+;xmlRegisters=i386"))
        .contains("PacketSize=4000", "QStartNoAckMode+", "qXfer:features:read+")
        .contains("swbreak+", "hwbreak+", "vContSupported+", "ReverseStep+", "ReverseContinue+");
    assertThat(reply("vMustReplyEmpty")).isEmpty();
    assertThat(reply("vCont?")).isEqualTo("vCont;c;C;s;S");
    assertThat(reply("qAttached")).isEqualTo("1");
    assertThat(reply("qSymbol::")).isEqualTo("OK");
    assertThat(reply("jThreadsInfo")).isEmpty();
    assertThat(reply("")).isEmpty();
  }

  @Test
  void threadsAreVcpus() throws IOException {
    assertThat(replies("qfThreadInfo", "qsThreadInfo", "qC", "T1", "T2", "?"))
        .containsExactly("m1,2", "l", "QC1", "OK", "OK", "T05thread:1;");
    assertThat(replies("T3", "T0", "Tx", "Hg3", "Hgffffffffffff")).containsOnly("E16").hasSize(5);
    assertThat(reply("qThreadExtraInfo,2"))
        .isEqualTo(Hex.of("CPU 1 (" + cpu(1).activity().name().toLowerCase() + ")"));
    assertThat(replies("Hg2", "p10", "Hg1", "p10", "Hg0", "Hc-1"))
        .containsExactly(
            "OK", littleEndian(cpu(1).rip()), "OK", littleEndian(cpu(0).rip()), "OK", "OK");
  }

  @Test
  void registers() throws IOException {
    String all = reply("g");
    assertThat(all)
        .startsWith(
            littleEndian(cpu(0).general().get64(0)) + littleEndian(cpu(0).general().get64(3)))
        .contains(littleEndian(cpu(0).rip()));
    assertThat(reply("p0")).isEqualTo(all.substring(0, 16));
    assertThat(replies("p1000", "p", "p-1", "pffffffffffffffffff")).containsOnly("E16");
    assertThat(reply("G" + all)).startsWith("E.A recording is what has happened");
    assertThat(reply("P0=0000000000000000")).startsWith("E.A recording is what has happened");
    assertThat(replies("P0", "P=", "Gzz", "P0=0")).containsOnly("E16");
  }

  @Test
  void descriptions() throws IOException {
    String whole = reply("qXfer:features:read:target.xml:0,ffff");
    assertThat(whole).startsWith("m<?xml").contains("<architecture>i386:x86-64</architecture>");
    StringBuilder xml = new StringBuilder();
    String part;
    do {
      part = reply("qXfer:features:read:target.xml:%x,400".formatted(xml.length()));
      xml.append(part.substring(1));
    } while (part.startsWith("m"));
    assertThat(xml.toString())
        .startsWith(whole.substring(1))
        .contains("org.gnu.gdb.i386.core", "org.gnu.gdb.i386.sse", "org.gnu.gdb.i386.avx")
        .endsWith("</target>\n");
    assertThat(reply("qXfer:features:read:target.xml:ffffffffffff,10")).isEqualTo("l");
    assertThat(reply("qXfer:features:read:other.xml:0,10")).isEqualTo("E00");
    assertThat(reply("qXfer:features:read:target.xml")).isEqualTo("E16");
  }

  @Test
  void memory() throws IOException {
    long rip = cpu(0).rip();
    byte[] code = LinearBytes.read(cpu(0), rip, 16);
    assertThat(reply("m%x,10".formatted(rip))).isEqualTo(Hex.of(code));
    assertThat(reply("m%x,ffffffff".formatted(rip & ~0xFFFL)).length()).isGreaterThan(1000);
    assertThat(replies("m" + NOT_MAPPED + ",1", "m8000000000000000,8")).containsOnly("E0e");
    assertThat(reply("m" + NOT_MAPPED + ",0")).isEmpty();
    assertThat(replies("m", "m1", "mx,1", "m1,", "M1,2:00", "M1,1:0", "X1,5:ab", "M1,1"))
        .containsOnly("E16");
    assertThat(reply("M%x,1:00".formatted(rip))).startsWith("E.A recording");
    assertThat(reply("X%x,1:a".formatted(rip))).startsWith("E.A recording");
    assertThat(reply("X%x,0:".formatted(rip))).isEqualTo("OK");
    assertThat(LinearBytes.read(cpu(0), rip, 16)).isEqualTo(code);
  }

  @Test
  void memoryEndsWhereAPageIsNotMapped() throws IOException {
    long page = cpu(0).general().get64(4) & ~0xFFFL;
    while (cpu(0).memory().look(page).isPresent()) {
      page += 4096;
    }
    String reply = reply("m%x,20".formatted(page - 4));
    assertThat(reply).isEqualTo(Hex.of(LinearBytes.read(cpu(0), page - 4, 4)));
  }

  @Test
  void steps() throws IOException {
    long before = cpu(0).steps();
    assertThat(reply("s")).isEqualTo("T05thread:1;");
    assertThat(cpu(0).steps()).isEqualTo(before + 1);
    long there = timeline.machine().steps();
    assertThat(reply("bs")).isEqualTo("T05thread:1;");
    assertThat(cpu(0).steps()).isEqualTo(before);
    assertThat(timeline.machine().steps()).isEqualTo(there - 1).isGreaterThanOrEqualTo(MIDDLE);
  }

  @Test
  void aStepOfAnotherThread() throws IOException {
    int other = cpu(0).steps() == 0 ? 0 : 1;
    String id = Integer.toString(other + 1);
    long before = cpu(other).steps();
    long first = timeline.machine().steps();
    assertThat(reply("vCont;s:" + id + ";c")).isEqualTo("T05thread:" + id + ";");
    assertThat(cpu(other).steps()).isEqualTo(before + 1);
    long there = timeline.machine().steps();
    assertThat(replies("Hc" + id, "bs")).containsExactly("OK", "T05thread:" + id + ";");
    assertThat(cpu(other).steps()).isEqualTo(before);
    assertThat(timeline.machine().steps()).isEqualTo(there - 1).isGreaterThanOrEqualTo(first);
    assertThat(replies("vCont;s:9", "vCont;x", "vCont;", "vCont;s:")).containsOnly("E16");
  }

  @Test
  void theEndsOfTheRecording() throws IOException {
    assertThat(replies("c", "s", "c")).containsOnly("T05thread:1;replaylog:end;").hasSize(3);
    assertThat(timeline.isAtEnd()).isTrue();
    assertThat(replies("bc", "bs", "bc"))
        .containsExactly(
            "T05thread:1;replaylog:begin;",
            "T05thread:1;replaylog:begin;",
            "T05thread:1;replaylog:begin;")
        .hasSize(3);
    assertThat(timeline.machine().steps()).isZero();
  }

  @Test
  void aBreakpoint() throws IOException {
    reply("s");
    String address = Long.toHexString(cpu(0).linearRip());
    long there = timeline.machine().steps();
    reply("bs");
    assertThat(replies("Z0," + address + ",1", "vCont;c:1")).contains("T05thread:1;swbreak:;");
    assertThat(timeline.machine().steps()).isEqualTo(there);
    assertThat(replies("Z1," + address + ",1", "c", "bc", "z1," + address + ",1"))
        .contains("T05thread:1;hwbreak:;");
    assertThat(replies("Z5,1,1", "Z0,1", "Z0", "Zx,1,1", "Z2,1000,0", "Z2,ffffffffffffffff,2"))
        .containsOnly("E16");
    assertThat(reply("z0," + address + ",1")).isEqualTo("OK");
  }

  @Test
  void refusalsAreToldWhenTheTargetRuns() throws IOException {
    assertThat(
            replies("P0=0000000000000000", "P0=0000000000000000", "s", "s").stream()
                .filter(r -> r.startsWith("O") && !r.equals("OK")))
        .singleElement()
        .satisfies(r -> assertThat(Hex.text(r.substring(1))).contains("cannot be changed"));
  }

  @Test
  void monitorCommands() throws IOException {
    assertThat(monitor("help")).contains("monitor seek TICK", "monitor help");
    assertThat(monitor("")).contains("monitor seek TICK");
    assertThat(monitor("where")).contains(MIDDLE + " steps").contains("thread 1");
    assertThat(monitor("seek-step 1000")).contains(", 1000 steps");
    assertThat(timeline.machine().steps()).isEqualTo(1000);
    assertThat(monitor("seek 5_000_000")).contains("tick 50");
    assertThat(monitor("seek 99999999999")).contains("there is no tick 99999999999");
    assertThat(monitor("seek-step 99999999999")).contains("there is no step 99999999999");
    assertThat(timeline.machine().now()).isBetween(5_000_000L, 5_010_000L);
    for (String bad :
        List.of("seek", "seek -1", "seek x", "seek 1 2", "mark", "go", "seek-step 1e9")) {
      assertThat(monitor(bad)).startsWith("Type: monitor " + bad.split(" ")[0]);
    }
    assertThat(monitor("marks")).isEqualTo("There are no marks.\n");
    assertThat(monitor("go there")).isEqualTo("There is no mark there.\n");
    assertThat(monitor("mark 7")).startsWith("A mark's name is of letters");
    long there = timeline.machine().steps();
    assertThat(monitor("mark there")).contains(there + " steps");
    marks.put("second", new Instant.Tick(4_000_000));
    assertThat(monitor("marks")).contains("second               tick 4000000\nthere ");
    assertThat(monitor("go second")).contains("tick 40");
    assertThat(monitor("go there")).contains(there + " steps");
    assertThat(timeline.machine().steps()).isEqualTo(there);
    assertThat(monitor("nothing")).contains("There is no command nothing");
    assertThat(replies("qRcmd,7", "qRcmd,xx")).containsOnly("E16");
  }

  private String monitor(String line) throws IOException {
    List<String> replies = replies("qRcmd," + Hex.of(line));
    assertThat(replies.getLast()).isEqualTo("OK");
    StringBuilder text = new StringBuilder();
    replies.subList(0, replies.size() - 1).forEach(r -> text.append(Hex.text(r.substring(1))));
    return text.toString();
  }

  @Test
  void whoDetachesIsNotServedAnyMore() throws IOException {
    assertThat(replies("D", "g")).containsExactly("OK");
    assertThat(replies("k", "g")).isEmpty();
  }

  /** Whatever comes, the answer is a reply or the end of the connection; the target stays whole. */
  @Test
  void anyBytesAreSurvived() throws IOException {
    Random random = new Random(1);
    String[] beginnings = {
      "m",
      "M",
      "X",
      "p",
      "P",
      "G",
      "g",
      "H",
      "Hg",
      "Hc",
      "T",
      "Z0,",
      "Z2,",
      "z",
      "qXfer:features:read:",
      "qRcmd,",
      "qThreadExtraInfo,",
      "vCont;",
      "s",
      "bs",
      "?",
      "q",
      "Q",
      "v",
      "D:",
      "C05",
      ""
    };
    for (int i = 0; i < 3000; i++) {
      ScriptedWire wire = new ScriptedWire(random.nextBoolean());
      for (int n = random.nextInt(4); n >= 0; n--) {
        StringBuilder body = new StringBuilder(beginnings[random.nextInt(beginnings.length)]);
        for (int c = random.nextInt(20); c > 0; c--) {
          body.append(
              random.nextInt(3) == 0
                  ? (char) random.nextInt(256)
                  : "0123456789abcdef,:;-=sx".charAt(random.nextInt(23)));
        }
        if (random.nextInt(5) == 0) {
          wire.send("$" + body + "#00");
        } else {
          wire.packet(body.toString());
        }
      }
      try {
        new Session(new PacketChannel(wire), new RecordedTarget(timeline), List.of()).serve();
      } catch (IOException e) {
        assertThat(e.getMessage()).endsWith(".");
      }
    }
    timeline.seekStep(MIDDLE);
    assertThat(timeline.machine().steps()).isEqualTo(MIDDLE);
  }
}
