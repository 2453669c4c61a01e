package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Stops.Access;
import dev.hindsight.cpu.Stops.Condition;
import dev.hindsight.cpu.Stops.Event;
import dev.hindsight.cpu.Stops.Range;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.live.HostCores;
import dev.hindsight.translator.TestEngines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops of a recording at full speed, compared with what is seen after each single step. */
@ParameterizedClass
@EnumSource(TestEngines.class)
class StopsTest {
  private static final long INTERVAL = 40_000;

  /** Single steps from here on are looked at. */
  private static final long FROM = 700_000;

  private static final long STEPS = 150_000;

  private final TestEngines engine;
  private int vcpus;

  @SuppressWarnings("NullAway.Init") // each test records first
  private Recording recording;

  StopsTest(TestEngines engine) {
    this.engine = engine;
  }

  private Machine machine() {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
        .engine(engine)
        .build();
  }

  private void record(int cpus) throws IOException {
    vcpus = cpus;
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(List.of()), store, Sources.NONE, 5_000_000)) {
      recorder.run(1_000_000_000);
    }
    recording = Recording.read(store);
  }

  /** An access that a vCPU made, as its memory reports it when every step is careful. */
  private record Seen(long step, int vcpu, long linear, long physical, int bytes, int access) {}

  /** All data accesses of a span of single steps. */
  private List<Seen> accesses() throws IOException {
    List<Seen> all = new ArrayList<>();
    try (Machine machine = machine()) {
      machine.connect(new ReplayWorld(recording));
      machine.slice(Long.MAX_VALUE, FROM);
      for (int i = 0; i < STEPS; i++) {
        // the debug registers' own watcher takes the place of this one
        machine.vcpus().forEach(cpu -> watch(machine, cpu, all));
        machine.slice(Long.MAX_VALUE, 1);
      }
    }
    return all;
  }

  private static void watch(Machine machine, Vcpu cpu, List<Seen> all) {
    cpu.memory()
        .watcher((linear, physical, bytes, access) ->
            all.add(new Seen(machine.steps(), cpu.index(), linear, physical, bytes, access)));
  }

  /** Steps in a span that use descriptor tables and stacks: events, and changes of segments. */
  private Set<Long> implicitAccesses() throws IOException {
    Set<Long> steps =
        steps(observed(new Stops(Set.of(), Set.of(), Set.of(Event.INTERRUPT, Event.FAULT))));
    try (Machine machine = machine()) {
      machine.connect(new ReplayWorld(recording));
      machine.slice(Long.MAX_VALUE, FROM);
      String before = selectors(machine);
      for (int i = 0; i < STEPS; i++) {
        machine.slice(Long.MAX_VALUE, 1);
        String now = selectors(machine);
        if (!now.equals(before)) {
          steps.add(FROM + i);
        }
        before = now;
      }
    }
    return steps;
  }

  private static String selectors(Machine machine) {
    StringBuilder text = new StringBuilder();
    for (Vcpu cpu : machine.vcpus()) {
      for (int i = 0; i < 6; i++) {
        text.append(cpu.segment(i).selector()).append(' ');
      }
    }
    return text.toString();
  }

  /** What stops are hit at in a span, told while the machine runs. */
  private List<StopHit> observed(Stops stops) throws IOException {
    List<StopHit> all = new ArrayList<>();
    try (Timeline timeline = new Timeline(machine(), recording, INTERVAL, 1 << 30)) {
      timeline.seekStep(FROM);
      timeline.observe(new Moment(FROM + STEPS, 0, true), stops, all::add);
      assertThat(timeline.machine().steps()).isEqualTo(FROM + STEPS);
    }
    return all;
  }

  private static Set<Long> steps(List<StopHit> hits) {
    Set<Long> steps = new TreeSet<>();
    hits.forEach(h -> steps.add(h.steps()));
    return steps;
  }

  private static Set<Long> steps(List<Seen> all, Predicate<Seen> which) {
    Set<Long> steps = new TreeSet<>();
    all.stream().filter(which).forEach(s -> steps.add(s.step));
    return steps;
  }

  private static boolean overlap(long a, long length, long b, long bytes) {
    return a < b + bytes && b < a + length;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void accessesAreThoseOfSingleSteps(int cpus) throws IOException {
    record(cpus);
    List<Seen> all = accesses();
    Set<Long> implicit = implicitAccesses();
    Random random = new Random(4);
    for (int i = 0; i < 12; i++) {
      Seen one = all.get(random.nextInt(all.size()));
      int length = 1 + random.nextInt(16);
      boolean physical = random.nextBoolean();
      for (Access access : List.of(Access.READ, Access.WRITE)) {
        int bit = access == Access.WRITE ? 2 : 1;
        long start = physical ? one.physical : one.linear;
        Set<Long> expected =
            steps(
                all,
                s ->
                    s.access == bit
                        && overlap(start, length, physical ? s.physical : s.linear, s.bytes));
        List<StopHit> hits = observed(Stops.at(new Range(physical, start, length, access)));
        assertThat(steps(hits)).as("%s %s", one, access).containsAll(expected);
        // what is done implicitly is reported besides
        Set<Long> besides = steps(hits);
        besides.removeAll(expected);
        assertThat(implicit).as("%s %s %d %s", one, access, length, physical).containsAll(besides);
      }
    }
  }

  /** A value in memory, and what it was before and after each step at which it changed. */
  private record Change(long step, long value) {}

  private List<Change> changes(long physical) throws IOException {
    List<Change> all = new ArrayList<>();
    try (Machine machine = machine()) {
      machine.connect(new ReplayWorld(recording));
      machine.slice(Long.MAX_VALUE, FROM);
      long value = machine.memory().peek(physical, 4);
      for (int i = 0; i < STEPS; i++) {
        machine.slice(Long.MAX_VALUE, 1);
        long now = machine.memory().peek(physical, 4);
        if (now != value) {
          all.add(new Change(machine.steps() - 1, now));
          value = now;
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void valuesChangeWhereSingleStepsSaySo(int cpus) throws IOException {
    record(cpus);
    List<Seen> written = accesses().stream().filter(s -> s.access == 2).toList();
    Random random = new Random(5);
    for (int i = 0; i < 4; i++) {
      long at = written.get(random.nextInt(written.size())).physical & -4;
      List<Change> changes = changes(at);
      Range range = new Range(true, at, 4, Access.WRITE, Condition.CHANGED);
      assertThat(steps(observed(Stops.at(range))))
          .containsExactlyElementsOf(changes.stream().map(Change::step).toList());
      if (!changes.isEmpty()) {
        long value = changes.get(changes.size() / 2).value;
        Condition equal = new Condition(Stops.Comparison.EQUAL, value);
        assertThat(steps(observed(Stops.at(new Range(true, at, 4, Access.WRITE, equal)))))
            .containsAll(changes.stream().filter(c -> c.value == value).map(Change::step).toList());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void codeAndEventsAreThoseOfSingleSteps(int cpus) throws IOException {
    record(cpus);
    Set<Long> interrupts = new TreeSet<>();
    Set<Long> spaces = new TreeSet<>();
    Set<Long> halts = new TreeSet<>();
    List<Long> visited = new ArrayList<>();
    List<Integer> runner = new ArrayList<>();
    try (Machine machine = machine()) {
      machine.connect(new ReplayWorld(recording));
      machine.slice(Long.MAX_VALUE, FROM);
      for (int i = 0; i < STEPS; i++) {
        long[] before = machine.vcpus().stream().mapToLong(Vcpu::steps).toArray();
        long[] rips = machine.vcpus().stream().mapToLong(Vcpu::linearRip).toArray();
        long[] cr3 = machine.vcpus().stream().mapToLong(c -> c.control().cr3()).toArray();
        boolean[] active = new boolean[vcpus];
        machine.vcpus().forEach(c -> active[c.index()] = c.activity() == Activity.ACTIVE);
        machine.slice(Long.MAX_VALUE, 1);
        for (Vcpu cpu : machine.vcpus()) {
          int k = cpu.index();
          if (cpu.steps() != before[k]) {
            visited.add(rips[k]);
            runner.add(k);
            if (cpu.control().cr3() != cr3[k]) {
              spaces.add(FROM + i);
            }
            if (active[k] && cpu.activity() == Activity.HALTED) {
              halts.add(FROM + i);
            }
          }
        }
      }
    }
    steps(observed(new Stops(Set.of(), Set.of(), Set.of(Event.INTERRUPT, Event.FAULT))))
        .forEach(interrupts::add);
    assertThat(interrupts).isNotEmpty();
    assertThat(steps(observed(new Stops(Set.of(), Set.of(), Set.of(Event.CR3_CHANGE)))))
        .isEqualTo(spaces);
    assertThat(steps(observed(new Stops(Set.of(), Set.of(), Set.of(Event.HALT))))).isEqualTo(halts);
    Random random = new Random(6);
    for (int i = 0; i < 10; i++) {
      long at = visited.get(random.nextInt(visited.size()));
      Set<Long> expected = new TreeSet<>();
      for (int k = 0; k < visited.size(); k++) {
        if (visited.get(k) == at && !interrupts.contains(FROM + k)) {
          expected.add(FROM + k);
        }
      }
      Set<Long> found = new TreeSet<>();
      for (StopHit hit : observed(new Stops(Set.of(at), Set.of(), Set.of()))) {
        assertThat(hit.address()).isEqualTo(at);
        assertThat(hit.vcpu()).isEqualTo(runner.get((int) (hit.steps() - FROM)));
        found.add(hit.steps());
      }
      found.removeAll(interrupts); // a software interrupt is both
      expected.removeAll(interrupts);
      assertThat(found).as("0x%x", at).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runningBackComesToTheSameStopsInReverse(int cpus) throws IOException {
    record(cpus);
    List<Seen> all = accesses();
    Random random = new Random(7);
    for (int i = 0; i < 6; i++) {
      Seen one = all.get(random.nextInt(all.size()));
      Access access = one.access == 2 ? Access.WRITE : Access.READ;
      Stops stops = Stops.at(new Range(random.nextBoolean(), one.physical, 4, access));
      List<Long> expected = List.copyOf(steps(observed(stops))).reversed();
      List<Long> found = new ArrayList<>();
      try (Timeline timeline = new Timeline(machine(), recording, INTERVAL, 1 << 30)) {
        timeline.help(new HostCores(), i % 3, this::machine);
        timeline.seekStep(FROM + STEPS);
        while (found.size() < 12
            && timeline.runBack(stops) == Outcome.STOP
            && timeline.machine().steps() >= FROM) {
          found.add(timeline.machine().steps());
          assertThat(timeline.hits()).allMatch(h -> h.steps() == timeline.machine().steps());
          StateDigest there = timeline.machine().digest();
          timeline.step();
          timeline.stepBack();
          assertThat(timeline.machine().digest()).isEqualTo(there);
        }
      }
      assertThat(found).isEqualTo(expected.subList(0, Math.min(12, expected.size())));
    }
  }

  @Test
  void whoInterruptsARunBackwardsStaysWhereHeWas() throws IOException {
    record(1);
    Stops nowhere = Stops.at(new Range(false, 0x7777_7000, 8, Access.WRITE));
    try (Timeline timeline = new Timeline(machine(), recording, INTERVAL, 1 << 30)) {
      timeline.seekStep(FROM + STEPS);
      StateDigest there = timeline.machine().digest();
      int[] asked = {0};
      assertThat(timeline.runBack(nowhere, () -> ++asked[0] > 3)).isEqualTo(Outcome.LIMIT);
      assertThat(asked[0]).isEqualTo(4);
      assertThat(timeline.machine().digest()).isEqualTo(there);
      assertThat(timeline.runBack(nowhere)).isEqualTo(Outcome.LIMIT);
      assertThat(timeline.machine().steps()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runningForwardsStopsInTheStateOfThatInstant(int cpus) throws IOException {
    record(cpus);
    List<Seen> all = accesses();
    Seen one = all.get(all.size() / 3);
    int stopped = 0;
    for (Stops stops :
        List.of(
            Stops.at(new Range(false, one.linear, 8, Access.WRITE)),
            Stops.at(new Range(false, one.linear, 8, Access.READ)),
            new Stops(Set.of(), Set.of(), Set.of(Event.INTERRUPT)),
            new Stops(Set.of(), Set.of(), Set.of(Event.HALT)))) {
      try (Timeline timeline = new Timeline(machine(), recording, INTERVAL, 1 << 30);
          Machine straight = machine()) {
        straight.connect(new ReplayWorld(recording));
        timeline.seekStep(FROM);
        for (int i = 0; i < 20 && timeline.run(stops) == Outcome.STOP; i++) {
          long after = timeline.hits().getFirst().steps() + 1;
          assertThat(timeline.machine().steps()).isEqualTo(after);
          straight.slice(Long.MAX_VALUE, after - straight.steps());
          assertThat(timeline.machine().digest()).isEqualTo(straight.digest());
          stopped++;
        }
      }
    }
    assertThat(stopped).isGreaterThan(40);
  }
}
