package dev.hindsight.gdb;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.util.List;

/** A recording of the built-in guest, which two or more can look at independently. */
final class BuiltinRecording {
  private static final long INTERVAL = 200_000;
  private static final long BUDGET = 1 << 30;

  private final CpuModel model;
  private final int vcpus;
  private final Recording recording;

  BuiltinRecording(CpuModel model, int vcpus) throws IOException {
    this.model = model;
    this.vcpus = vcpus;
    MemoryStore store = new MemoryStore();
    ScriptedWorld typed =
        new ScriptedWorld(
            List.of(
                new ScriptedWorld.Entry(9_000_001, new Input.SerialByte(PcChipset.SERIAL, 13))));
    try (Machine machine = machine();
        Recorder recorder = new Recorder(machine, typed, store)) {
      recorder.run(40_000_000);
    }
    recording = Recording.read(store);
  }

  static BuiltinRecording of(int vcpus) throws IOException {
    return new BuiltinRecording(CpuModels.V3, vcpus);
  }

  Machine machine() {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), model, vcpus)
        .engine(new InterpreterFactory())
        .build();
  }

  Recording recording() {
    return recording;
  }

  Timeline timeline() throws IOException {
    return new Timeline(machine(), recording, INTERVAL, BUDGET);
  }
}
