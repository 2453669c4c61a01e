package dev.hindsight.bench.determinism;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.BranchTorture;
import dev.hindsight.timeline.MachineFactory;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.ReplayDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes to and fro in a recording of the built-in guest, goes live at random instants, changes what
 * lives there and gives it up, and looks whether the recording is still what it was, whether each
 * branch is what its recording says, and whether pages of memory are left. Arguments: number of
 * sequences (1,000), number of vCPUs (2), first seed (0), actions in a sequence (12).
 */
public final class RandomBranches {
  private static final long BETWEEN_KEYS = 1_700_001;
  private static final long LONGEST = 10_000_000_000L;

  private RandomBranches() {}

  /** Runs it; the exit code tells whether all was as it ought to be. */
  public static void main(String[] arguments) throws IOException {
    int sequences = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int vcpus = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
    long first = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
    int actions = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 12;
    MachineBuilder builder =
        BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, vcpus)
            .engine(new InterpreterFactory());
    MachineFactory factory =
        (world, outputs, tlb) -> builder.world(world).outputs(outputs).tlbCapacity(tlb).build();
    BranchTorture torture = new BranchTorture(record(factory), factory);
    BranchTorture.Result all = new BranchTorture.Result(0, 0, 0, 0);
    int bad = 0;
    for (long seed = first; seed < first + sequences; seed++) {
      try {
        all = all.plus(torture.run(seed, actions));
      } catch (IllegalStateException | ReplayDifference | IOException e) {
        bad++;
        System.out.println("seed " + seed + ": " + e.getMessage());
      }
    }
    System.out.printf(
        "%d sequences with %d seeks, %d branches, %d changes and %d replays of branches: %d bad%n",
        sequences, all.seeks(), all.branches(), all.changes(), all.replays(), bad);
    System.exit(bad == 0 ? 0 : 1);
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
