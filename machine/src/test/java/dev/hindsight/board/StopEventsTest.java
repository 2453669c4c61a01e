package dev.hindsight.board;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Stops.Access;
import dev.hindsight.cpu.Stops.Comparison;
import dev.hindsight.cpu.Stops.Condition;
import dev.hindsight.cpu.Stops.Event;
import dev.hindsight.cpu.Stops.Range;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Stops on what happens to a CPU, and on what a device does to memory. */
class StopEventsTest {
  private static final int ROM_OFFSET = 0xF000;
  private static final int SEGMENT = 0xF000;
  private static final long LINEAR = 0xF_0000;
  private static final int STORED = 0x5000;
  private static final int FETCHED = 0x6000;
  private static final int PERIOD = 100;
  private static final long FOREVER = 100_000;

  /** Writes a counter to memory and reads other memory every so many ticks. */
  private static final class Transfers implements Device<Transfers.State> {
    record State(int count) {}

    private final PhysicalMemory memory;
    private final DeadlineQueue deadlines;
    private int count;

    Transfers(PhysicalMemory memory, DeadlineQueue deadlines) {
      this.memory = memory;
      this.deadlines = deadlines;
    }

    @Override
    public String name() {
      return "transfers";
    }

    @Override
    public void reset() {
      deadlines.schedule(0, PERIOD);
    }

    @Override
    public State save() {
      return new State(count);
    }

    @Override
    public void load(State state) {
      count = state.count;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }

    @Override
    public void deadline(int kind, long tick) {
      count++;
      memory.read(FETCHED, new byte[4], 0, 4);
      memory.write(STORED, new byte[] {(byte) (count / 2)}, 0, 1);
      deadlines.schedule(0, tick + PERIOD);
    }
  }

  private static final class Chips implements Chipset {
    @Override
    public String name() {
      return "transfers";
    }

    @Override
    public void install(Sockets sockets) {
      sockets.add(new Transfers(sockets.memory(), sockets.deadlines()));
    }
  }

  private static Machine machine(byte[] rom) {
    return Machine.builder()
        .cpuModel(CpuModels.I686)
        .memoryBytes(1 << 20)
        .image(Image.rom("reset", 0xFFFF_F000L, rom))
        .image(Image.rom("rom", 0xF_F000, rom))
        .chipset(new Chips())
        .engine(new InterpreterFactory())
        .build();
  }

  /** A ROM at F000:F000 with a program that begins in real mode. */
  private static byte[] rom(Consumer<Assembler> program) {
    Assembler a = new Assembler(CodeMode.BITS16, LINEAR + ROM_OFFSET).segmentBase(LINEAR);
    Label start = a.here("start");
    program.accept(a);
    a.mode(CodeMode.BITS16).segmentBase(LINEAR).org(LINEAR + ROM_OFFSET + 0xFF0);
    a.jmpf(far(SEGMENT, start, 16)).org(LINEAR + ROM_OFFSET + 0x1000);
    return a.assemble();
  }

  private static void vector(Assembler a, int number, Label handler) {
    a.mov(AX, offset(handler)).mov(abs(number * 4), AX);
    a.mov(AX, SEGMENT).mov(abs(number * 4 + 2), AX);
  }

  private static void everything(Assembler a) {
    Label software = a.label("software");
    Label undefined = a.label("undefined");
    Label table = a.label("table");
    Label gdt = a.label("gdt");
    Label flat = a.label("flat");
    a.xor(AX, AX).mov(DS, AX).mov(SS, AX).mov(SP, 0x4000);
    vector(a, 0x40, software);
    vector(a, 6, undefined);
    a.mov(DX, 0x80).out(DX, AL);
    a.interrupt(0x40);
    a.ud2();
    a.mov(ECX, 0x10).rdmsr();
    a.operandSize(32).lgdt(abs(table).segment(CS));
    a.mov(EAX, CR0).or(EAX, 1).mov(CR0, EAX);
    a.segmentBase(0).jmpf(far(8, flat, 32));
    a.bind(software).iret();
    a.bind(undefined).pop(BX).add(BX, 2).push(BX).iret();
    a.mode(CodeMode.BITS32).bind(flat);
    a.mov(EAX, 0x10).mov(DS, AX);
    a.mov(EAX, abs(0x4000_0000));
    a.mov(EAX, 0x7000).mov(CR3, EAX).mov(CR3, EAX);
    a.hlt();
    a.align(8).bind(gdt).quadwords(0, 0x00CF_9B00_0000_FFFFL, 0x00CF_9300_0000_FFFFL);
    a.bind(table).words(23).datum(offset(gdt), 4);
  }

  private record Happening(Event event, long detail) {}

  private static List<Happening> happenings(Set<Event> events) {
    List<Happening> all = new ArrayList<>();
    long[] last = {-1};
    try (Machine machine = machine(rom(StopEventsTest::everything))) {
      machine.observe(
          200,
          Long.MAX_VALUE,
          new Stops(Set.of(), Set.of(), events),
          hit -> {
            assertThat(hit.steps()).isEqualTo(machine.steps() - 1);
            assertThat(hit.steps()).isGreaterThanOrEqualTo(last[0]);
            last[0] = hit.steps();
            if (hit.cause() instanceof StopHit.Happened(Event event, long detail)) {
              all.add(new Happening(event, detail));
            }
            return false;
          },
          false);
    }
    return all;
  }

  @Test
  void eventsAreToldInTheirOrder() {
    List<Happening> expected =
        List.of(
            new Happening(Event.PORT, 0x80),
            new Happening(Event.INTERRUPT, 0x40),
            new Happening(Event.FAULT, 6),
            new Happening(Event.MSR, 0x10),
            new Happening(Event.MODE_CHANGE, 0),
            new Happening(Event.MODE_CHANGE, 0),
            new Happening(Event.MMIO, 0x4000_0000),
            new Happening(Event.CR3_CHANGE, 0x7000),
            new Happening(Event.HALT, 0));
    assertThat(happenings(EnumSet.allOf(Event.class))).isEqualTo(expected);
    for (Event event : Event.values()) {
      assertThat(happenings(Set.of(event)))
          .isEqualTo(expected.stream().filter(h -> h.event == event).toList());
    }
  }

  private static void sleep(Assembler a) {
    Label again = a.here("again");
    a.inc(AX).jmp(again);
  }

  private static List<StopHit> transfers(Range range, boolean halted) {
    List<StopHit> all = new ArrayList<>();
    byte[] rom = halted ? rom(a -> a.cli().hlt()) : rom(StopEventsTest::sleep);
    try (Machine machine = machine(rom)) {
      while (machine.run(10 * PERIOD + 1, Stops.at(range)) == Outcome.STOP) {
        all.addAll(machine.hits());
      }
      assertThat(machine.now()).isEqualTo(10 * PERIOD + 1);
    }
    return all;
  }

  @Test
  void devicesAreStoppedAfter() {
    for (boolean halted : new boolean[] {false, true}) {
      List<StopHit> writes = transfers(new Range(true, STORED, 1, Access.WRITE), halted);
      assertThat(writes).hasSize(10).allMatch(h -> h.vcpu() == StopHit.DEVICE);
      assertThat(writes.stream().map(StopHit::tick))
          .containsExactly(100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L, 1000L);
      assertThat(transfers(new Range(true, FETCHED + 3, 8, Access.READ), halted)).hasSize(10);
      assertThat(transfers(new Range(true, FETCHED + 4, 8, Access.READ), halted)).isEmpty();
      assertThat(transfers(new Range(true, STORED, 1, Access.READ), halted)).isEmpty();
      assertThat(
              transfers(new Range(true, STORED, 1, Access.WRITE, Condition.CHANGED), halted)
                  .stream()
                  .map(StopHit::tick))
          .containsExactly(200L, 400L, 600L, 800L, 1000L);
      Condition below = new Condition(Comparison.BELOW, 2);
      assertThat(transfers(new Range(true, STORED, 1, Access.WRITE, below), halted)).hasSize(3);
    }
  }

  @Test
  void codeIsStoppedBefore() {
    try (Machine machine = machine(rom(StopEventsTest::sleep))) {
      long start = LINEAR + ROM_OFFSET;
      Range execute = new Range(true, start, 1, Access.EXECUTE);
      for (Stops stops : List.of(new Stops(Set.of(start), Set.of(), Set.of()), Stops.at(execute))) {
        for (int i = 0; i < 10; i++) {
          long before = machine.steps();
          assertThat(machine.run(FOREVER, stops)).isEqualTo(Outcome.STOP);
          assertThat(machine.vcpus().getFirst().linearRip()).isEqualTo(start);
          assertThat(machine.steps() - before).isIn(1L, 2L);
          assertThat(machine.hits()).hasSize(1).allMatch(StopHit::isBeforeStep);
        }
      }
      assertThat(machine.run(machine.now() + 10, Stops.at(new Range(true, 0, 9, Access.EXECUTE))))
          .isEqualTo(Outcome.LIMIT);
    }
  }
}
