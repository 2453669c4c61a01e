package dev.hindsight.bench.determinism;

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
import dev.hindsight.timeline.MachineFactory;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.ReplayDifference;
import dev.hindsight.timeline.ScheduleTorture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the built-in guest under random schedules (TLB size, slices, save and restore) and compares
 * the final state of each with that of the recorded run. Arguments: number of schedules (1,000),
 * number of vCPUs (2), first seed (0).
 */
public final class RandomSchedules {
  private static final long BETWEEN_KEYS = 1_700_001;
  private static final long LONGEST = 10_000_000_000L;

  private RandomSchedules() {}

  /** Runs it; the exit code tells whether all agreed. */
  public static void main(String[] arguments) throws IOException {
    int schedules = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int vcpus = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
    long first = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
    MachineBuilder builder =
        BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
            .engine(new InterpreterFactory());
    MachineFactory factory =
        (world, outputs, tlb) -> builder.world(world).outputs(outputs).tlbCapacity(tlb).build();
    Recording recording = record(factory);
    StateDigest expected = recording.seal().orElseThrow().digest();
    System.out.println("recorded: " + expected);
    ScheduleTorture torture = new ScheduleTorture(recording, factory);
    int differing = 0;
    long slices = 0;
    long restores = 0;
    for (long seed = first; seed < first + schedules; seed++) {
      ScheduleTorture.Settings settings = ScheduleTorture.Settings.random(seed);
      try {
        ScheduleTorture.Result result = torture.run(settings);
        slices += result.slices();
        restores += result.restores();
        if (!result.digest().equals(expected)) {
          differing++;
          System.out.println(settings + ": differs in " + result.digest().differingParts(expected));
        }
      } catch (ReplayDifference e) {
        differing++;
        System.out.println(settings + ": " + e.getMessage());
      }
    }
    System.out.printf(
        "%d schedules with %d slices and %d restores: %d differ%n",
        schedules, slices, restores, differing);
    System.exit(differing == 0 ? 0 : 1);
  }

  private static Recording record(MachineFactory factory) throws IOException {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (char c : "help\rtasks\rwait\r".toCharArray()) {
      script.add(
          new ScriptedWorld.Entry(
              BETWEEN_KEYS * (script.size() + 1), new Input.SerialByte(PcChipset.SERIAL, c)));
    }
    MemoryStore store = new MemoryStore();
    try (Machine machine = factory.create(World.EMPTY, OutputListener.NONE, Integer.MAX_VALUE);
        Recorder recorder = new Recorder(machine, new ScriptedWorld(script), store)) {
      Outcome outcome = recorder.run(LONGEST);
      if (outcome != Outcome.POWERED_OFF) {
        throw new IllegalStateException("the guest did not end by itself but with " + outcome);
      }
    }
    return Recording.read(store);
  }
}
