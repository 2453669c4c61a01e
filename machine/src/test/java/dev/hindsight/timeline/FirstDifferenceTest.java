package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.storage.ByteStore;
import dev.hindsight.timeline.FaultyEngine.Fault;
import dev.hindsight.timeline.RunDifference.Cause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that differ in a way that is known, from an instant that is known. */
class FirstDifferenceTest {
  private static final long HASHES = 5_000_000;
  private static final long LENGTH = 60_000_000;
  private static final long STRIDE = 100_000;
  private static final long BETWEEN_KEYS = 1_700_001;
  private static final int SCRATCH = 0x3FF;
  private static final int UNUSED = (int) BuiltinGuest.RAM_BYTES - 0x123;

  private static final Consumer<Vcpu> REGISTER =
      cpu -> cpu.general().set64(15, cpu.general().get64(15) ^ 0x10);
  private static final Consumer<Vcpu> MEMORY = cpu -> cpu.physical().write(UNUSED, 1, 0x5A);
  private static final Consumer<Vcpu> DEVICE = cpu -> cpu.ports().write(SCRATCH, 1, 0x77);

  private static MachineBuilder builder(int vcpus) {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
        .engine(new InterpreterFactory());
  }

  private static List<ScriptedWorld.Entry> typed() {
    List<ScriptedWorld.Entry> typed = new ArrayList<>();
    for (char c : "tasks\rwait\r".toCharArray()) {
      typed.add(new ScriptedWorld.Entry(BETWEEN_KEYS * (typed.size() + 1), key(c)));
    }
    return typed;
  }

  private static Input key(char c) {
    return new Input.SerialByte(PcChipset.SERIAL, c);
  }

  private static Recording record(MachineBuilder builder, List<ScriptedWorld.Entry> typed)
      throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = builder.build();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(typed), store, Sources.NONE, HASHES)) {
      recorder.run(LENGTH);
    }
    return Recording.read(store);
  }

  private static Recording record(int vcpus) throws IOException {
    return record(builder(vcpus), typed());
  }

  private static ComparedRun run(Recording recording, int vcpus, Fault... faults)
      throws IOException {
    return run(recording, vcpus, FaultyEngine.factory(faults));
  }

  private static ComparedRun run(Recording recording, int vcpus, EngineFactory engine)
      throws IOException {
    return new ComparedRun(builder(vcpus).engine(engine).build(), recording);
  }

  /** Both stand before the difference, and after one step, or its events, they differ. */
  private static void standBefore(ComparedRun first, ComparedRun second, RunDifference found) {
    Machine a = first.machine();
    Machine b = second.machine();
    assertThat(a.now()).isEqualTo(found.tick());
    assertThat(a.steps()).isEqualTo(found.steps());
    assertThat(a.digest()).isEqualTo(b.digest());
    long steps = found.cause() == Cause.STEP ? 1 : 0;
    a.slice(a.now() + 1, steps);
    b.slice(b.now() + 1, steps);
    assertThat(a.digest()).isNotEqualTo(b.digest());
    assertThat(a.steps()).isEqualTo(found.steps() + steps);
  }

  private static List<String> paths(RunDifference found) {
    return found.fields().stream().map(StateDifferences.Difference::path).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,1",
    "1,0,2",
    "1,0,99999",
    "1,0,100000",
    "1,0,100001",
    "1,0,456789",
    "1,0,600001",
    "2,0,1",
    "2,0,100000",
    "2,1,1",
    "2,1,77",
    "2,1,123456"
  })
  void aStepOfOneEngineIsFoundExactly(int vcpus, int vcpu, long step) throws IOException {
    Recording recording = record(vcpus);
    for (int kind = 0; kind < 3; kind++) {
      Consumer<Vcpu> effect = List.of(REGISTER, MEMORY, DEVICE).get(kind);
      try (ComparedRun first = run(recording, vcpus);
          ComparedRun second = run(recording, vcpus, new Fault(vcpu, step, effect))) {
        RunDifference found = new FirstDifference(first, second, STRIDE).find().orElseThrow();
        assertThat(found.cause()).isEqualTo(Cause.STEP);
        assertThat(found.vcpu()).hasValue(vcpu);
        assertThat(first.machine().vcpus().get(vcpu).steps()).isEqualTo(step - 1);
        assertThat(found.seenSteps()).isEqualTo(found.steps() + 1);
        assertThat(found.moreBytes()).isZero();
        assertThat(found.moreFields()).isZero();
        // with several vCPUs the port drives the interrupt line anew, which waits on the board
        assertThat(paths(found))
            .filteredOn(p -> !p.startsWith("board."))
            .isEqualTo(
                List.of(
                        List.of("cpu" + vcpu + ".general[15]"),
                        List.<String>of(),
                        List.of(PcChipset.SERIAL + ".scratch"))
                    .get(kind));
        assertThat(found.bytes())
            .isEqualTo(
                kind == 1
                    ? List.of(new ByteDifference("memory", UNUSED, 0, 0x5A))
                    : List.<ByteDifference>of());
        standBefore(first, second, found);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void settingsThatMustNotMatterDoNot(int vcpus) throws IOException {
    Recording recording = record(vcpus);
    try (ComparedRun first = run(recording, vcpus);
        ComparedRun second =
            new ComparedRun(
                builder(vcpus).engine(new InterpreterFactory(false)).tlbCapacity(1).build(),
                recording)) {
      assertThat(new FirstDifference(first, second, STRIDE).find()).isEmpty();
      assertThat(first.machine().digest()).isEqualTo(recording.seal().orElseThrow().digest());
      assertThat(second.machine().digest()).isEqualTo(first.machine().digest());
      assertThat(first.disagreement()).isEmpty();
      assertThat(second.disagreement()).isEmpty();
      assertThat(first.obstacle()).isEmpty();
    }
  }

  /** Of two recordings with and without the way by which only one machine goes. */
  private static RunDifference inputDifference(
      Recording one, Recording other, int vcpus, boolean shortcut) throws IOException {
    try (ComparedRun first = run(one, vcpus);
        ComparedRun second = run(other, vcpus)) {
      FirstDifference search = new FirstDifference(first, second, STRIDE);
      RunDifference found = (shortcut ? search.findOfEqualEngines() : search.find()).orElseThrow();
      standBefore(first, second, found);
      assertThat(first.disagreement()).isEmpty();
      assertThat(second.disagreement()).isEmpty();
      return found;
    }
  }

  @ParameterizedTest
  @CsvSource({"1,true", "1,false", "2,true", "2,false"})
  void anotherCharacterIsFoundAtItsTick(int vcpus, boolean shortcut) throws IOException {
    List<ScriptedWorld.Entry> typed = typed();
    Recording one = record(builder(vcpus), typed);
    typed.set(7, new ScriptedWorld.Entry(typed.get(7).tick(), key('x')));
    Recording other = record(builder(vcpus), typed);
    RunDifference found = inputDifference(one, other, vcpus, shortcut);
    assertThat(found.cause()).isEqualTo(Cause.INPUT);
    assertThat(found.tick()).isEqualTo(one.inputs().get(7).tick());
    assertThat(found.firstInputs()).containsExactly(key('a'));
    assertThat(found.secondInputs()).containsExactly(key('x'));
    assertThat(paths(found)).isNotEmpty().allMatch(p -> p.startsWith(PcChipset.SERIAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theSameCharacterAtAnotherTickIsADifferenceAtTheEarlierOne(int vcpus) throws IOException {
    List<ScriptedWorld.Entry> typed = typed();
    Recording one = record(builder(vcpus), typed);
    long later = typed.get(9).tick() + 600_000;
    typed.set(9, new ScriptedWorld.Entry(later, typed.get(9).input()));
    Recording other = record(builder(vcpus), typed);
    RunDifference found = inputDifference(one, other, vcpus, true);
    assertThat(found.cause()).isEqualTo(Cause.INPUT);
    assertThat(found.tick()).isEqualTo(one.inputs().get(9).tick());
    assertThat(found.firstInputs()).containsExactly(key('t'));
    assertThat(found.secondInputs()).isEmpty();
    // the other way round it is the same instant
    RunDifference reverse = inputDifference(other, one, vcpus, true);
    assertThat(reverse.tick()).isEqualTo(found.tick());
    assertThat(reverse.secondInputs()).containsExactly(key('t'));
  }

  @Test
  void aFaultBeforeAnotherInputComesFirst() throws IOException {
    List<ScriptedWorld.Entry> typed = typed();
    Recording one = record(builder(1), typed);
    typed.set(7, new ScriptedWorld.Entry(typed.get(7).tick(), key('x')));
    Recording other = record(builder(1), typed);
    try (ComparedRun first = run(one, 1);
        ComparedRun second = run(other, 1, new Fault(0, 300_000, MEMORY))) {
      RunDifference found = new FirstDifference(first, second, STRIDE).find().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.STEP);
      assertThat(found.steps()).isEqualTo(300_000 - 1);
    }
  }

  @Test
  void aRecordingThatWasEndedEarlierDoesNotDifferBeforeItsEnd() throws IOException {
    Recording whole = record(1);
    MemoryStore store = new MemoryStore();
    try (Machine machine = builder(1).build();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(typed()), store, Sources.NONE, HASHES)) {
      // just before an input, which the other recording takes
      assertThat(recorder.run(whole.inputs().get(5).tick())).isEqualTo(Outcome.LIMIT);
    }
    Recording part = Recording.read(store);
    assertThat(part.inputs()).hasSize(5);
    for (boolean shortcut : new boolean[] {false, true}) {
      try (ComparedRun first = run(whole, 1);
          ComparedRun second = run(part, 1)) {
        FirstDifference search = new FirstDifference(first, second, STRIDE);
        assertThat(shortcut ? search.findOfEqualEngines() : search.find()).isEmpty();
        assertThat(second.machine().digest()).isEqualTo(part.seal().orElseThrow().digest());
        assertThat(second.disagreement()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,345678", "2,345678", "2,345679", "1,1"})
  void whatSomebodyChangedIsFoundAtItsStep(int vcpus, long step) throws IOException {
    Recording one = record(vcpus);
    MemoryStore store = new MemoryStore();
    try (Machine machine = builder(vcpus).build();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(typed()), store, Sources.NONE, HASHES)) {
      assertThat(recorder.slice(LENGTH, step)).isEqualTo(Outcome.LIMIT);
      recorder.intervene(List.of(new Edit.Memory(UNUSED, new byte[] {0x5A})));
      recorder.run(LENGTH);
    }
    Recording other = Recording.read(store);
    assertThat(other.interventions()).hasSize(1);
    for (boolean shortcut : new boolean[] {false, true}) {
      try (ComparedRun first = run(one, vcpus);
          ComparedRun second = run(other, vcpus)) {
        FirstDifference search = new FirstDifference(first, second, STRIDE);
        RunDifference found =
            (shortcut ? search.findOfEqualEngines() : search.find()).orElseThrow();
        assertThat(found.cause()).isEqualTo(Cause.INTERVENTION);
        assertThat(found.steps()).isEqualTo(step);
        assertThat(found.tick()).isEqualTo(other.interventions().getFirst().tick());
        assertThat(found.firstInterventions()).isEmpty();
        assertThat(found.secondInterventions()).isEqualTo(other.interventions());
        assertThat(found.bytes()).containsExactly(new ByteDifference("memory", UNUSED, 0, 0x5A));
        assertThat(found.fields()).isEmpty();
        assertThat(first.machine().digest()).isEqualTo(second.machine().digest());
        assertThat(first.disagreement()).isEmpty();
        assertThat(second.disagreement()).isEmpty();
      }
    }
  }

  /** It cannot be seen from further away; a short stride sees it. */
  @Test
  void aDifferenceThatHealsIsFoundByAShortStrideOnly() throws IOException {
    Recording recording = record(1);
    Fault[] faults = {new Fault(0, 20_003, REGISTER), new Fault(0, 20_004, REGISTER)};
    try (ComparedRun first = run(recording, 1);
        ComparedRun second = run(recording, 1, faults)) {
      assertThat(new FirstDifference(first, second, STRIDE).find()).isEmpty();
    }
    try (ComparedRun first = run(recording, 1);
        ComparedRun second = run(recording, 1, faults)) {
      RunDifference found = new FirstDifference(first, second, 1).find().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.STEP);
      assertThat(found.steps()).isEqualTo(20_003 - 1);
      standBefore(first, second, found);
    }
  }

  @Test
  void aDifferenceThatComesOnlyWithoutAHaltIsFound() throws IOException {
    Recording recording = record(1);
    Fault fault = new Fault(0, 600_000, 550_000, REGISTER);
    try (ComparedRun first = run(recording, 1);
        ComparedRun second = run(recording, 1, fault)) {
      RunDifference found = new FirstDifference(first, second, STRIDE).find().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.STEP);
      assertThat(found.steps()).isEqualTo(600_000 - 1);
      assertThat(paths(found)).containsExactly("cpu0.general[15]");
      assertThat(first.machine().digest()).isEqualTo(second.machine().digest());
      assertThat(first.machine().steps()).isEqualTo(found.steps());
    }
  }

  @Test
  void aDifferenceThatComesOnceIsSaidToBeSo() throws IOException {
    Recording recording = record(1);
    boolean[] done = new boolean[1];
    Consumer<Vcpu> once =
        cpu -> {
          if (!done[0]) {
            done[0] = true;
            REGISTER.accept(cpu);
          }
        };
    try (ComparedRun first = run(recording, 1);
        ComparedRun second = run(recording, 1, new Fault(0, 600_000, once))) {
      RunDifference found = new FirstDifference(first, second, STRIDE).find().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.UNREPEATABLE);
      assertThat(found.steps()).isBetween(600_000 - STRIDE, 600_000L - 1);
      assertThat(found.seenSteps()).isBetween(600_000L, 600_000 + STRIDE);
      assertThat(paths(found)).isNotEmpty();
    }
  }

  /** A faulty machine made it, and this release cannot replay it. */
  @Test
  void aRecordingWithWrongHashesCanBeExamined() throws IOException {
    Recording good = record(1);
    Fault fault = new Fault(0, 540_000, MEMORY);
    Recording bad = record(builder(1).engine(FaultyEngine.factory(fault)), typed());
    try (ComparedRun first = run(good, 1);
        ComparedRun second = run(bad, 1)) {
      assertThat(new FirstDifference(first, second, STRIDE).findOfEqualEngines()).isEmpty();
      assertThat(first.disagreement()).isEmpty();
      assertThat(second.disagreement().orElseThrow())
          .contains("differs from the recording in " + PeriodicHash.MEMORY_AND_DISKS);
    }
    try (ComparedRun first = run(bad, 1);
        ComparedRun second = run(bad, 1, fault)) {
      RunDifference found = new FirstDifference(first, second, STRIDE).find().orElseThrow();
      assertThat(found.steps()).isEqualTo(540_000 - 1);
      assertThat(second.disagreement()).isEmpty();
    }
    // the first is wrong: the second does not take over its state
    try (ComparedRun first = run(bad, 1);
        ComparedRun second = run(good, 1)) {
      assertThat(new FirstDifference(first, second, STRIDE).findOfEqualEngines()).isEmpty();
      assertThat(first.disagreement()).isPresent();
      assertThat(second.disagreement()).isEmpty();
    }
  }

  @Test
  void anotherProgramDiffersWhereItIsRead() throws IOException {
    MachineBuilder other =
        BuiltinMachine.builder(new BuiltinGuest(1, 20_001), CpuModels.V3, 1)
            .engine(new InterpreterFactory());
    Recording one = record(1);
    Recording two = record(other, typed());
    try (ComparedRun first = run(one, 1);
        ComparedRun second =
            new ComparedRun(
                BuiltinMachine.builder(new BuiltinGuest(1, 20_001), CpuModels.V3, 1)
                    .engine(new InterpreterFactory())
                    .build(),
                two)) {
      RunDifference found =
          new FirstDifference(first, second, STRIDE).findOfEqualEngines().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.STEP);
      standBefore(first, second, found);
    }
  }

  @Test
  void differentMachinesDifferFromPowerOn() throws IOException {
    Recording one = record(1);
    Recording two = record(2);
    try (ComparedRun first = run(one, 1);
        ComparedRun second = run(two, 2)) {
      RunDifference found =
          new FirstDifference(first, second, STRIDE).findOfEqualEngines().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.POWER_ON);
      assertThat(found.tick()).isZero();
      assertThat(found.fields())
          .contains(new StateDifferences.Difference("cpu1", "absent", "present"));
    }
    Recording later = record(builder(1).powerOnTime(1_800_000_000), typed());
    try (ComparedRun first = run(one, 1);
        ComparedRun second =
            new ComparedRun(builder(1).powerOnTime(1_800_000_000).build(), later)) {
      RunDifference found =
          new FirstDifference(first, second, STRIDE).findOfEqualEngines().orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.POWER_ON);
      assertThat(paths(found)).isNotEmpty().allMatch(p -> p.startsWith("rtc"));
    }
  }

  @Test
  void aMachineThatWasNotRecordedIsRefused() throws IOException {
    Recording recording = record(1);
    try (Machine machine = builder(2).build()) {
      assertThatThrownBy(() -> new ComparedRun(machine, recording))
          .isInstanceOf(RecordingException.class);
    }
    try (ComparedRun run = run(recording, 1)) {
      assertThatThrownBy(() -> new FirstDifference(run, run, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  // ---- a machine that sleeps, and reads a disk now and then

  private static final byte[] DISK = new byte[300 * 512];

  static {
    new Random(1).nextBytes(DISK);
  }

  private static byte[] changed(int sector) {
    byte[] disk = DISK.clone();
    disk[sector * 512] ^= 1;
    return disk;
  }

  private static Recording recordReader(int vcpus, byte[] disk) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = ReaderMachine.machine(World.EMPTY, vcpus, new ByteStore(disk));
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      assertThat(recorder.run(6 * ReaderMachine.SECOND)).isEqualTo(Outcome.LIMIT);
    }
    return Recording.read(store);
  }

  private static ComparedRun reader(Recording recording, int vcpus, byte[] disk)
      throws IOException {
    return new ComparedRun(
        ReaderMachine.machine(World.EMPTY, vcpus, new ByteStore(disk)), recording);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "1,100", "3,200"})
  void aDeadlineInIdleTimeIsFoundExactly(int vcpus, int sector) throws IOException {
    Recording one = recordReader(vcpus, DISK);
    Recording two = recordReader(vcpus, changed(sector));
    try (ComparedRun first = reader(one, vcpus, DISK);
        ComparedRun second = reader(two, vcpus, changed(sector))) {
      Optional<RunDifference> difference =
          new FirstDifference(first, second, STRIDE).findOfEqualEngines();
      RunDifference found = difference.orElseThrow();
      assertThat(found.cause()).isEqualTo(Cause.EVENTS);
      assertThat(found.tick()).isEqualTo(ReaderMachine.PERIOD * (sector / 100 + 1));
      assertThat(found.deadlines()).containsExactly(ReaderMachine.READER);
      assertThat(paths(found)).containsExactly(ReaderMachine.READER + ".sum");
      // what was read and written; beside it the rest of a page that was brought in
      assertThat(found.bytes())
          .contains(
              new ByteDifference(
                  "disk0",
                  (sector + 7) * 512L,
                  DISK[sector * 512] & 0xFF,
                  changed(sector)[sector * 512] & 0xFF));
      standBefore(first, second, found);
    }
  }

  @Test
  void aChangedImageIsNoDifference() throws IOException {
    Recording recording = recordReader(1, DISK);
    try (ComparedRun first = reader(recording, 1, DISK);
        ComparedRun second = reader(recording, 1, changed(100))) {
      assertThatThrownBy(() -> new FirstDifference(first, second, STRIDE).find())
          .isInstanceOf(RecordingException.class)
          .hasMessageContaining("is not what it was when it was recorded");
    }
  }
}
