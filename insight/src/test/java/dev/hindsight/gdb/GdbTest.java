package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The real gdb at recordings of the built-in guest, and at a live one; what it says is compared
 * with what a second timeline says of the same instants.
 */
class GdbTest {
  private static final long MIDDLE = 700_000;
  private static final String FLUSH = "maintenance flush register-cache";
  private static final String[] GENERAL = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
  };
  private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

  private final Gdb gdb = new Gdb();
  private GdbServer server;

  @BeforeEach
  void open() throws IOException {
    Gdb.assumeThere();
    server = GdbServer.open(0, List.of());
  }

  @AfterEach
  void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private void serve(DebugTarget target) throws IOException, InterruptedException {
    Gdb.Running running = gdb.start(server.port());
    String trouble = server.serve(target);
    running.end();
    assertThat(trouble).as(gdb.output()).isNull();
  }

  private Gdb at(long steps) {
    return gdb.then("monitor seek-step " + steps, FLUSH);
  }

  private void printRegisters(String prefix) {
    for (String r : GENERAL) {
      gdb.print(prefix + r, "$" + r);
    }
    for (String s : SEGMENTS) {
      gdb.print(prefix + s, "$" + s).print(prefix + s + "_base", "$" + s + "_base");
    }
    gdb.print(prefix + "rip", "$rip")
        .print(prefix + "cr2", "$cr2")
        .print(prefix + "cr3", "$cr3")
        .print(prefix + "cr8", "$cr8")
        .print(prefix + "gdtr_base", "$gdtr_base")
        .print(prefix + "idtr_limit", "$idtr_limit")
        .print(prefix + "tr", "$tr")
        .print(prefix + "tr_base", "$tr_base")
        .print(prefix + "dr7", "$dr7")
        .print(prefix + "fctrl", "$fctrl")
        .print(prefix + "fstat", "$fstat")
        .print(prefix + "xmm1", "$xmm1.v2_int64[1]")
        .print(prefix + "ymm2", "$ymm2.v4_int64[3]");
    for (String flags : List.of("eflags", "cr0", "cr4", "efer", "mxcsr")) {
      gdb.then("printf \"<" + prefix + flags + "> \"", "output/x $" + flags, "printf \"\\n\"");
    }
    gdb.then("info float");
  }

  private long flags(String name) {
    return Long.parseLong(gdb.text("<" + name + "> 0x([0-9a-f]+)"), 16);
  }

  private void assertRegisters(String prefix, Vcpu cpu) {
    for (int i = 0; i < GENERAL.length; i++) {
      assertThat(gdb.number(prefix + GENERAL[i])).isEqualTo(cpu.general().get64(i));
    }
    for (int i = 0; i < SEGMENTS.length; i++) {
      SegmentRegister s = cpu.segment(i);
      assertThat(gdb.number(prefix + SEGMENTS[i])).isEqualTo(s.selector());
      assertThat(gdb.number(prefix + SEGMENTS[i] + "_base")).isEqualTo(s.base());
    }
    assertThat(gdb.number(prefix + "rip")).isEqualTo(cpu.rip());
    assertThat(gdb.number(prefix + "cr2")).isEqualTo(cpu.control().cr2());
    assertThat(gdb.number(prefix + "cr3")).isEqualTo(cpu.control().cr3());
    assertThat(gdb.number(prefix + "cr8")).isEqualTo(cpu.interrupts().taskPriority());
    assertThat(gdb.number(prefix + "gdtr_base")).isEqualTo(cpu.gdtr().base());
    assertThat(gdb.number(prefix + "idtr_limit")).isEqualTo(cpu.idtr().limit());
    assertThat(gdb.number(prefix + "tr")).isEqualTo(cpu.tr().selector());
    assertThat(gdb.number(prefix + "tr_base")).isEqualTo(cpu.tr().base());
    assertThat(gdb.number(prefix + "dr7")).isEqualTo(cpu.debug().dr7());
    assertThat(gdb.number(prefix + "fctrl")).isEqualTo(cpu.x87().control());
    assertThat(gdb.number(prefix + "fstat")).isEqualTo(cpu.x87().status());
    assertThat(gdb.number(prefix + "xmm1")).isEqualTo(cpu.vectors().get(1, 1));
    assertThat(gdb.number(prefix + "ymm2")).isEqualTo(cpu.vectors().get(2, 3));
    assertThat(flags(prefix + "eflags")).isEqualTo(cpu.flags().get());
    assertThat(flags(prefix + "cr0")).isEqualTo(cpu.control().cr0() & 0xFFFF_FFFFL);
    assertThat(flags(prefix + "cr4")).isEqualTo(cpu.control().cr4());
    assertThat(flags(prefix + "efer")).isEqualTo(cpu.control().efer());
    assertThat(flags(prefix + "mxcsr")).isEqualTo(cpu.vectors().mxcsr());
    for (int n = 0; n < 8; n++) {
      assertThat(gdb.output())
          .containsPattern(
              "R%d: \\S+ +0x%04x%016x"
                  .formatted(n, cpu.x87().signExponent(n), cpu.x87().significand(n)));
    }
  }

  @Test
  void registersAndMemoryOfBothThreads() throws IOException, InterruptedException {
    BuiltinRecording recording = BuiltinRecording.of(2);
    try (Timeline served = recording.timeline();
        Timeline expected = recording.timeline()) {
      expected.seekStep(MIDDLE);
      served.seekStep(MIDDLE); // attached in 64-bit mode
      Vcpu first = expected.machine().vcpus().get(0);
      Vcpu second = expected.machine().vcpus().get(1);
      long rsp = first.general().get64(4);
      gdb.then("info threads", "thread 2");
      printRegisters("b.");
      gdb.then("thread 1");
      printRegisters("a.");
      gdb.print("stack", "*(long*)" + rsp)
          .print("code", "*(int*)" + first.linearRip())
          .then("x/8xb 0x7fff12345000", "monitor vcpu list", "monitor physical 0x100000 16")
          .then("thread find CPU 1")
          .then("detach");
      serve(new RecordedTarget(served));
      assertThat(gdb.output()).contains("CPU 0 (", "CPU 1 (", "Thread 2 has extra info");
      assertRegisters("a.", first);
      assertRegisters("b.", second);
      assertThat(gdb.number("stack")).isEqualTo(read(first, rsp));
      assertThat((int) gdb.number("code")).isEqualTo(first.memory().read32(first.linearRip()));
      assertThat(gdb.output()).contains("Cannot access memory at address 0x7fff12345000");
      assertThat(gdb.output()).contains("0000000000100000  ");
    }
  }

  /** Stepping, breakpoints and watchpoints, there and back. */
  @Test
  void thereAndBack() throws IOException, InterruptedException {
    BuiltinRecording recording = BuiltinRecording.of(1);
    try (Timeline served = recording.timeline();
        Timeline expected = recording.timeline()) {
      served.seekStep(MIDDLE);
      expected.seekStep(MIDDLE);
      Vcpu cpu = expected.machine().vcpus().getFirst();
      for (int i = 0; i < 3; i++) {
        gdb.then("stepi").print("forwards" + i, "$rip");
      }
      for (int i = 0; i < 4; i++) {
        gdb.then("reverse-stepi").print("backwards" + i, "$rip");
      }
      long watched = changingStack(expected, cpu);
      gdb.then("watch -l *(long*)" + watched)
          .then("continue", "monitor where")
          .print("written", "*(long*)" + watched)
          .then("reverse-continue", "monitor where")
          .print("unwritten", "*(long*)" + watched)
          .then("delete");
      long again = cpu.linearRip();
      at(MIDDLE)
          .then("break *" + again, "continue", "monitor where", "reverse-continue", "monitor where")
          .then("delete", "hbreak *" + again, "reverse-continue", "monitor where", "delete")
          .then("rwatch *(long*)" + watched, "continue", "monitor where", "delete")
          .then("awatch *(long*)" + watched, "continue", "monitor where", "delete")
          .then("set remote verbose-resume-packet off", "stepi", "continue")
          .then("reverse-continue", "monitor where", "stepi", "reverse-stepi", "monitor where")
          .then("set var $rax = 5", "set var *(int*)" + watched + " = 5", "stepi")
          .then("monitor mark here", "monitor seek 0", "monitor go here", FLUSH, "monitor marks")
          .print("here", "$rip")
          .then("kill");
      serve(new RecordedTarget(served));

      for (int i = 0; i < 3; i++) {
        expected.step();
        assertThat(gdb.number("forwards" + i)).isEqualTo(cpu.rip());
      }
      for (int i = 0; i < 4; i++) {
        expected.stepBack();
        assertThat(gdb.number("backwards" + i)).isEqualTo(cpu.rip());
      }
      List<String> where =
          gdb.output().lines().filter(l -> l.contains("CPU 0 (thread 1)")).toList();
      int next = 0;

      Stops writes = watch(watched, Stops.Access.WRITE);
      long before = read(cpu, watched);
      do {
        assertThat(expected.run(writes)).isEqualTo(Outcome.STOP);
      } while (read(cpu, watched) == before);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      assertThat(gdb.number("written")).isEqualTo(read(cpu, watched));
      expected.runBack(writes);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      assertThat(gdb.number("unwritten")).isEqualTo(before);

      expected.seekStep(MIDDLE);
      assertThat(where.get(next++)).contains(", " + MIDDLE + " steps"); // of seek-step
      Stops breakpoint = new Stops(Set.of(again), Set.of(), Set.of());
      assertThat(expected.run(breakpoint)).isEqualTo(Outcome.STOP);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      expected.runBack(breakpoint);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      expected.runBack(breakpoint);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      // GDB ignores a read watchpoint where the value is another one than at the last stop
      long last;
      long now = read(cpu, watched);
      do {
        last = now;
        assertThat(expected.run(watch(watched, Stops.Access.READ))).isEqualTo(Outcome.STOP);
        now = read(cpu, watched);
      } while (now != last);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      Stops both =
          new Stops(
              Set.of(),
              Set.of(
                  new Stops.Range(false, watched, 8, Stops.Access.READ),
                  new Stops.Range(false, watched, 8, Stops.Access.WRITE)),
              Set.of());
      assertThat(expected.run(both)).isEqualTo(Outcome.STOP);
      assertThat(where.get(next++)).contains(", " + expected.machine().steps() + " steps");
      assertThat(where.get(next++)).contains("tick 0, 0 steps, at the beginning");
      assertThat(where.get(next++)).contains("tick 0, 0 steps, at the beginning");
      expected.seekStep(1);
      assertThat(gdb.number("here")).isEqualTo(cpu.rip());

      assertThat(gdb.output())
          .contains("No more reverse-execution history.")
          .contains(
              "Hardware watchpoint", "Hardware assisted breakpoint", "Hardware read watchpoint")
          .contains("Could not write register \"rax\"")
          .contains("Cannot access memory at address")
          .contains("A recording is what has happened: registers and memory cannot be changed");
      assertThat(gdb.packets())
          .contains("QStartNoAckMode", "vMustReplyEmpty", "?", "qfThreadInfo", "qsThreadInfo")
          .contains("qAttached", "g", "vCont?", "s", "c", "bs", "bc", "k")
          .anyMatch(p -> p.startsWith("qSupported:"))
          .anyMatch(p -> p.startsWith("qXfer:features:read:target.xml:"))
          .anyMatch(p -> p.startsWith("H"))
          .anyMatch(p -> p.startsWith("m"))
          .anyMatch(p -> p.startsWith("X"))
          .anyMatch(p -> p.startsWith("P"))
          .anyMatch(p -> p.startsWith("vCont;s"))
          .anyMatch(p -> p.startsWith("vCont;c"))
          .anyMatch(p -> p.startsWith("qRcmd,"));
      for (int kind = 0; kind <= 4; kind++) {
        String z = kind + ",";
        assertThat(gdb.packets())
            .anyMatch(p -> p.startsWith("Z" + z))
            .anyMatch(p -> p.startsWith("z" + z));
      }
    }
  }

  private static long read(Vcpu cpu, long linear) {
    return ByteBuffer.wrap(LinearBytes.read(cpu, linear, 8))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }

  /** An address below the stack whose value is another one after one of the next pushes. */
  private static long changingStack(Timeline timeline, Vcpu cpu) throws IOException {
    long start = timeline.machine().steps();
    for (int i = 0; i < 10_000; i++) {
      long below = cpu.general().get64(4) - 8;
      long value = read(cpu, below);
      timeline.step();
      if (i > 100 && cpu.general().get64(4) == below && read(cpu, below) != value) {
        timeline.seekStep(start);
        return below;
      }
    }
    throw new AssertionError("the guest changes nothing");
  }

  private static Stops watch(long address, Stops.Access access) {
    return Stops.at(new Stops.Range(false, address, 8, access));
  }

  /** Stops that belong to the second vCPU select its thread; a step of it moves it by one. */
  @Test
  void breakpointsOfAnotherThread() throws IOException, InterruptedException {
    BuiltinRecording recording = BuiltinRecording.of(2);
    try (Timeline served = recording.timeline();
        Timeline expected = recording.timeline()) {
      served.seekStep(MIDDLE);
      expected.seekStep(MIDDLE);
      Vcpu second = expected.machine().vcpus().get(1);
      long made = second.steps();
      while (second.steps() < made + 500) {
        expected.step();
      }
      Stops stops = new Stops(Set.of(second.linearRip()), Set.of(), Set.of());
      long address = second.linearRip();
      expected.seekStep(MIDDLE);
      gdb.then("break *" + address);
      for (int i = 0; i < 4; i++) {
        gdb.then("continue", "thread", "monitor where");
      }
      gdb.then("delete", "thread 2", "monitor vcpu list", "stepi", "monitor vcpu list")
          .then("reverse-stepi", "monitor vcpu list", "detach");
      serve(new RecordedTarget(served));
      List<String> where = gdb.output().lines().filter(l -> l.startsWith("tick ")).toList();
      List<String> threads =
          gdb.output().lines().filter(l -> l.startsWith("[Current thread is")).toList();
      for (int i = 0; i < 4; i++) {
        assertThat(expected.run(stops)).isEqualTo(Outcome.STOP);
        assertThat(where.get(i)).contains(", " + expected.machine().steps() + " steps");
        int vcpu = expected.hits().getFirst().vcpu();
        assertThat(threads.get(i)).contains("thread is " + (vcpu + 1) + " ");
      }
      List<String> cpus =
          gdb.output().lines().filter(l -> l.contains("CPU 1 (thread 2):")).toList();
      long steps = steps(cpus.get(0));
      assertThat(steps(cpus.get(1))).isEqualTo(steps + 1);
      assertThat(steps(cpus.get(2))).isEqualTo(steps);
    }
  }

  private static long steps(String line) {
    return Long.parseLong(line.replaceAll(".*, (\\d+) steps", "$1"));
  }

  /** From power-on gdb is told of an i386, whose EIP is not a linear address in real mode. */
  @Test
  void aCpuWithoutLongMode() throws IOException, InterruptedException {
    BuiltinRecording recording = BuiltinRecording.of(1);
    try (Timeline served = recording.timeline();
        Timeline expected = recording.timeline()) {
      gdb.print("eip0", "$eip").print("cs_base", "$cs_base").then("show architecture");
      gdb.then("stepi").print("eip1", "$eip").print("esp", "$esp").then("ptype $xmm0", "detach");
      serve(new RecordedTarget(served));
      Vcpu cpu = expected.machine().vcpus().getFirst();
      assertThat(gdb.number("eip0")).isEqualTo(cpu.rip()).isEqualTo(0xFFF0);
      assertThat((int) gdb.number("cs_base")).isEqualTo((int) cpu.cs().base());
      expected.step();
      assertThat(gdb.number("eip1")).isEqualTo(cpu.rip());
      assertThat(gdb.output()).contains("\"i386\"");
    }
  }

  @Test
  void aLiveMachineCanBeChanged() throws IOException, InterruptedException {
    BuiltinRecording any = new BuiltinRecording(CpuModels.V2, 1);
    try (Machine machine = any.machine()) {
      machine.slice(Long.MAX_VALUE, 600_000);
      LiveTarget target = new LiveTarget(machine, new FreeRunner(machine, false));
      Vcpu cpu = machine.vcpus().getFirst();
      long scratch = cpu.general().get64(4) - 64;
      gdb.then("set var $rax = 0x123456789", "set var *(long*)" + scratch + " = 0x77")
          .then("set var $xmm3.v2_int64[1] = 9", "set var $eflags |= 1", "set var $cr3 = 0")
          .then("set remote set-register-packet off", "set var $rbx = 3")
          .then(
              "set remote binary-download-packet off", "set var *(char*)" + (scratch + 8) + " = 5")
          .then("reverse-stepi", "monitor seek 5", "detach");
      serve(target);
      assertThat(cpu.general().get64(0)).isEqualTo(0x1_2345_6789L);
      assertThat(cpu.general().get64(3)).isEqualTo(3);
      assertThat(read(cpu, scratch)).isEqualTo(0x77);
      assertThat(read(cpu, scratch + 8) & 0xFF).isEqualTo(5);
      assertThat(cpu.vectors().get(3, 1)).isEqualTo(9);
      assertThat(cpu.flags().cf()).isTrue();
      assertThat(cpu.control().cr3()).isNotZero();
      assertThat(gdb.output())
          .contains("This register cannot be written.")
          .contains("Target remote does not support this command.")
          .contains("A live machine cannot go to another instant");
      assertThat(gdb.packets()).anyMatch(p -> p.startsWith("G")).anyMatch(p -> p.startsWith("M"));
    }
  }

  @Test
  void aLiveMachineRunsStopsIsInterruptedAndEnds() throws IOException, InterruptedException {
    BuiltinRecording any = BuiltinRecording.of(1);
    try (Machine machine = any.machine();
        Machine straight = any.machine()) {
      straight.slice(Long.MAX_VALUE, 500_000);
      long address = straight.vcpus().getFirst().linearRip();
      gdb.then("break *" + address, "continue", "monitor where", "stepi", "delete")
          .then("shell (sleep 1; kill -INT $PPID) &", "continue", "monitor where")
          .then("set var $eax = 5", "disconnect");
      serve(new LiveTarget(machine, new FreeRunner(machine, true)));
      assertThat(gdb.output())
          .contains("Program received signal SIGINT")
          .contains("Could not write register \"eax\"")
          .contains("Nothing can be changed here.");
      List<String> where = gdb.output().lines().filter(l -> l.startsWith("tick ")).toList();
      Stops stops = new Stops(Set.of(address), Set.of(), Set.of());
      try (Machine again = any.machine()) {
        assertThat(again.run(Long.MAX_VALUE, stops)).isEqualTo(Outcome.STOP);
        assertThat(where.getFirst()).contains(", " + again.steps() + " steps");
      }
      assertThat(steps(where.getLast().replaceAll(" steps.*", " steps"))).isGreaterThan(500_000);
    }
  }

  /** Runs a machine in which nothing is typed: it is never idle for good. */
  private record FreeRunner(Machine machine, boolean refuses) implements Runner {
    @Override
    public void change(List<Edit> edits) throws IOException {
      if (refuses) {
        throw new IOException("Nothing can be changed here.");
      }
      edits.forEach(e -> e.apply(machine));
    }

    @Override
    public Outcome run(long ticks, Stops stops, boolean inclusive) {
      return machine.observe(machine.now() + ticks, ticks, stops, StopObserver.FIRST, inclusive);
    }

    @Override
    public boolean isOver() {
      return false;
    }

    @Override
    public void kill() {}
  }
}
