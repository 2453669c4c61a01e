package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs are small. */
class LogSizeTest {
  private static World typing(int keys, long between) {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (int i = 1; i <= keys; i++) {
      script.add(
          new ScriptedWorld.Entry(
              between * i + i * 31L, new Input.SerialByte(ReaderMachine.READER, 'a' + i % 26)));
    }
    return new ScriptedWorld(script);
  }

  private static Recording record(int vcpus, World world, long seconds) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = ReaderMachine.machine(World.EMPTY, vcpus);
        Recorder recorder = new Recorder(machine, world, store)) {
      assertThat(recorder.run(seconds * ReaderMachine.SECOND)).isEqualTo(Outcome.LIMIT);
    }
    Recording recording = Recording.read(store);
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.hashes()).hasSize((int) seconds);
    assertThat(recording.seal().orElseThrow().digest().parts()).hasSize(32 + vcpus);
    return recording;
  }

  @Test
  void threeSecondsWithoutInputs() throws IOException {
    assertThat(record(4, World.EMPTY, 3).logBytes()).isLessThan(1024);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anIdleHourWithSomeHundredInputs(int vcpus) throws IOException {
    Recording recording = record(vcpus, typing(500, 7 * ReaderMachine.SECOND), 3600);
    assertThat(recording.inputs()).hasSize(500);
    assertThat(recording.logBytes()).isLessThan(65_536);
    try (Machine machine = ReaderMachine.machine(World.EMPTY, vcpus)) {
      assertThat(new Replay(machine, recording).run()).isEqualTo(Outcome.LIMIT);
    }
  }

  @Test
  void pastedText() throws IOException {
    long none = record(1, World.EMPTY, 1).logBytes();
    long some = record(1, typing(100, 1_000_000), 1).logBytes();
    // while it is halted each is written at once
    assertThat(some - none).isLessThan(100 * 11 + 20);
    assertThat(inputs(10, 90_000)).isLessThanOrEqualTo(10 * 5);
    assertThat(inputs(10, 2_000_000)).isLessThanOrEqualTo(10 * 6);
  }

  /** Bytes of inputs but for the first, which has the name. */
  private static int inputs(int count, long between) {
    TickFormat ticks = new TickFormat(1);
    InputFormat format = new InputFormat();
    CompactWriter out = new CompactWriter();
    int first = 0;
    for (int i = 0; i <= count; i++) {
      ticks.write(1_000_000_000 + i * between, out);
      format.write(new Input.SerialByte("serial", i), out);
      first = i == 0 ? out.size() : first;
    }
    return out.size() - first;
  }

  @Test
  void lateHashes() {
    TickFormat ticks = new TickFormat(1_000_000_000);
    CompactWriter out = new CompactWriter();
    List<Long> all = new ArrayList<>();
    for (long i = 1; i < 60; i++) {
      all.add(i * 1_000_000_000 + i * 160);
      ticks.writeHash(all.getLast(), out);
    }
    all.add(77_500_000_123L);
    ticks.writeHash(all.getLast(), out);
    assertThat(out.size()).isLessThanOrEqualTo(59 * 2 + 5);
    TickFormat back = new TickFormat(1_000_000_000);
    CompactReader in = new CompactReader(out.toBytes());
    all.forEach(tick -> assertThat(back.readHash(in)).isEqualTo(tick));
    in.end();
  }
}
