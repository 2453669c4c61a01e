package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings of a PC that counts down and then resets itself, over and over. */
class ResetReplayTest {
  private static final long LATE = 1_000_000;
  private static final int ROM = 4096;
  private static final int RESET = 0xFF0;

  /** MOV CX, 5000; LOOP to itself; MOV DX, CF9h; MOV AL, 6; OUT DX, AL; JMP to itself. */
  private static final byte[] CODE = HexFormat.of().parseHex("b98813e2febaf90cb006eeebfe");

  private static Machine machine(int vcpus) {
    byte[] rom = new byte[ROM];
    System.arraycopy(CODE, 0, rom, RESET, CODE.length);
    return Machine.builder()
        .vcpus(vcpus)
        .memoryBytes(1 << 20)
        .image(Image.rom("reset", 0xFFFF_F000L, rom))
        .chipset(new PcChipset())
        .engine(new InterpreterFactory())
        .world(World.EMPTY)
        .build();
  }

  /**
   * A recording of some runs, each up to a reset; then it is {@code again} run to the same tick.
   */
  private static Recording record(int vcpus, int resets, boolean again) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine(vcpus);
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      for (int i = 0; i < resets; i++) {
        assertThat(recorder.run(LATE)).isEqualTo(Outcome.RESET);
      }
      if (again) {
        assertThat(recorder.run(machine.now())).isEqualTo(Outcome.LIMIT);
      }
    }
    Recording recording = Recording.read(store);
    assertThat(recording.damage()).isEmpty();
    return recording;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRunThatEndsWithAResetIsReplayed(int vcpus) throws IOException {
    for (int resets = 1; resets <= 3; resets++) {
      Recording recording = record(vcpus, resets, false);
      try (Machine machine = machine(vcpus)) {
        Replay replay = new Replay(machine, recording);
        assertThat(replay.run()).isEqualTo(Outcome.RESET);
        assertThat(replay.isAtEnd()).isTrue();
        assertThat(replay.agreed()).isEqualTo(recording.lastTick()).isGreaterThan(5000L * resets);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRunThatWasEndedAtTheTickOfAResetIsReplayed(int vcpus) throws IOException {
    Recording recording = record(vcpus, 2, true);
    try (Machine machine = machine(vcpus)) {
      Replay replay = new Replay(machine, recording);
      assertThat(replay.run()).isEqualTo(Outcome.LIMIT);
      assertThat(replay.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aResetIsNoEndWhereverTheReplayPauses(int vcpus) throws IOException {
    Recording recording = record(vcpus, 2, false);
    for (long pause = 1; pause < recording.lastTick(); pause += 499) {
      try (Machine machine = machine(vcpus)) {
        Replay replay = new Replay(machine, recording);
        assertThat(replay.run(pause)).isEqualTo(Outcome.LIMIT);
        assertThat(replay.run()).isEqualTo(Outcome.RESET);
        assertThat(replay.isAtEnd()).isTrue();
      }
    }
  }
}
