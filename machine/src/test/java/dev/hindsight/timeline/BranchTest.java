package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.storage.ByteStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines that go on live from an instant of a recording, and what is changed in them. */
class BranchTest {
  private static final long HASHES = 5_000_000;
  private static final long LONGEST = 1_000_000_000;
  private static final String NAME = "the other one";

  /** Physical address of a byte that the guest does not use. */
  private static final long UNUSED = 0x70_0000;

  private static MachineBuilder builder(int vcpus) {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
        .engine(new InterpreterFactory());
  }

  private static World typing(List<TimedInput> inputs) {
    return new ScriptedWorld(
        inputs.stream().map(i -> new ScriptedWorld.Entry(i.tick(), i.input())).toList());
  }

  private static MemoryStore record(int vcpus) throws IOException {
    List<TimedInput> typed = new ArrayList<>();
    for (char c : "tasks\rwait\r".toCharArray()) {
      typed.add(
          new TimedInput(
              1_700_001L * (typed.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    MemoryStore store = new MemoryStore();
    try (Machine machine = builder(vcpus).build();
        Recorder recorder = new Recorder(machine, typing(typed), store, Sources.NONE, HASHES)) {
      assertThat(recorder.run(LONGEST)).isEqualTo(Outcome.POWERED_OFF);
    }
    return store;
  }

  private static Timeline timeline(Recording recording, int vcpus) throws IOException {
    return new Timeline(builder(vcpus).build(), recording, 200_000, 1 << 30);
  }

  private static Branch branch(Timeline timeline, World live, RecordingStore store)
      throws IOException {
    return Branch.of(timeline, NAME, live, OutputListener.NONE, store, Sources.NONE);
  }

  /** Replays a recording in a fresh machine, which compares all hashes. */
  private static void replays(Recording recording, int vcpus) throws IOException {
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.seal()).isPresent();
    try (Machine machine = builder(vcpus).build()) {
      Replay replay = new Replay(machine, recording);
      assertThat(replay.run()).isEqualTo(recording.seal().get().outcome());
      assertThat(replay.isAtEnd()).isTrue();
      assertThat(machine.digest()).isEqualTo(recording.seal().get().digest());
    }
  }

  private static List<TimedInput> after(Recording recording, long tick) {
    return recording.inputs().stream().filter(i -> i.tick() > tick).toList();
  }

  /** If what comes is what came, the branch ends as the other recording did. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aBranchWithTheSameInputsIsTheSameRun(int vcpus) throws IOException {
    MemoryStore parent = record(vcpus);
    byte[] description = parent.read(Recording.DESCRIPTION);
    byte[] log = parent.read(Recording.LOG);
    Recording recording = Recording.read(parent);
    Seal end = recording.seal().orElseThrow();
    try (Timeline timeline = timeline(recording, vcpus)) {
      Random random = new Random(vcpus);
      int middles = 0;
      for (int i = 0; i < 16; i++) {
        boolean bySteps = i % 2 == 0;
        if (bySteps) {
          timeline.seekStep(random.nextLong(end.steps()));
        } else {
          timeline.seek(i == 1 ? 0 : i == 3 ? 2 * HASHES : random.nextLong(end.digest().tick()));
        }
        Machine there = timeline.machine();
        StateDigest before = there.digest();
        long pages = there.ram().livePages();
        middles += there.isAtBoundary() ? 0 : 1;
        MemoryStore store = new MemoryStore();
        try (Branch branch = branch(timeline, typing(after(recording, there.now())), store)) {
          assertThat(branch.machine().digest()).isEqualTo(before);
          assertThat(branch.recorder().run(LONGEST)).isEqualTo(Outcome.POWERED_OFF);
        }
        assertThat(there.digest()).isEqualTo(before);
        assertThat(there.ram().livePages()).isEqualTo(pages);
        Recording read = Recording.read(store);
        assertThat(read.seal()).contains(end);
        assertThat(read.inputs()).isEqualTo(recording.inputs());
        assertThat(read.hashes()).isEqualTo(recording.hashes());
        assertThat(read.origin()).isPresent();
        assertThat(read.origin().get().recording()).isEqualTo(NAME);
        assertThat(read.origin().get().tick()).isEqualTo(there.now());
        assertThat(read.origin().get().steps()).isEqualTo(there.steps());
        replays(read, vcpus);
      }
      assertThat(middles > 3).isEqualTo(vcpus > 1);
    }
    assertThat(parent.read(Recording.DESCRIPTION)).isEqualTo(description);
    assertThat(parent.read(Recording.LOG)).isEqualTo(log);
  }

  private static List<Edit> change(int vcpu, long value) {
    return List.of(
        new Edit.Memory(UNUSED, new byte[] {1, 2, (byte) value}),
        new Edit.Register(vcpu, VcpuRegister.vector(5, 3), value),
        new Edit.Register(vcpu, VcpuRegister.x87Significand(6), value));
  }

  /**
   * Something is changed now and then, twice at some instants; each instant of the recording of it
   * is the one that was live.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void changesAreReplayedAtTheirInstants(int vcpus) throws IOException {
    Recording recording = Recording.read(record(vcpus));
    long begin = recording.lastTick() / 4;
    long slice = recording.seal().orElseThrow().steps() / 200;
    MemoryStore store = new MemoryStore();
    List<Long> steps = new ArrayList<>();
    List<StateDigest> states = new ArrayList<>();
    List<Long> ticks = new ArrayList<>();
    List<StateDigest> statesAtTicks = new ArrayList<>();
    try (Timeline timeline = timeline(recording, vcpus)) {
      timeline.seek(begin);
      try (Branch branch = branch(timeline, typing(after(recording, begin)), store)) {
        Recorder recorder = branch.recorder();
        Machine machine = branch.machine();
        Random random = new Random(7);
        long there = -1;
        for (int i = 0; i < 30; i++) {
          recorder.slice(Long.MAX_VALUE, i % 5 == 0 ? 0 : 1 + random.nextLong(slice));
          recorder.intervene(change(i % vcpus, i));
          if (i % 3 == 0) {
            recorder.intervene(change(i % vcpus, -i));
          }
          if (i % 5 != 0) {
            steps.add(machine.steps());
            states.add(machine.digest());
            there = machine.now();
          } else if (machine.now() == there) {
            states.set(states.size() - 1, machine.digest());
          }
          if (i % 4 == 3) {
            recorder.run(machine.now() + random.nextLong(10_000));
            ticks.add(machine.now());
            statesAtTicks.add(machine.digest());
          }
        }
        assertThat(recorder.run(LONGEST)).isEqualTo(Outcome.POWERED_OFF);
      }
    }
    Recording read = Recording.read(store);
    assertThat(read.interventions()).hasSize(40);
    assertThat(read.interventions().get(3).edits()).isEqualTo(change(2 % vcpus, 2));
    replays(read, vcpus);
    try (Timeline timeline = timeline(read, vcpus)) {
      Random random = new Random(8);
      for (int i = 0; i < 120; i++) {
        if (i % 3 != 0) {
          int n = random.nextInt(steps.size());
          timeline.seekStep(steps.get(n));
          assertThat(timeline.machine().digest()).as("step").isEqualTo(states.get(n));
        } else {
          int n = random.nextInt(ticks.size());
          timeline.seek(ticks.get(n));
          assertThat(timeline.machine().digest()).as("tick").isEqualTo(statesAtTicks.get(n));
        }
      }
      int last = steps.size() - 1;
      timeline.seekStep(steps.get(last) + 1);
      timeline.stepBack();
      assertThat(timeline.machine().digest()).isEqualTo(states.get(last));
    }
    ScheduleTorture torture =
        new ScheduleTorture(
            read,
            (world, outputs, tlb) ->
                builder(vcpus).world(world).outputs(outputs).tlbCapacity(tlb).build());
    for (int seed = 0; seed < 4; seed++) {
      assertThat(torture.run(new ScheduleTorture.Settings(seed, 1 << seed, 50_000, 20)).digest())
          .isEqualTo(read.seal().orElseThrow().digest());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void branchesHaveBranches(int vcpus) throws IOException {
    Recording recording = Recording.read(record(vcpus));
    Seal end = recording.seal().orElseThrow();
    for (int i = 1; i <= 5; i++) {
      MemoryStore store = new MemoryStore();
      try (Timeline timeline = timeline(recording, vcpus)) {
        timeline.seekStep(end.steps() * i / 7);
        long now = timeline.machine().now();
        assertThat(recording.origin().isPresent()).isEqualTo(i > 1);
        try (Branch branch = branch(timeline, typing(after(recording, now)), store)) {
          branch.recorder().intervene(change(0, i));
          assertThat(branch.recorder().run(LONGEST)).isEqualTo(Outcome.POWERED_OFF);
        }
      }
      recording = Recording.read(store);
      assertThat(recording.interventions()).hasSize(i);
      replays(recording, vcpus);
    }
  }

  /** Wherever it stops, and however short it was, its end has a name. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aBranchMayEndAtOnce(int vcpus) throws IOException {
    Recording recording = Recording.read(record(vcpus));
    Random random = new Random(5);
    try (Timeline timeline = timeline(recording, vcpus)) {
      for (int i = 0; i < 24; i++) {
        if (i % 2 == 0) {
          timeline.seekStep(random.nextLong(recording.seal().orElseThrow().steps()));
        } else {
          timeline.seek(random.nextLong(recording.lastTick()));
        }
        MemoryStore store = new MemoryStore();
        try (Branch branch = branch(timeline, World.EMPTY, store)) {
          Recorder recorder = branch.recorder();
          if (i % 3 == 1) {
            recorder.intervene(change(0, i));
          } else if (i % 3 == 2) {
            recorder.slice(Long.MAX_VALUE, i);
          }
        }
        Recording read = Recording.read(store);
        assertThat(read.interventions()).hasSize(i % 3 == 1 ? 1 : 0);
        replays(read, vcpus);
      }
    }
  }

  @Test
  void whatTheMachineDoesNotTakeIsRefused() throws IOException {
    Recording recording = Recording.read(record(1));
    MemoryStore store = new MemoryStore();
    try (Timeline timeline = timeline(recording, 1)) {
      long half = recording.lastTick() / 2;
      timeline.seek(half);
      try (Branch branch = branch(timeline, typing(after(recording, half)), store)) {
        Recorder recorder = branch.recorder();
        Edit good = new Edit.Register(0, VcpuRegister.vector(15, 2), 5);
        refuses(recorder, "no CPU 1.", good, new Edit.Register(1, VcpuRegister.RIP, 0));
        refuses(recorder, "no RAM", new Edit.Memory(0xFFFF_0000L, new byte[16]));
        refuses(recorder, "no RAM", new Edit.Memory(-1, new byte[1]));
        refuses(recorder, "no RAM", new Edit.Memory(Long.MAX_VALUE, new byte[2]));
        refuses(recorder, "cr0", new Edit.Register(0, VcpuRegister.CR0, 1L << 31));
        refuses(recorder, "efer", new Edit.Register(0, VcpuRegister.EFER, -1));
        refuses(recorder, "mxcsr", new Edit.Register(0, VcpuRegister.MXCSR, 1 << 16));
        refuses(recorder, "rflags", new Edit.Register(0, VcpuRegister.RFLAGS, 1 << 17));
        refuses(recorder, "fs_base", new Edit.Register(0, VcpuRegister.FS_BASE, 1L << 60));
        recorder.intervene(List.of(good));
        assertThat(recorder.run(LONGEST)).isEqualTo(Outcome.POWERED_OFF);
        assertThatThrownBy(() -> recorder.intervene(List.of(good)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageEndingWith(".");
      }
    }
    Recording read = Recording.read(store);
    assertThat(read.interventions()).hasSize(2);
    assertThat(read.interventions().getFirst().edits()).hasSize(1);
    replays(read, 1);
    assertThatThrownBy(() -> new Edit.Memory(0, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new VcpuRegister(36)).hasMessageContaining("number 36.");
    assertThatThrownBy(() -> VcpuRegister.general(16)).hasMessageEndingWith(".");
  }

  private static void refuses(Recorder recorder, String why, Edit... edits) {
    assertThatThrownBy(() -> recorder.intervene(List.of(edits)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith(".");
  }

  /** While all vCPUs are halted ticks pass, and something may be changed at each of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void haltedMachinesCanBeChanged(int vcpus) throws IOException {
    byte[] disk = new byte[20 << 16];
    new Random(4).nextBytes(disk);
    long second = ReaderMachine.SECOND;
    MemoryStore store = new MemoryStore();
    try (Machine machine = ReaderMachine.machine(World.EMPTY, vcpus, new ByteStore(disk));
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      recorder.run(30 * second);
    }
    Recording recording = Recording.read(store);
    int all = recording.blocks().getFirst().count();
    MemoryStore changed = new MemoryStore();
    try (Timeline timeline =
        new Timeline(ReaderMachine.machine(World.EMPTY, vcpus, new ByteStore(disk)), recording)) {
      timeline.seek(Long.MAX_VALUE);
      timeline.seek(5 * second + 3);
      World live =
          new ScriptedWorld(
              List.of(
                  new ScriptedWorld.Entry(
                      8 * second, new Input.SerialByte(ReaderMachine.READER, 'x')),
                  new ScriptedWorld.Entry(8 * second + 10, new Input.ClockAdvance(second / 10))));
      try (Branch branch = branch(timeline, live, changed)) {
        Recorder recorder = branch.recorder();
        long steps = branch.machine().steps();
        recorder.intervene(List.of(new Edit.Memory(4096, new byte[] {1})));
        recorder.run(6 * second);
        recorder.intervene(List.of(new Edit.Memory(4096, new byte[] {2})));
        recorder.run(8 * second + 10);
        recorder.intervene(
            List.of(
                new Edit.Memory(8192, new byte[] {3}),
                new Edit.Register(0, VcpuRegister.RFLAGS, 0x202)));
        assertThat(branch.machine().now()).isGreaterThan(8 * second + 10);
        assertThat(branch.machine().steps()).isEqualTo(steps);
        recorder.run(30 * second);
      }
    }
    Recording read = Recording.read(changed);
    assertThat(read.interventions()).hasSize(3);
    assertThat(read.blocks().getFirst().count()).isEqualTo(all);
    try (Machine machine = ReaderMachine.machine(World.EMPTY, vcpus, new ByteStore(disk))) {
      Replay replay = new Replay(machine, read);
      replay.run(6 * second);
      assertThat(machine.memory().read(4096, 1)).isEqualTo(1);
      replay.run(6 * second + 1);
      assertThat(machine.memory().read(4096, 1)).isEqualTo(2);
      assertThat(replay.run()).isEqualTo(Outcome.LIMIT);
      assertThat(replay.isAtEnd()).isTrue();
    }
  }

  /** A machine for which there is nothing left to do goes on if something comes after all. */
  @Test
  void whatWaitedForeverGoesOn() throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = ReaderMachine.quiet();
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      assertThat(recorder.run(LONGEST)).isEqualTo(Outcome.IDLE);
    }
    Recording recording = Recording.read(store);
    World late =
        new ScriptedWorld(
            List.of(
                new ScriptedWorld.Entry(700, new Input.ClockAdvance(50)),
                new ScriptedWorld.Entry(1000, new Input.Reset())));
    List<Edit> change = List.of(new Edit.Memory(0, new byte[] {1}));
    List<Recording> branches = new ArrayList<>();
    try (Timeline timeline = new Timeline(ReaderMachine.quiet(), recording)) {
      for (World live : List.of(World.EMPTY, late)) {
        assertThat(timeline.seek(recording.lastTick())).isEqualTo(Outcome.IDLE);
        MemoryStore changed = new MemoryStore();
        try (Branch branch = branch(timeline, live, changed)) {
          branch.recorder().intervene(change);
          assertThat(branch.recorder().run(LONGEST)).isEqualTo(Outcome.IDLE);
          branch.recorder().intervene(change);
          assertThat(branch.recorder().run(LONGEST)).isEqualTo(Outcome.IDLE);
          branch.recorder().intervene(change);
        }
        branches.add(Recording.read(changed));
      }
    }
    assertThat(branches.getLast().inputs()).hasSize(2);
    for (Recording branch : branches) {
      assertThat(branch.interventions()).hasSize(3);
      try (Machine machine = ReaderMachine.quiet()) {
        Replay replay = new Replay(machine, branch);
        assertThat(replay.run()).isEqualTo(branch.seal().orElseThrow().outcome());
        assertThat(replay.isAtEnd()).isTrue();
      }
    }
  }

  /** What was read of a disk after the instant is none of the branch's. */
  @Test
  void aBranchHasTheBlocksThatItRead() throws IOException {
    byte[] disk = new byte[400 << 16];
    new Random(4).nextBytes(disk);
    long second = ReaderMachine.SECOND;
    MemoryStore store = new MemoryStore();
    try (Machine machine = ReaderMachine.machine(World.EMPTY, 1, new ByteStore(disk));
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      recorder.run(100 * second);
    }
    Recording recording = Recording.read(store);
    MemoryStore changed = new MemoryStore();
    try (Timeline timeline =
        new Timeline(ReaderMachine.machine(World.EMPTY, 1, new ByteStore(disk)), recording)) {
      timeline.seek(Long.MAX_VALUE);
      timeline.seek(50 * second);
      try (Branch branch = branch(timeline, World.EMPTY, changed)) {
        branch.recorder().run(60 * second);
      }
      timeline.seek(second);
      disk[0] ^= 1;
      assertThatThrownBy(
              () -> {
                try (Branch branch = branch(timeline, World.EMPTY, new MemoryStore())) {
                  branch.recorder().intervene(List.of(new Edit.Memory(0, new byte[1])));
                  branch.recorder().run(400 * second);
                }
              })
          .hasMessageContaining("its block 0 has changed.");
      disk[0] ^= 1;
    }
    Recording read = Recording.read(changed);
    int all = recording.blocks().getFirst().count();
    assertThat(read.blocks().getFirst().count()).isBetween(all * 55 / 100, all * 65 / 100);
    try (Machine machine = ReaderMachine.machine(World.EMPTY, 1, new ByteStore(disk))) {
      Replay replay = new Replay(machine, read);
      assertThat(replay.run()).isEqualTo(Outcome.LIMIT);
      assertThat(replay.isAtEnd()).isTrue();
    }
  }

  /** A sample of what RandomBranches of the bench does a thousand times. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nothingIsLeftOfBranches(int vcpus) throws IOException {
    BranchTorture torture =
        new BranchTorture(
            Recording.read(record(vcpus)),
            (world, outputs, tlb) ->
                builder(vcpus).world(world).outputs(outputs).tlbCapacity(tlb).build());
    BranchTorture.Result all = new BranchTorture.Result(0, 0, 0, 0);
    for (int seed = 0; seed < 8; seed++) {
      all = all.plus(torture.run(seed, 12));
    }
    assertThat(all.seeks()).isGreaterThan(20);
    assertThat(all.branches()).isGreaterThan(20);
    assertThat(all.changes()).isGreaterThan(20);
    assertThat(all.replays()).isGreaterThanOrEqualTo(8);
  }
}
