package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.Activity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final List<String> log = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();
  private final ScriptedEngine engine = new ScriptedEngine();
  private @Nullable Sockets sockets;

  private Sockets sockets() {
    return Objects.requireNonNull(sockets);
  }

  /** Logs what happens to it. */
  private final class Probe implements Device<Probe.State>, InputReceiver {
    record State(int seen) {}

    final String name;
    final DeadlineQueue deadlines;
    int seen;

    Probe(String name, DeadlineQueue deadlines) {
      this.name = name;
      this.deadlines = deadlines;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void reset() {
      log.add(name + " reset");
    }

    @Override
    public State save() {
      return new State(seen);
    }

    @Override
    public void load(State state) {
      seen = state.seen;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }

    @Override
    public void deadline(int kind, long tick) {
      seen++;
      log.add(name + " kind " + kind + " for " + tick + " at " + sockets().clock().now());
    }

    @Override
    public void input(Input input) {
      seen++;
      log.add(name + " input at " + sockets().clock().now());
    }
  }

  private final class Chips implements Chipset {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public void install(Sockets s) {
      sockets = s;
      for (String name : List.of("a", "b")) {
        Probe p = new Probe(name, s.deadlines());
        probes.add(p);
        s.add(p);
      }
    }
  }

  private Machine machine(int vcpus, World world) {
    probes.clear();
    Machine m =
        Machine.builder()
            .vcpus(vcpus)
            .quantum(1000)
            .memoryBytes(4096)
            .chipset(new Chips())
            .engine((memory, model) -> engine)
            .world(world)
            .build();
    log.clear();
    return m;
  }

  private static World typing(long... ticks) {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (long t : ticks) {
      script.add(new ScriptedWorld.Entry(t, new Input.SerialByte("b", 'x')));
    }
    return new ScriptedWorld(script);
  }

  @Test
  void atOneTickComeInputsThenDeadlinesInDeviceOrderThenTheStep() {
    try (Machine m = machine(1, typing(500))) {
      engine.at(0, 500, v -> log.add("step at " + v.tick()));
      probes.get(1).deadlines.schedule(0, 500);
      probes.get(0).deadlines.schedule(2, 500);
      probes.get(0).deadlines.schedule(1, 500);
      assertThat(m.run(600)).isEqualTo(Outcome.LIMIT);
      assertThat(log)
          .containsExactly(
              "b input at 500",
              "a kind 1 for 500 at 500",
              "a kind 2 for 500 at 500",
              "b kind 0 for 500 at 500",
              "step at 500");
      assertThat(m.now()).isEqualTo(600);
      assertThat(m.steps()).isEqualTo(600);
    }
  }

  @Test
  void aLoneCpuDoesNotRunPastADeadlineThatItSets() {
    try (Machine m = machine(1, World.EMPTY)) {
      engine.at(0, 100, v -> probes.get(0).deadlines.schedule(0, 103));
      engine.at(0, 200, v -> probes.get(0).deadlines.schedule(0, 150));
      m.run(300);
      assertThat(log).containsExactly("a kind 0 for 103 at 103", "a kind 0 for 150 at 201");
    }
  }

  @Test
  void severalCpusTakeTurnsAndQuantaEndAtDeadlines() {
    try (Machine m = machine(2, typing(1100))) {
      m.vcpus().get(1).activity(Activity.ACTIVE);
      for (long t : new long[] {0, 999, 1000, 1499, 1500}) {
        engine.at(0, t, v -> log.add("cpu0 at " + v.tick()));
        engine.at(1, t, v -> log.add("cpu1 at " + v.tick()));
      }
      probes.get(0).deadlines.schedule(0, 1500);
      m.run(1501);
      assertThat(log)
          .containsExactly(
              "cpu0 at 0",
              "cpu0 at 999",
              "cpu1 at 0",
              "cpu1 at 999",
              "cpu0 at 1000",
              "cpu0 at 1499",
              "cpu1 at 1000",
              "cpu1 at 1499",
              "b input at 1500",
              "a kind 0 for 1500 at 1500",
              "cpu0 at 1500",
              "cpu1 at 1500");
      assertThat(m.now()).isEqualTo(2500);
    }
  }

  @Test
  void effectsOnOtherCpusLandAtTheEndOfTheQuantum() {
    try (Machine m = machine(2, World.EMPTY)) {
      sockets().attach(receiver("apic1"));
      m.vcpus().get(1).activity(Activity.ACTIVE);
      engine.at(0, 10, v -> sockets().pins(1).intr(true));
      engine.at(0, 20, v -> sockets().pins(0).intr(true));
      engine.at(0, 30, v -> sockets().apicBus().send(message(ApicMessage.Mode.FIXED)));
      engine.at(0, 40, v -> probes.get(0).deadlines.schedule(0, 50));
      engine.at(0, 50, v -> log.add("own intr " + v.events().intr()));
      engine.at(1, 999, v -> log.add("intr " + v.events().intr()));
      engine.at(1, 1000, v -> log.add("intr " + v.events().intr()));
      m.run(1001);
      assertThat(log)
          .containsExactly(
              "own intr true",
              "intr false",
              "apic1 FIXED at 1000",
              "a kind 0 for 50 at 1000",
              "intr true");
    }
  }

  @Test
  void lowestPriorityGoesToOneReceiver() {
    try (Machine m = machine(1, World.EMPTY)) {
      sockets().attach(receiver("apic0"));
      sockets().attach(receiver("apic1"));
      engine.at(0, 5, v -> sockets().apicBus().send(message(ApicMessage.Mode.LOWEST_PRIORITY)));
      m.run(10);
      assertThat(log).containsExactly("apic0 LOWEST_PRIORITY at 5");
    }
  }

  private static ApicMessage message(ApicMessage.Mode mode) {
    return new ApicMessage(mode, 0x30, ApicMessage.Target.ALL, 0, false, true, 0);
  }

  private ApicBus.Receiver receiver(String name) {
    return new ApicBus.Receiver() {
      @Override
      public boolean accepts(ApicMessage message) {
        return true;
      }

      @Override
      public int arbitrationPriority() {
        return 3;
      }

      @Override
      public void receive(ApicMessage message) {
        log.add(name + " " + message.mode() + " at " + sockets().clock().now());
      }
    };
  }

  @Test
  void whenAllAreHaltedTimeJumpsToWhateverComesFirst() {
    try (Machine m = machine(2, typing(5000))) {
      engine.haltAt(0, 10);
      probes.get(0).deadlines.schedule(0, 3000);
      assertThat(m.run(4000)).isEqualTo(Outcome.LIMIT);
      assertThat(m.now()).isEqualTo(4000);
      assertThat(m.run(7000)).isEqualTo(Outcome.IDLE);
      assertThat(log).containsExactly("a kind 0 for 3000 at 3000", "b input at 5000");
      assertThat(m.now()).isEqualTo(5000);
      assertThat(m.steps()).isEqualTo(11);
    }
  }

  @Test
  void aClockAdvanceSkipsNoDeadline() {
    World world =
        new ScriptedWorld(List.of(new ScriptedWorld.Entry(100, new Input.ClockAdvance(1000))));
    try (Machine m = machine(1, world)) {
      probes.get(0).deadlines.schedule(0, 600);
      m.run(2000);
      assertThat(log).containsExactly("a kind 0 for 600 at 600");
      assertThat(m.steps()).isEqualTo(1500);
      assertThat(m.vcpus().getFirst().tick()).isEqualTo(2000);
    }
  }

  @Test
  void powerOffResetAndShutdownEndTheQuantum() {
    try (Machine m = machine(1, World.EMPTY)) {
      engine.at(0, 7, v -> sockets().control().reset());
      engine.at(0, 20, v -> sockets().control().powerOff());
      assertThat(m.run(100)).isEqualTo(Outcome.RESET);
      assertThat(m.now()).isEqualTo(8);
      assertThat(log).isEmpty();
      assertThat(m.run(100)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(m.now()).isEqualTo(21);
      assertThat(log).containsExactly("a reset", "b reset");
      assertThat(m.run(100)).isEqualTo(Outcome.POWERED_OFF);
    }
    try (Machine m = machine(2, World.EMPTY)) {
      engine.at(0, 20, v -> log.add("ran on"));
      engine.at(0, 7, v -> sockets().control().powerOff());
      assertThat(m.run(5000)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(m.now()).isEqualTo(1000);
      assertThat(log).containsExactly("ran on");
    }
    try (Machine m = machine(1, World.EMPTY)) {
      engine.at(0, 7, v -> v.activity(Activity.SHUTDOWN));
      assertThat(m.run(100)).isEqualTo(Outcome.TRIPLE_FAULT);
      assertThat(m.now()).isEqualTo(8);
    }
  }

  @Test
  void slicesMayEndAnywhereAndAreNotObservable() {
    List<String> expected = scenario(Long.MAX_VALUE);
    for (long slice : new long[] {1, 7, 999, 1001}) {
      assertThat(scenario(slice)).isEqualTo(expected);
    }
    assertThat(expected).contains("b input at 4000", "a kind 0 for 4500 at 4500");
  }

  private List<String> scenario(long slice) {
    try (Machine m = machine(2, typing(3500))) {
      m.vcpus().get(1).activity(Activity.ACTIVE);
      engine.at(1, 50, v -> sockets().pins(0).intr(true));
      engine.at(0, 1000, v -> log.add("intr " + v.events().intr()));
      probes.get(0).deadlines.schedule(0, 4500);
      Outcome outcome = Outcome.LIMIT;
      while (outcome == Outcome.LIMIT && !(m.isAtBoundary() && m.now() >= 6000)) {
        outcome = m.slice(6000, slice);
      }
      log.add(m.digest().toString());
      return List.copyOf(log);
    }
  }

  @Test
  void inputsReachTheDeviceTheyNameAndThePowerButtonAll() {
    World world =
        new ScriptedWorld(
            List.of(
                new ScriptedWorld.Entry(10, new Input.Key("b", 0x1C, true)),
                new ScriptedWorld.Entry(20, new Input.MouseMotion("a", 1, 1, 0, 0)),
                new ScriptedWorld.Entry(30, new Input.PowerButton())));
    try (Machine m = machine(1, world)) {
      m.run(100);
      assertThat(log)
          .containsExactly("b input at 10", "a input at 20", "a input at 30", "b input at 30");
    }
  }

  @Test
  void inputsForNobodyAreAnError() {
    World world =
        new ScriptedWorld(List.of(new ScriptedWorld.Entry(1, new Input.SerialByte("c", 0))));
    try (Machine m = machine(1, world)) {
      assertThatThrownBy(() -> m.run(10)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
