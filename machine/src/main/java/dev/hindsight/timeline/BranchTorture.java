package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.memory.GuestRam;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Goes to and fro in a recording, goes live at random instants, changes what lives there, and gives
 * it up, in random order. Whatever happens to branches, the recording stays what it was at each of
 * its instants; each branch is what its own recording says; and when all is closed no page of
 * memory is left.
 *
 * <p>What is random here comes from a seed, so every run can be repeated.
 */
public final class BranchTorture {
  private static final int INSTANTS = 40;
  private static final int INTERVALS = 25;
  private static final long BUDGET = 1L << 30;
  private static final int DEEPEST = 2;
  private static final int ACTIONS = 5;
  private static final long LONGEST_RUN = 100_000;

  /** A machine that was changed may never execute anything any more. */
  private static final long LONGEST_SLEEP = 1_000_000;

  private static final int MOST_BYTES = 6000;

  private final Recording recording;
  private final MachineFactory factory;
  private final List<Instant> instants = new ArrayList<>();

  /** A state of the recording, by a tick or by a number of steps. */
  private record Instant(boolean isTick, long at, StateDigest digest) {
    Outcome seek(Timeline timeline) throws IOException {
      return isTick ? timeline.seek(at) : timeline.seekStep(at);
    }
  }

  /**
   * What was done in a sequence.
   *
   * @param seeks how often the timeline went to an instant
   * @param branches how often somebody went live
   * @param changes how often a live machine was changed from outside
   * @param replays how many branches were replayed in machines of their own
   */
  public record Result(int seeks, int branches, int changes, int replays) {
    /** The sum of two. */
    public Result plus(Result other) {
      return new Result(
          seeks + other.seeks,
          branches + other.branches,
          changes + other.changes,
          replays + other.replays);
    }
  }

  /**
   * Tortures machines of a factory.
   *
   * @param recording a sealed recording, which is replayed straight to see what it is at some
   *     instants
   * @throws IOException if it cannot be replayed
   */
  public BranchTorture(Recording recording, MachineFactory factory) throws IOException {
    this.recording = recording;
    this.factory = factory;
    Seal seal =
        recording
            .seal()
            .orElseThrow(() -> new IllegalArgumentException("The recording has no end."));
    Dice dice = new Dice(seal.steps());
    try (Machine machine = machine()) {
      Replay replay = new Replay(machine, recording);
      long part = seal.steps() / INSTANTS;
      for (int i = 0; i < INSTANTS; i++) {
        Outcome _ = replay.slice(Long.MAX_VALUE, dice.length(part));
        instants.add(new Instant(false, machine.steps(), machine.digest()));
        long tick = machine.now() + 1;
        Outcome _ = replay.run(tick);
        instants.add(new Instant(true, tick, machine.digest()));
      }
    }
  }

  private Machine machine() {
    return factory.create(World.EMPTY, OutputListener.NONE, Integer.MAX_VALUE);
  }

  /**
   * A sequence.
   *
   * @param seed what is random comes from it
   * @param actions how many things are done
   * @throws IllegalStateException if anything is not as it ought to be; the message is a sentence
   * @throws IOException if a recording is not what it ought to be
   */
  public Result run(long seed, int actions) throws IOException {
    return new Sequence(new Dice(seed)).run(recording, instants, actions, 1);
  }

  /** A live machine, and where its recording is. */
  private record Live(Branch branch, MemoryStore store, long born) {}

  /** A sequence that is under way. */
  private final class Sequence {
    private final Dice dice;
    private int seeks;
    private int branches;
    private int changes;
    private int replays;

    Sequence(Dice dice) {
      this.dice = dice;
    }

    Result run(Recording parent, List<Instant> known, int actions, int depth) throws IOException {
      Machine machine = machine();
      GuestRam ram = machine.ram();
      long interval = Math.max(1, parent.seal().orElseThrow().steps() / INTERVALS);
      List<Live> open = new ArrayList<>();
      try (Timeline timeline = new Timeline(machine, parent, interval, BUDGET)) {
        seek(timeline, known);
        for (int i = 0; i < actions; i++) {
          act(timeline, known, open);
        }
        while (!open.isEmpty()) {
          giveUp(open);
        }
        seek(timeline, known);
        deeper(timeline, depth);
      } finally {
        for (Live live : open) {
          live.branch.close();
        }
      }
      require(ram.livePages() == 0, "There are " + ram.livePages() + " pages left.");
      return new Result(seeks, branches, changes, replays);
    }

    private void act(Timeline timeline, List<Instant> known, List<Live> open) throws IOException {
      switch (dice.below(ACTIONS)) {
        case 0 -> seek(timeline, known);
        case 1 -> {
          Live live = goLive(timeline);
          open.add(live);
          stir(live);
        }
        case 2 -> {
          long pages = timeline.machine().ram().livePages();
          Live live = goLive(timeline);
          stir(live);
          live.branch.close();
          require(
              timeline.machine().ram().livePages() == pages,
              "There were %d pages before a branch, and are %d after it."
                  .formatted(pages, timeline.machine().ram().livePages()));
        }
        case 3 -> {
          if (!open.isEmpty()) {
            stir(open.get(dice.below(open.size())));
          }
        }
        default -> {
          if (!open.isEmpty()) {
            giveUp(open);
          }
        }
      }
    }

    private void seek(Timeline timeline, List<Instant> known) throws IOException {
      seeks++;
      Instant instant = known.get(dice.below(known.size()));
      Outcome _ = instant.seek(timeline);
      StateDigest actual = timeline.machine().digest();
      require(
          actual.equals(instant.digest),
          "The recording is no more what it was at tick %d: it differs in %s."
              .formatted(actual.tick(), actual.differingParts(instant.digest)));
    }

    /** Goes live, where inputs come that came in the recording, at other times. */
    private Live goLive(Timeline timeline) throws IOException {
      branches++;
      long now = timeline.machine().now();
      List<ScriptedWorld.Entry> script = new ArrayList<>();
      List<TimedInput> inputs = timeline.recording().inputs();
      for (int i = dice.below(4); i > 0 && !inputs.isEmpty(); i--) {
        script.add(
            new ScriptedWorld.Entry(
                now + dice.length(LONGEST_RUN), inputs.get(dice.below(inputs.size())).input()));
      }
      script.sort(Comparator.comparingLong(ScriptedWorld.Entry::tick));
      MemoryStore store = new MemoryStore();
      Branch branch =
          Branch.of(
              timeline,
              "torture",
              new ScriptedWorld(script),
              OutputListener.NONE,
              store,
              Sources.NONE);
      return new Live(branch, store, now);
    }

    /** Has a live machine run, and changes it. */
    private void stir(Live live) throws IOException {
      Machine machine = live.branch.machine();
      Recorder recorder = live.branch.recorder();
      Outcome outcome = Outcome.LIMIT;
      for (int i = dice.below(4); i >= 0 && !outcome.isFinal(); i--) {
        outcome =
            dice.below(2) == 0
                ? recorder.run(machine.now() + dice.length(LONGEST_RUN))
                : recorder.slice(machine.now() + LONGEST_SLEEP, dice.length(LONGEST_RUN));
        if (outcome == Outcome.LIMIT && dice.below(2) == 0) {
          outcome = recorder.slice(Long.MAX_VALUE, 0);
          List<Edit> edits = edits(machine);
          if (outcome == Outcome.LIMIT && !edits.isEmpty()) {
            recorder.intervene(edits);
            changes++;
          }
        }
      }
    }

    private List<Edit> edits(Machine machine) {
      List<Edit> edits = new ArrayList<>();
      for (int i = dice.below(3); i >= 0; i--) {
        int cpu = dice.below(machine.vcpus().size());
        if (dice.below(4) == 0) {
          edits.add(new Edit.Register(cpu, VcpuRegister.general(dice.below(8)), dice.below(1000)));
        } else {
          byte[] bytes = new byte[(int) dice.length(MOST_BYTES)];
          Arrays.fill(bytes, (byte) dice.below(256));
          long address = dice.length(machine.ram().bytes());
          if (machine.memory().isRam(address, bytes.length)) {
            edits.add(new Edit.Memory(address, bytes));
          }
        }
      }
      return edits;
    }

    private void giveUp(List<Live> open) throws IOException {
      Live live = open.remove(dice.below(open.size()));
      live.branch.close();
    }

    /** A branch is replayed in a machine of its own, and has branches. */
    private void deeper(Timeline timeline, int depth) throws IOException {
      Live live = goLive(timeline);
      try (Branch _ = live.branch) {
        stir(live);
      }
      Recording read = Recording.read(live.store);
      replays++;
      List<Instant> known = new ArrayList<>();
      try (Machine machine = machine()) {
        Replay replay = new Replay(machine, read);
        long length = read.lastTick() - live.born;
        for (int i = 1; i < 4; i++) {
          long tick = live.born + length * i / 4;
          Outcome _ = replay.run(tick);
          known.add(new Instant(true, tick, machine.digest()));
        }
        Outcome _ = replay.run();
        require(replay.isAtEnd(), "The replay of a branch did not come to its end.");
      }
      if (depth < DEEPEST && dice.below(4) == 0) {
        Result _ = run(read, known, 4, depth + 1);
      }
    }

    private static void require(boolean condition, String otherwise) {
      if (!condition) {
        throw new IllegalStateException(otherwise);
      }
    }
  }
}
