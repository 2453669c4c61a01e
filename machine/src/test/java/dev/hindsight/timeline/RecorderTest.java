package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.ByteStore;
import dev.hindsight.storage.StorageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecorderTest {
  private static final long SECOND = ReaderMachine.SECOND;
  private static final byte[] DISK = bytes(1, 300 * 512);
  private static final byte[] OTHER = bytes(2, 9 << 16);

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static World script() {
    return new ScriptedWorld(
        List.of(
            new ScriptedWorld.Entry(1_234_567, key('a')),
            new ScriptedWorld.Entry(1_234_567, key('b')),
            new ScriptedWorld.Entry(SECOND, key('c')),
            // past the time of a hash, and cut short by a deadline of the chip at 2.1 s
            new ScriptedWorld.Entry(SECOND * 3 / 2, new Input.ClockAdvance(SECOND)),
            new ScriptedWorld.Entry(3 * SECOND, key('d')),
            new ScriptedWorld.Entry(3 * SECOND + 1, new Input.Reset()),
            new ScriptedWorld.Entry(3 * SECOND + 5, new Input.ClockAdvance(7)),
            new ScriptedWorld.Entry(4 * SECOND - 5, new Input.ClockAdvance(7)),
            new ScriptedWorld.Entry(4 * SECOND, key('e')),
            new ScriptedWorld.Entry(5 * SECOND, new Input.PowerOff())));
  }

  private static Input key(char c) {
    return new Input.SerialByte(ReaderMachine.READER, c);
  }

  private static Machine machine(int vcpus, BlockStore first) {
    return ReaderMachine.machine(World.EMPTY, vcpus, first, new ByteStore(OTHER));
  }

  private static Machine machine(int vcpus) {
    return machine(vcpus, new ByteStore(DISK));
  }

  private static Recording record(int vcpus, RecordingStore store) throws IOException {
    try (Machine machine = machine(vcpus);
        Recorder recorder = new Recorder(machine, script(), store)) {
      recorder.run(3 * SECOND);
      assertThat(recorder.run(100 * SECOND)).isEqualTo(Outcome.POWERED_OFF);
    }
    return Recording.read(store);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void hashesPrecedeTheInputsOfTheirTick(int vcpus) throws IOException {
    Recording recording = record(vcpus, new MemoryStore());
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.inputs()).hasSize(10);
    assertThat(recording.hashes())
        .extracting(PeriodicHash::tick)
        .containsExactly(SECOND, 2_100_000_000L, 3 * SECOND, 4 * SECOND + 2, 5 * SECOND);
    try (Machine machine = machine(vcpus)) {
      Replay replay = new Replay(machine, recording);
      replay.run(SECOND - 1);
      assertThat(replay.run()).isEqualTo(Outcome.POWERED_OFF);
      assertThat(replay.agreed()).isEqualTo(5 * SECOND);
    }
    RecordingInfo info = RecordingInfo.of(recording);
    assertThat(info.seconds()).isEqualTo(5);
    assertThat(info.inputs().toString())
        .isEqualTo("{ClockAdvance=3, PowerOff=1, Reset=1, SerialByte=5}");
    assertThat(info.disks())
        .containsExactly(
            new RecordingInfo.DiskReads("disk0", 2, 3), new RecordingInfo.DiskReads("disk1", 5, 9));
    assertThat(info.instructions()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whereverItIsCutItReplaysUpToTheLastSecond(int vcpus) throws IOException {
    MemoryStore store = new MemoryStore();
    record(vcpus, store);
    byte[] log = store.read(Recording.LOG);
    for (int length = 0; length < log.length; length += 1 + length % 3) {
      store.write(Recording.LOG, Arrays.copyOf(log, length));
      Recording cut = Recording.read(store);
      assertThat(RecordingInfo.of(cut).isSealed()).isFalse();
      try (Machine machine = machine(vcpus)) {
        Replay replay = new Replay(machine, cut);
        replay.run();
        assertThat(replay.isAtEnd()).isTrue();
        assertThat(replay.agreed())
            .isEqualTo(cut.hashes().isEmpty() ? 0 : cut.hashes().getLast().tick());
      }
    }
  }

  /** Keeps what it is given until it is full, then a part of it. */
  private static final class FullStore implements RecordingStore {
    final MemoryStore kept = new MemoryStore();
    private int room;

    FullStore(int room) {
      this.room = room;
    }

    @Override
    public void write(String name, byte[] content) {
      kept.write(name, content);
    }

    @Override
    public Appender append(String name) {
      Appender file = kept.append(name);
      return new Appender() {
        @Override
        public void append(byte[] bytes) throws IOException {
          int fits = Math.min(room, bytes.length);
          file.append(Arrays.copyOf(bytes, fits));
          room -= fits;
          if (fits < bytes.length) {
            throw new RecordingException("The disk is full.");
          }
        }

        @Override
        public void close() throws IOException {
          throw new RecordingException("It cannot be closed either.");
        }
      };
    }

    @Override
    public byte[] read(String name) throws IOException {
      return kept.read(name);
    }
  }

  @Test
  void aFullDiskStopsTheMachineAndSaysSoOnce() throws IOException {
    MemoryStore whole = new MemoryStore();
    Recording complete = record(1, whole);
    int length = whole.read(Recording.LOG).length;
    for (int room = 30; room < length; room += 7) {
      FullStore store = new FullStore(room);
      assertThatThrownBy(
              () -> {
                try (Machine machine = machine(1);
                    Recorder recorder = new Recorder(machine, script(), store)) {
                  try {
                    recorder.run(100 * SECOND);
                  } catch (IOException e) {
                    assertThatThrownBy(() -> recorder.run(100 * SECOND)).isSameAs(e);
                    throw e;
                  }
                }
              })
          .isInstanceOf(RecordingException.class)
          .hasMessage("The disk is full.");
      Recording read = Recording.read(store);
      assertThat(read.inputs()).isEqualTo(complete.inputs().subList(0, read.inputs().size()));
      assertThat(read.hashes()).isEqualTo(complete.hashes().subList(0, read.hashes().size()));
    }
  }

  @Test
  void aChangedOrUnreadableImageIsNoDifferenceOfTheMachine() throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine(1);
        Recorder recorder =
            new Recorder(
                machine,
                script(),
                store,
                new Sources(
                    new Sources.Boot.None(),
                    List.of(new Sources.Disk("/img/a", Sources.Disk.Form.RAW))))) {
      recorder.run(4 * SECOND);
    }
    Recording recording = Recording.read(store);
    byte[] changed = DISK.clone();
    changed[66_000]++;
    try (Machine machine = machine(1, new ByteStore(changed))) {
      Replay replay = new Replay(machine, recording);
      assertThatThrownBy(replay::run)
          .isInstanceOf(RecordingException.class)
          .hasMessage(
              "The disk image /img/a is not what it was when it was recorded: its block 1 has"
                  + " changed.");
    }
    BlockStore broken =
        new BlockStore() {
          @Override
          public long bytes() {
            return DISK.length;
          }

          @Override
          public void read(long position, byte[] into, int offset, int length) {
            throw new StorageException("The disk image /img/a cannot be read.");
          }
        };
    try (Machine machine = machine(1, broken)) {
      Replay replay = new Replay(machine, recording);
      assertThatThrownBy(replay::run)
          .isInstanceOf(RecordingException.class)
          .hasMessage("The disk image /img/a cannot be read.");
    }
  }

  @Test
  void anExceptionLeavesTheRecordingWithoutSeal() throws IOException {
    MemoryStore store = new MemoryStore();
    BlockStore failing =
        new BlockStore() {
          private int reads;

          @Override
          public long bytes() {
            return DISK.length;
          }

          @Override
          public void read(long position, byte[] into, int offset, int length) {
            if (++reads > 4) {
              throw new StorageException("The image is gone.");
            }
            System.arraycopy(DISK, (int) position, into, offset, length);
          }
        };
    try (Machine machine = machine(1, failing);
        Recorder recorder = new Recorder(machine, script(), store)) {
      assertThatThrownBy(() -> recorder.run(9 * SECOND)).isInstanceOf(StorageException.class);
    }
    Recording recording = Recording.read(store);
    assertThat(recording.seal()).isEmpty();
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.hashes()).isNotEmpty();
    try (Machine machine = machine(1)) {
      new Replay(machine, recording).run();
    }
  }

  @Test
  void differencesAreSaidByGroup() throws IOException {
    Recording recording = record(2, new MemoryStore());
    for (String group : List.of(PeriodicHash.PROCESSORS, PeriodicHash.MEMORY_AND_DISKS)) {
      try (Machine machine = machine(2)) {
        Replay replay = new Replay(machine, recording);
        replay.run(SECOND + 5);
        if (group.equals(PeriodicHash.PROCESSORS)) {
          machine.vcpus().get(1).general().set64(3, 0x1234);
        } else {
          machine.memory().write(0x9_0000, 1, 1);
        }
        assertThatThrownBy(replay::run)
            .isInstanceOf(ReplayDifference.class)
            .hasMessage(
                "At tick 2100000000 the replay differs from the recording in "
                    + group
                    + "; they agreed at tick 1000000000.");
      }
    }
  }

  @Test
  void aRunThatIsLeftIdleEndsWhereItWasLeft() throws IOException {
    MemoryStore store = new MemoryStore();
    World leaves =
        new World() {
          private boolean over;

          @Override
          public long nextInput() {
            return NEVER;
          }

          @Override
          public @Nullable Input poll(long now) {
            over = now >= 333;
            return null;
          }

          @Override
          public long idle(long now, long limit) {
            return Math.min(limit, now + 111);
          }

          @Override
          public boolean isOver() {
            return over;
          }
        };
    try (Machine machine = ReaderMachine.quiet();
        Recorder recorder = new Recorder(machine, leaves, store)) {
      assertThat(recorder.run(SECOND)).isEqualTo(Outcome.IDLE);
    }
    try (Machine machine = ReaderMachine.quiet()) {
      assertThat(new Replay(machine, Recording.read(store)).run()).isEqualTo(Outcome.IDLE);
    }
  }
}
