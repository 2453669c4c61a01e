package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.cpu.CpuModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instants of a recording of the built-in guest, reached in any order. */
class TimelineTest {
  private static final long HASHES = 5_000_000;
  private static final long INTERVAL = 200_000;
  private static final int SAMPLES = 60;

  private final MemoryStore store = new MemoryStore();

  private static MachineBuilder builder(int vcpus) {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
        .engine(new InterpreterFactory());
  }

  private Recording record(int vcpus) throws IOException {
    List<ScriptedWorld.Entry> typed = new ArrayList<>();
    for (char c : "tasks\rwait\r".toCharArray()) {
      typed.add(
          new ScriptedWorld.Entry(
              1_700_001L * (typed.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    try (Machine machine = builder(vcpus).build();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(typed), store, Sources.NONE, HASHES)) {
      assertThat(recorder.run(1_000_000_000)).isEqualTo(Outcome.POWERED_OFF);
    }
    return Recording.read(store);
  }

  private static Machine machineAt(Recording recording, int vcpus) throws IOException {
    Machine machine = builder(vcpus).build();
    machine.connect(new ReplayWorld(recording));
    return machine;
  }

  /** What a straight replay is at some ticks, stopped by {@link Machine#run}. */
  private static Map<Long, StateDigest> straightByTick(Recording recording, int vcpus)
      throws IOException {
    Random random = new Random(1);
    long end = recording.lastTick();
    Map<Long, StateDigest> all = new TreeMap<>();
    try (Machine machine = machineAt(recording, vcpus)) {
      for (long tick : random.longs(SAMPLES, 0, end).sorted().toArray()) {
        machine.run(tick);
        all.put(tick, machine.digest());
      }
    }
    return all;
  }

  /** What a straight replay is after some numbers of steps. */
  private static Map<Long, StateDigest> straightBySteps(Recording recording, int vcpus)
      throws IOException {
    Random random = new Random(2);
    long end = recording.seal().orElseThrow().steps();
    Map<Long, StateDigest> all = new TreeMap<>();
    try (Machine machine = machineAt(recording, vcpus)) {
      for (long steps : random.longs(SAMPLES, 0, end).sorted().toArray()) {
        machine.slice(Long.MAX_VALUE, steps - machine.steps());
        all.put(steps, machine.digest());
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyInstantIsThatOfAStraightReplay(int vcpus) throws IOException {
    Recording recording = record(vcpus);
    Map<Long, StateDigest> byTick = straightByTick(recording, vcpus);
    Map<Long, StateDigest> bySteps = straightBySteps(recording, vcpus);
    List<Long> ticks = List.copyOf(byTick.keySet());
    List<Long> steps = List.copyOf(bySteps.keySet());
    Machine machine = builder(vcpus).build();
    try (Timeline timeline = new Timeline(machine, recording, INTERVAL, 1 << 30)) {
      Random random = new Random(3);
      for (int i = 0; i < 4 * SAMPLES; i++) {
        if (random.nextBoolean()) {
          long tick = ticks.get(random.nextInt(ticks.size()));
          assertThat(timeline.seek(tick)).isEqualTo(Outcome.LIMIT);
          assertThat(machine.digest()).as("tick %d", tick).isEqualTo(byTick.get(tick));
        } else {
          long n = steps.get(random.nextInt(steps.size()));
          assertThat(timeline.seekStep(n)).isEqualTo(Outcome.LIMIT);
          assertThat(machine.steps()).isEqualTo(n);
          assertThat(machine.digest()).as("steps %d", n).isEqualTo(bySteps.get(n));
        }
      }
      assertThat(timeline.checkpoints()).isGreaterThan(20);
      assertThat(timeline.seek(Long.MAX_VALUE)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(timeline.isAtEnd()).isTrue();
      assertThat(machine.digest()).isEqualTo(recording.seal().orElseThrow().digest());
      assertThat(timeline.seekStep(Long.MAX_VALUE)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(timeline.seekStep(steps.getFirst())).isEqualTo(Outcome.LIMIT);
      assertThat(machine.digest()).isEqualTo(bySteps.get(steps.getFirst()));
    }
    assertThat(machine.ram().livePages()).isZero();
  }

  /** With several vCPUs, ticks within the last quantum name the end. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theLastTicks(int vcpus) throws IOException {
    Recording recording = record(vcpus);
    long end = recording.lastTick();
    try (Timeline timeline = new Timeline(builder(vcpus).build(), recording, INTERVAL, 1 << 30)) {
      for (long before : new long[] {20_000, 1, 2_000, 2, 0}) {
        Outcome outcome = timeline.seek(end - before);
        assertThat(outcome == Outcome.POWERED_OFF).isEqualTo(timeline.isAtEnd());
        assertThat(timeline.machine().now() == end).isEqualTo(timeline.isAtEnd());
      }
      assertThat(timeline.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stepsBackwardsUndoStepsForwards(int vcpus) throws IOException {
    Recording recording = record(vcpus);
    try (Timeline timeline = new Timeline(builder(vcpus).build(), recording, INTERVAL, 1 << 30)) {
      long middle = recording.seal().orElseThrow().steps() / 2;
      timeline.seekStep(middle);
      List<StateDigest> forwards = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        forwards.add(timeline.machine().digest());
        timeline.step();
      }
      for (StateDigest expected : forwards.reversed()) {
        timeline.stepBack();
        assertThat(timeline.machine().digest()).isEqualTo(expected);
      }
      timeline.seekStep(0);
      timeline.stepBack();
      assertThat(timeline.machine().steps()).isZero();
    }
  }

  @Test
  void aSmallBudgetMakesItSlowerOnly() throws IOException {
    Recording recording = record(1);
    Map<Long, StateDigest> bySteps = straightBySteps(recording, 1);
    try (Timeline timeline = new Timeline(builder(1).build(), recording, INTERVAL, 1)) {
      timeline.seek(Long.MAX_VALUE);
      for (Map.Entry<Long, StateDigest> e : bySteps.entrySet()) {
        timeline.seekStep(e.getKey());
        assertThat(timeline.machine().digest()).isEqualTo(e.getValue());
        assertThat(timeline.checkpoints()).isLessThanOrEqualTo(2);
      }
      assertThatThrownBy(() -> timeline.seek(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> timeline.seekStep(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Between two steps there may be many ticks, and each has been or has not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whereOneWasOneCanComeBackTo(int vcpus) throws IOException {
    Recording recording = record(vcpus);
    Random random = new Random(7);
    Map<Moment, StateDigest> was = new LinkedHashMap<>();
    try (Timeline timeline = new Timeline(builder(vcpus).build(), recording, INTERVAL, 1 << 30)) {
      for (int i = 0; i < SAMPLES; i++) {
        if (i % 2 == 0) {
          timeline.seek(random.nextLong(recording.lastTick()));
        } else {
          timeline.seekStep(random.nextLong(recording.seal().orElseThrow().steps()));
        }
        was.put(timeline.present(), timeline.machine().digest());
      }
      for (Map.Entry<Moment, StateDigest> e : was.entrySet()) {
        timeline.go(e.getKey());
        assertThat(timeline.present()).isEqualTo(e.getKey());
        assertThat(timeline.machine().digest()).isEqualTo(e.getValue());
      }
    }
  }
}
