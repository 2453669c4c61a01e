package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.EngineFactory;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in guest: paging, user mode and all chips, under schedules that must not matter. */
class BuiltinGuestRecordingTest {
  private static final EngineFactory ENGINES = new InterpreterFactory();
  private static final long BETWEEN_KEYS = 1_700_001;
  private static final int FULL_TLB = Integer.MAX_VALUE;

  private static World typing(String text) {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (char c : text.toCharArray()) {
      script.add(
          new ScriptedWorld.Entry(
              BETWEEN_KEYS * (script.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    return new ScriptedWorld(script);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void allSchedulesEndInTheSameState(int vcpus) throws IOException {
    MachineBuilder builder =
        BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus).engine(ENGINES);
    MachineFactory factory =
        (world, outputs, tlb) -> builder.world(world).outputs(outputs).tlbCapacity(tlb).build();
    MemoryStore store = new MemoryStore();
    StringBuilder sent = new StringBuilder();
    try (Machine machine =
            factory.create(
                World.EMPTY, (device, value, tick) -> sent.append((char) value), FULL_TLB);
        Recorder recorder =
            new Recorder(machine, typing("tasks\rwait\r"), store, Sources.NONE, 5_000_000)) {
      assertThat(recorder.run(1_000_000_000)).isEqualTo(Outcome.POWERED_OFF);
    }
    assertThat(sent.toString()).contains("console running", "ring agrees");
    Recording recording = Recording.read(store);
    try (Machine machine = factory.create(World.EMPTY, OutputListener.NONE, 1)) {
      assertThat(new Replay(machine, recording).run()).isEqualTo(Outcome.POWERED_OFF);
    }
    StateDigest last = recording.seal().orElseThrow().digest();
    ScheduleTorture torture = new ScheduleTorture(recording, factory);
    for (long seed = 0; seed < 4; seed++) {
      ScheduleTorture.Settings settings = ScheduleTorture.Settings.random(seed);
      assertThat(torture.run(settings).digest()).as(settings.toString()).isEqualTo(last);
    }
  }
}
