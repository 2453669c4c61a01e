package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.ToyGuest;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.bus.state.StateHash;
import dev.hindsight.timeline.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
  private static final int ROUNDS = 60;
  private static final int FULL_TLB = Integer.MAX_VALUE;
  private static final long HASH_INTERVAL = 20_000;

  private static World typing() {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (char c : "hello".toCharArray()) {
      script.add(
          new ScriptedWorld.Entry(7001L * (script.size() + 1), new Input.SerialByte("serial", c)));
    }
    script.add(new ScriptedWorld.Entry(50_000, new Input.ClockAdvance(40_000)));
    return new ScriptedWorld(script);
  }

  private static Recording record(int vcpus, RecordingStore store, StringBuilder sent)
      throws IOException {
    OutputListener outputs = (device, value, tick) -> sent.append((char) value);
    try (Machine machine = ToyGuest.machine(vcpus, ROUNDS, World.EMPTY, outputs, FULL_TLB);
        Recorder recorder = new Recorder(machine, typing(), store, Sources.NONE, HASH_INTERVAL)) {
      assertThat(recorder.run(50_000_000)).isEqualTo(Outcome.POWERED_OFF);
    }
    return Recording.read(store);
  }

  private static Machine fresh(int vcpus, int tlbCapacity) {
    return ToyGuest.machine(vcpus, ROUNDS, World.EMPTY, OutputListener.NONE, tlbCapacity);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aReplayIsTheRecordedRun(int vcpus) throws IOException {
    StringBuilder sent = new StringBuilder();
    Recording recording = record(vcpus, new MemoryStore(), sent);
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.inputs()).hasSize(6);
    assertThat(recording.hashes()).hasSizeGreaterThan(3);
    assertThat(sent.toString()).contains("h", "e", "l", "o").hasSizeGreaterThan(10);
    assertThat(sent.toString()).as("each vCPU prints the letter of the next").contains("a");
    assertThat(sent.toString().contains("b")).isEqualTo(vcpus > 1);
    try (Machine machine = fresh(vcpus, 1)) {
      Replay replay = new Replay(machine, recording);
      assertThat(replay.run(33_333)).isEqualTo(Outcome.LIMIT);
      assertThat(replay.run()).isEqualTo(Outcome.POWERED_OFF);
      assertThat(replay.isAtEnd()).isTrue();
      assertThat(replay.agreed()).isEqualTo(recording.lastTick());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void schedulesDoNotMatter(int vcpus) throws IOException {
    Recording recording = record(vcpus, new MemoryStore(), new StringBuilder());
    StateDigest last = recording.seal().orElseThrow().digest();
    ScheduleTorture torture =
        new ScheduleTorture(
            recording,
            (world, outputs, tlb) -> ToyGuest.machine(vcpus, ROUNDS, world, outputs, tlb));
    long output =
        torture.run(new ScheduleTorture.Settings(0, FULL_TLB, Long.MAX_VALUE, 0)).output();
    int restores = 0;
    for (long seed = 0; seed < 14; seed++) {
      ScheduleTorture.Result result =
          torture.run(new ScheduleTorture.Settings(seed, 1 << seed % 5, 256L << seed % 7, 25));
      assertThat(result.outcome()).isEqualTo(Outcome.POWERED_OFF);
      assertThat(result.digest()).as("seed %d", seed).isEqualTo(last);
      assertThat(result.output()).isEqualTo(output);
      restores += result.restores();
    }
    assertThat(restores).isGreaterThan(60);
  }

  @Test
  void aDifferenceIsFoundAtTheNextHashAndNamed() throws IOException {
    Recording recording = record(2, new MemoryStore(), new StringBuilder());
    try (Machine machine = fresh(2, FULL_TLB)) {
      Replay replay = new Replay(machine, recording);
      replay.run(30_000);
      machine.memory().write(0x9_0000, 1, 1);
      assertThatThrownBy(replay::run)
          .isInstanceOfSatisfying(
              ReplayDifference.class,
              d -> {
                assertThat(d.parts()).containsExactly(PeriodicHash.MEMORY_AND_DISKS);
                assertThat(d.tick()).isEqualTo(recording.hashes().get(1).tick());
              })
          .hasMessageContaining("they agreed at tick " + recording.hashes().getFirst().tick());
    }
  }

  @Test
  void everythingInAMachineCountsInItsHash() throws IOException {
    try (Machine machine = fresh(2, FULL_TLB);
        Machine other = fresh(2, FULL_TLB)) {
      machine.slice(Long.MAX_VALUE, 44_444);
      assertThat(machine.isAtBoundary()).isFalse();
      try (MachineState state = machine.save()) {
        StateDigest digest = machine.digest();
        other.load(state);
        assertThat(other.digest()).isEqualTo(digest);
        for (int i = 0; i < state.parts().size(); i++) {
          int bits = state.parts().get(i).bytes().length * 8;
          for (int bit = 0; bit < bits; bit += 1 + bit / 300) {
            byte[] bytes = state.parts().get(i).bytes();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(StateHash.of(bytes)).isNotEqualTo(digest.parts().get(i).hash());
          }
        }
        other.vcpus().get(1).general().set64(3, ~other.vcpus().get(1).general().get64(3));
        other.memory().write(0x1234, 1, 0x77);
        assertThat(other.digest().differingParts(digest)).containsExactly("cpu1", "memory");
        try (MachineState changed = other.save()) {
          assertThat(machine.differences(state, changed, 5))
              .extracting(d -> d.path())
              .containsExactly("cpu1.general[3]", "memory[0x1234]");
        }
      }
    }
  }

  @Test
  void whatPrecedesDamageStaysReadable() throws IOException {
    MemoryStore good = new MemoryStore();
    Recording whole = record(1, good, new StringBuilder());
    byte[] log = good.read(Recording.LOG);
    byte[] description = good.read(Recording.DESCRIPTION);
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = random.nextBoolean() ? log.clone() : truncated(log, random);
      if (bad.length == log.length) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      MemoryStore store = new MemoryStore();
      store.write(Recording.DESCRIPTION, description);
      store.write(Recording.LOG, bad);
      Recording read;
      try {
        read = Recording.read(store);
      } catch (RecordingException e) {
        assertThat(e).hasMessageContaining("format");
        continue;
      }
      assertThat(read.damage().isPresent() || read.seal().isEmpty()).isTrue();
      assertThat(read.damage().orElse("It is damaged.")).endsWith(".").doesNotContain("\n");
      assertThat(read.inputs()).isEqualTo(whole.inputs().subList(0, read.inputs().size()));
      assertThat(read.hashes()).isEqualTo(whole.hashes().subList(0, read.hashes().size()));
    }
    for (int i = 0; i < description.length * 8; i++) {
      byte[] bad = description.clone();
      bad[i / 8] ^= (byte) (1 << i % 8);
      MemoryStore store = new MemoryStore();
      store.write(Recording.DESCRIPTION, bad);
      store.write(Recording.LOG, log);
      assertThatThrownBy(() -> Recording.read(store)).isInstanceOf(RecordingException.class);
    }
  }

  private static byte[] truncated(byte[] bytes, Random random) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  @Test
  void aRecordingThatWasCutOffIsReplayedAsFarAsItGoes() throws IOException {
    MemoryStore store = new MemoryStore();
    record(1, store, new StringBuilder());
    byte[] log = store.read(Recording.LOG);
    store.write(Recording.LOG, Arrays.copyOf(log, log.length - 40));
    Recording recording = Recording.read(store);
    assertThat(recording.seal()).isEmpty();
    try (Machine machine = fresh(1, FULL_TLB)) {
      Replay replay = new Replay(machine, recording);
      assertThat(replay.run()).isEqualTo(Outcome.LIMIT);
      assertThat(replay.isAtEnd()).isTrue();
      assertThat(replay.agreed()).isEqualTo(recording.hashes().getLast().tick());
    }
  }

  @Test
  void aDirectoryIsReadableByItsOwnerOnly(@TempDir Path parent) throws IOException {
    Path directory = parent.resolve("recording");
    Recording recording = record(1, DirectoryStore.create(directory), new StringBuilder());
    assertThat(recording.seal()).isPresent();
    assertThat(Recording.read(DirectoryStore.open(directory)).inputs())
        .isEqualTo(recording.inputs());
    assertThat(Files.readString(directory.resolve("description"))).contains("cpu-model = v2\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    for (String name : List.of("description", "log")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
          .isEqualTo("rw-------");
    }
    assertThatThrownBy(() -> DirectoryStore.create(directory))
        .isInstanceOf(RecordingException.class);
    assertThatThrownBy(() -> DirectoryStore.open(parent.resolve("nothing")))
        .isInstanceOf(RecordingException.class);
  }
}
