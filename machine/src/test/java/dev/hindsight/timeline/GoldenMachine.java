package dev.hindsight.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine with the built-in guest of which a golden recording is kept.
 *
 * @param model name of the CPU model
 * @param vcpus number of vCPUs
 * @param chipset name of its chipset; recordings of older ones can still be replayed
 */
public record GoldenMachine(String model, int vcpus, String chipset) {
  /** All of them. */
  public static final List<GoldenMachine> ALL =
      List.of(
          new GoldenMachine("v2", 1, "pc-2"),
          new GoldenMachine("v2", 2, "pc-2"),
          new GoldenMachine("v3", 1, "pc-2"),
          new GoldenMachine("v3", 2, "pc-2"),
          new GoldenMachine("v3", 2, "pc-3"));

  /** Names of the files of a recording. */
  public static final List<String> FILES = List.of(Recording.DESCRIPTION, Recording.LOG);

  private static final long BETWEEN_KEYS = 700_001;
  private static final long BETWEEN_HASHES = 2_000_000;
  private static final long LONGEST = 1_000_000_000;

  /** Name of the directory of its recording. */
  public String directory() {
    return model + "-" + vcpus + (chipset.equals("pc-2") ? "" : "-" + chipset);
  }

  /** The machine at power-on. */
  public Machine machine() {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.byName(model), vcpus)
        .chipset(PcChipset.named(chipset).orElseThrow())
        .engine(new InterpreterFactory())
        .world(World.EMPTY)
        .outputs(OutputListener.NONE)
        .build();
  }

  /** Records it, from power-on to power-off. */
  public void record(RecordingStore store) throws IOException {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (char c : "tasks\rwait\r".toCharArray()) {
      script.add(
          new ScriptedWorld.Entry(
              BETWEEN_KEYS * (script.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    try (Machine machine = machine();
        Recorder recorder =
            new Recorder(machine, new ScriptedWorld(script), store, Sources.NONE, BETWEEN_HASHES)) {
      Outcome outcome = recorder.run(LONGEST);
      if (outcome != Outcome.POWERED_OFF) {
        throw new IllegalStateException("the guest did not end by itself but with " + outcome);
      }
    }
  }
}
