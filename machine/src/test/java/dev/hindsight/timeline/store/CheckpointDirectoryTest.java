package dev.hindsight.timeline.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.CheckpointStore;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints on disk: what comes back is what was, or nothing. */
class CheckpointDirectoryTest {
  private static final long INTERVAL = 5_000;

  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();

  private static Machine machine(int vcpus) {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
        .engine(new InterpreterFactory())
        .build();
  }

  private static List<ScriptedWorld.Entry> typed(String text) {
    List<ScriptedWorld.Entry> entries = new ArrayList<>();
    for (char c : text.toCharArray()) {
      entries.add(
          new ScriptedWorld.Entry(
              1_700_001L * (entries.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    return entries;
  }

  private static Recording record(int vcpus, String text) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine(vcpus);
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(typed(text)), store, Sources.NONE, 5_000_000)) {
      assertThat(recorder.run(1_000_000_000)).isEqualTo(Outcome.POWERED_OFF);
    }
    return Recording.read(store);
  }

  private CheckpointDirectory open(Recording recording, long budget) {
    return CheckpointDirectory.open(
        directory, recording.description(), recording::pastDigest, budget, warnings::add);
  }

  private static Timeline timeline(Recording recording, int vcpus, CheckpointStore store)
      throws IOException {
    return new Timeline(machine(vcpus), recording, INTERVAL, 1 << 30, store);
  }

  /** Fills the store by a first replay. */
  private List<Moment> fill(Recording recording, int vcpus, long budget) throws IOException {
    try (CheckpointDirectory store = open(recording, budget);
        Timeline timeline = timeline(recording, vcpus, store)) {
      assertThat(timeline.seek(Long.MAX_VALUE)).isEqualTo(Outcome.POWERED_OFF);
      return store.moments();
    }
  }

  private static Map<Long, StateDigest> straight(Recording recording, int vcpus)
      throws IOException {
    Map<Long, StateDigest> all = new TreeMap<>();
    long end = recording.seal().orElseThrow().steps();
    try (Machine machine = machine(vcpus)) {
      Replay replay = new Replay(machine, recording);
      for (long n : new Random(1).longs(16, 0, end).sorted().toArray()) {
        replay.slice(Long.MAX_VALUE, n - machine.steps());
        all.put(n, machine.digest());
      }
    }
    return all;
  }

  /** Goes to each instant in a timeline of its own, as commands one after another do. */
  private void checkSeeks(Recording recording, int vcpus, Map<Long, StateDigest> expected)
      throws IOException {
    for (Map.Entry<Long, StateDigest> e : expected.entrySet()) {
      try (CheckpointDirectory store = open(recording, 1 << 30);
          Timeline timeline = timeline(recording, vcpus, store)) {
        timeline.seekStep(e.getKey());
        assertThat(timeline.machine().digest()).isEqualTo(e.getValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsStoredComesBack(int vcpus) throws IOException {
    Recording recording = record(vcpus, "tasks\rwait\r");
    List<Moment> moments = fill(recording, vcpus, 1 << 30);
    assertThat(moments.size()).isGreaterThan(4);
    assertThat(warnings).isEmpty();
    checkSeeks(recording, vcpus, straight(recording, vcpus));
    try (CheckpointDirectory store = open(recording, 1 << 30);
        Timeline timeline = timeline(recording, vcpus, store)) {
      // it is fetched, and not come to by a replay of all that is before
      timeline.seekStep(moments.getLast().steps() + 1);
      assertThat(timeline.checkpoints()).isLessThan(4);
    }
    assertThat(warnings).isEmpty();
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(
              files.filter(Files::isRegularFile).allMatch(CheckpointDirectoryTest::isOfOwnerOnly))
          .isTrue();
    }
  }

  private static boolean isOfOwnerOnly(Path file) {
    try {
      return Files.getPosixFilePermissions(file).size() == 2;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRecorderMakesThemOnItsWay(int vcpus) throws IOException {
    MemoryStore log = new MemoryStore();
    try (Machine machine = machine(vcpus);
        Recorder recorder =
            new Recorder(
                machine, new ScriptedWorld(typed("wait\r")), log, Sources.NONE, 5_000_000);
        CheckpointDirectory store =
            CheckpointDirectory.open(
                directory, machine.description(), recorder::pastDigest, 1 << 30, warnings::add)) {
      recorder.checkpoints(store, 1_300_000);
      assertThat(recorder.run(1_000_000_000)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(store.moments().size()).isGreaterThan(4);
      assertThat(store.moments()).allMatch(m -> !m.begun());
    }
    Recording recording = Recording.read(log);
    checkSeeks(recording, vcpus, straight(recording, vcpus));
    try (CheckpointDirectory store = open(recording, 1 << 30);
        Timeline timeline = new Timeline(machine(vcpus), recording, 10_000, 1 << 30, store)) {
      long last = store.moments().getLast().tick();
      timeline.seek(last + 1000);
      assertThat(timeline.checkpoints()).isLessThan(5);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void damageCostsCheckpointsAndNothingElse() throws IOException {
    Recording recording = record(1, "wait\r");
    fill(recording, 1, 1 << 30);
    Map<Long, StateDigest> expected = straight(recording, 1);
    Path store = directory.resolve(CheckpointDirectory.NAME);
    Map<Path, byte[]> contents = contents(store);
    List<Path> files = List.copyOf(contents.keySet());
    List<Long> steps = List.copyOf(expected.keySet());
    Random random = new Random(2);
    int told = 0;
    for (int i = 0; i < 36; i++) {
      Path file = files.get(i % files.size());
      byte[] good = contents.get(file);
      byte[] bad = good.clone();
      if (i % 4 == 3) {
        bad = Arrays.copyOf(good, random.nextInt(good.length));
      } else {
        int at =
            i % 4 == 0 ? random.nextInt(Math.min(60, good.length)) : random.nextInt(good.length);
        bad[at] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bad);
      warnings.clear();
      long n = steps.get(random.nextInt(steps.size()));
      try (CheckpointDirectory opened = open(recording, 1 << 30);
          Timeline timeline = timeline(recording, 1, opened)) {
        timeline.seekStep(n);
        assertThat(timeline.machine().digest()).as("%s", file).isEqualTo(expected.get(n));
      }
      told += warnings.size();
      assertThat(warnings).allMatch(w -> w.endsWith(".") && !w.contains("\n"));
      delete();
      for (Map.Entry<Path, byte[]> e : contents.entrySet()) {
        Files.write(e.getKey(), e.getValue());
      }
    }
    assertThat(told).isGreaterThan(5);
  }

  private static Map<Path, byte[]> contents(Path store) throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    try (Stream<Path> all = Files.list(store)) {
      for (Path p : all.filter(p -> !p.endsWith("lock")).toList()) {
        contents.put(p, Files.readAllBytes(p));
      }
    }
    return contents;
  }

  @Test
  void thoseOfAnotherRecordingAreRefused() throws IOException {
    Recording one = record(1, "wait\r");
    fill(one, 1, 1 << 30);
    Recording other = record(1, "tasks\rwait\r");
    checkSeeks(other, 1, straight(other, 1));
    assertThat(warnings).isNotEmpty().allMatch(w -> w.contains("another recording"));
  }

  @Test
  void aBudgetIsKept() throws IOException {
    Recording recording = record(1, "wait\r");
    fill(recording, 1, 1 << 30);
    long all = size();
    for (long budget : new long[] {all - 1, all / 2, all / 8, 1000}) {
      delete();
      List<Moment> moments = fill(recording, 1, budget);
      assertThat(size()).isLessThanOrEqualTo(budget);
      if (budget == all - 1) {
        assertThat(moments).isNotEmpty();
        checkSeeks(recording, 1, straight(recording, 1));
      }
    }
    assertThat(warnings).allMatch(w -> w.contains("takes more than"));
  }

  private long size() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve(CheckpointDirectory.NAME))) {
      return all.mapToLong(p -> p.toFile().length()).sum();
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve(CheckpointDirectory.NAME))) {
      for (Path p : all.toList()) {
        Files.delete(p);
      }
    }
  }

  @Test
  void oneWritesAndOthersRead() throws IOException {
    Recording recording = record(1, "wait\r");
    try (CheckpointDirectory first = open(recording, 1 << 30);
        Timeline one = timeline(recording, 1, first);
        CheckpointDirectory second = open(recording, 1 << 30);
        Timeline two = timeline(recording, 1, second)) {
      one.seek(Long.MAX_VALUE);
      two.seek(Long.MAX_VALUE);
      assertThat(first.moments().size()).isGreaterThan(3);
      assertThat(second.moments()).isEmpty();
    }
    checkSeeks(recording, 1, straight(recording, 1));
    assertThat(warnings).isEmpty();
  }

  @Test
  void whereNothingCanBeWrittenOneIsToldOnce() throws IOException {
    Recording recording = record(1, "wait\r");
    Files.writeString(directory.resolve(CheckpointDirectory.NAME), "in the way");
    Map<Long, StateDigest> expected = straight(recording, 1);
    try (CheckpointDirectory store = open(recording, 1 << 30);
        Timeline timeline = timeline(recording, 1, store)) {
      timeline.seek(Long.MAX_VALUE);
      for (long n : expected.keySet()) {
        timeline.seekStep(n);
        assertThat(timeline.machine().digest()).isEqualTo(expected.get(n));
      }
    }
    assertThat(warnings.size()).isBetween(1, 2);
  }

  @Test
  void aProcessThatWasKilledLeavesNothingWrong() throws IOException {
    Recording recording = record(1, "wait\r");
    List<Moment> before = fill(recording, 1, 1 << 30);
    Path store = directory.resolve(CheckpointDirectory.NAME);
    Path pages = store.resolve("pages-0");
    byte[] content = Files.readAllBytes(pages);
    // in the middle of an append, and of writing a checkpoint
    Files.write(pages, Arrays.copyOf(content, content.length + 77));
    Files.writeString(store.resolve("1-2-0.new"), "half");
    Moment last = before.getLast();
    Files.delete(
        store.resolve("%d-%d-%d".formatted(last.steps(), last.tick(), last.begun() ? 1 : 0)));
    assertThat(fill(recording, 1, 1 << 30)).isEqualTo(before);
    assertThat(store.resolve("1-2-0.new")).doesNotExist();
    checkSeeks(recording, 1, straight(recording, 1));
    assertThat(warnings).isEmpty();
  }
}
