package dev.hindsight.timeline;

import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.storage.AbsentBlockException;
import dev.hindsight.storage.BlockWitness;
import dev.hindsight.storage.StorageException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Runs a machine from a recording and compares its state with every hash that was recorded, and the
 * blocks that it reads from disk images with their recorded digests.
 *
 * <p>The first difference ends it with a {@link ReplayDifference}. An image that is not what it
 * was, or cannot be read, is no difference of the machine's: it ends the replay with a {@link
 * RecordingException}.
 */
public final class Replay {
  private final Machine machine;
  private final Recording recording;
  private final ReplayWorld world;
  private int nextHash;
  private long agreed;
  private boolean ended;

  /**
   * A replay at its beginning.
   *
   * @param machine a machine at power-on, built after the recording's description
   * @throws RecordingException if the machine is not the recorded one
   * @throws ReplayDifference if this release does not behave as the one that recorded
   */
  public Replay(Machine machine, Recording recording) throws RecordingException {
    this.machine = machine;
    this.recording = recording;
    check(machine, recording);
    world = new ReplayWorld(recording);
    machine.connect(world);
    machine.witness(this::checkBlock);
  }

  /**
   * Makes sure that a machine can replay a recording.
   *
   * @throws RecordingException if the machine is not the recorded one
   * @throws ReplayDifference if this release does not behave as the one that recorded
   */
  static void check(Machine machine, Recording recording) throws RecordingException {
    MachineDescription recorded = recording.description();
    if (recorded.behaviourVersion() != MachineDescription.BEHAVIOUR_VERSION) {
      throw new ReplayDifference(
          "The recording was made by a release with behaviour version %d; this one has version %d."
              .formatted(recorded.behaviourVersion(), MachineDescription.BEHAVIOUR_VERSION),
          0,
          List.of());
    }
    checkMachine(machine, recorded);
    checkInputs(machine, recording);
    checkInterventions(machine, recording);
  }

  private static void checkMachine(Machine machine, MachineDescription recorded)
      throws RecordingException {
    List<ImageDescription> present = machine.description().images();
    for (ImageDescription image : recorded.images()) {
      if (!present.contains(image)) {
        throw new RecordingException(
            "The "
                + image.name()
                + " is not the one that was recorded: "
                + image.bytes()
                + " bytes with the SHA-256 digest "
                + image.sha256()
                + ".");
      }
    }
    if (!machine.description().equals(recorded)) {
      throw new RecordingException("The machine is not the one that was recorded.");
    }
  }

  private static void checkInputs(Machine machine, Recording recording) throws RecordingException {
    Set<String> receivers = new TreeSet<>();
    for (Device<?> device : machine.devices()) {
      if (device instanceof InputReceiver) {
        receivers.add(device.name());
      }
    }
    for (TimedInput timed : recording.inputs()) {
      if (timed.input() instanceof Input.SerialByte input && !receivers.contains(input.device())) {
        throw new RecordingException(
            "The recording has inputs for a device that the machine does not have: "
                + input.device()
                + ".");
      }
    }
  }

  private static void checkInterventions(Machine machine, Recording recording)
      throws RecordingException {
    for (Intervention intervention : recording.interventions()) {
      try {
        intervention.edits().forEach(e -> e.check(machine));
      } catch (IllegalArgumentException e) {
        throw new RecordingException(
            "The recording has changes that cannot be made: " + e.getMessage());
      }
    }
  }

  private void checkBlock(int disk, long block, long digest) {
    OptionalLong recorded = recording.blocks().get(disk).digest(block);
    if (recorded.isEmpty()) {
      throw new ReplayDifference(
          "The replay reads block %d of %s, which the recorded run did not; they agreed at tick %d."
              .formatted(block, machine.description().disks().get(disk).name(), agreed),
          machine.now(),
          List.of());
    }
    if (recorded.getAsLong() != digest) {
      throw changedImage(recording, disk, block);
    }
  }

  /** What is thrown if a block of an image is not what it was. */
  static StorageException changedImage(Recording recording, int disk, long block) {
    List<Sources.Disk> sources = recording.sources().disks();
    String image =
        disk < sources.size()
            ? sources.get(disk).path()
            : "of " + recording.description().disks().get(disk).name();
    return new StorageException(
        "The disk image %s is not what it was when it was recorded: its block %d has changed."
            .formatted(image, block));
  }

  /** The last tick at which the states were compared, and were equal. */
  public long agreed() {
    return agreed;
  }

  /** Whether the end of the recording is reached. */
  public boolean isAtEnd() {
    return ended;
  }

  /**
   * Replays up to a tick, or to the end of the recording.
   *
   * @return why it returned: {@link Outcome#LIMIT}, or at the end how the recorded run ended
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  public Outcome run(long until) throws RecordingException {
    return slice(until, Long.MAX_VALUE);
  }

  /**
   * Replays up to a tick, but returns at the latest when the vCPUs have executed so many steps in
   * all, as {@link Machine#slice} does.
   *
   * @return why it returned: {@link Outcome#LIMIT}, or at the end how the recorded run ended
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  public Outcome slice(long until, long steps) throws RecordingException {
    return observe(until, steps, Stops.NONE, StopObserver.FIRST, false);
  }

  /**
   * Replays as {@link #slice} does, and looks for something on the way.
   *
   * @param inclusive whether an instruction to stop before that is next now counts
   * @return also {@link Outcome#STOP}; the machine's {@link Machine#hits} then tell why
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  Outcome observe(long until, long steps, Stops stops, StopObserver observer, boolean inclusive)
      throws RecordingException {
    Search search = new Search(stops, observer, inclusive ? -1 : machine.steps());
    try {
      return replay(
          until,
          steps > Long.MAX_VALUE - machine.steps() ? Long.MAX_VALUE : machine.steps() + steps,
          search);
    } catch (AbsentBlockException e) {
      throw new ReplayDifference(Objects.requireNonNull(e.getMessage()), machine.now(), List.of());
    } catch (StorageException e) {
      throw new RecordingException(Objects.requireNonNull(e.getMessage()));
    }
  }

  /** Replays to the end of the recording. */
  public Outcome run() throws RecordingException {
    return run(recording.lastTick());
  }

  /**
   * Has the machine go on by itself for a while, in an empty world, and comes back to this instant.
   * What it reads from disk images meanwhile is not compared with the recording.
   */
  void aside(Consumer<Machine> detour) {
    try (Checkpoint present = save()) {
      machine.connect(World.EMPTY);
      machine.witness(BlockWitness.NONE);
      try {
        detour.accept(machine);
      } finally {
        machine.connect(world);
        machine.witness(this::checkBlock);
        load(present);
      }
    }
  }

  /** What it takes to come back to this instant; to be closed. */
  public Checkpoint save() {
    return new Checkpoint(Moment.of(machine), machine.save(), world.position());
  }

  /** Comes back to an instant of this recording. */
  public void load(Checkpoint checkpoint) {
    machine.load(checkpoint.state());
    comesTo(checkpoint);
  }

  /** The machine has become what it was at an instant of this recording. */
  void comesTo(Checkpoint checkpoint) {
    world.position(checkpoint.inputs());
    nextHash = 0;
    while (nextHash < recording.hashes().size()
        && recording.hashes().get(nextHash).tick() <= machine.now()) {
      nextHash++;
    }
    agreed = nextHash == 0 ? 0 : recording.hashes().get(nextHash - 1).tick();
    ended = false;
  }

  /**
   * Goes on towards an instant that is not before the present, and looks for something on the way;
   * an instruction that is next now counts.
   *
   * @param most steps after which it returns at the latest
   * @param observer what it answers must be false
   * @return whether it has come there
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  boolean passes(Moment to, long most, Stops stops, StopObserver observer)
      throws RecordingException {
    if (machine.now() < to.tick()) {
      observe(to.tick(), most, stops, observer, true);
      if (machine.now() < to.tick()) {
        return ended;
      }
    }
    if (to.begun()) {
      long left = Math.max(0, to.steps() - machine.steps());
      observe(Long.MAX_VALUE, Math.min(left, most), stops, observer, true);
      return left <= most || ended;
    }
    return true;
  }

  /**
   * What is looked for in a replay that is made of several runs.
   *
   * @param exempt number of steps at which no instruction counts, or -1
   */
  private record Search(Stops stops, StopObserver observer, long exempt) {}

  private Outcome replay(long until, long steps, Search search) {
    while (nextHash < recording.hashes().size()
        && recording.hashes().get(nextHash).tick() <= until) {
      PeriodicHash expected = recording.hashes().get(nextHash);
      Outcome outcome = advance(expected.tick(), steps, search);
      if (isEarly(outcome, expected.tick())) {
        return outcome;
      }
      compare(expected);
      nextHash++;
    }
    if (recording.seal().isEmpty()) {
      return withoutSeal(Math.min(until, recording.lastTick()), steps, search);
    }
    Seal seal = recording.seal().get();
    if (until < seal.digest().tick()) {
      Outcome outcome = advance(until, steps, search);
      // with several vCPUs the end may be the first boundary that is not before the tick
      if (!outcome.isFinal() || machine.now() < seal.digest().tick()) {
        return unexpectedEnd(outcome, until);
      }
    }
    return end(seal, steps, search);
  }

  /**
   * Runs the machine; a reset within the recorded run is not the end of it.
   *
   * @param steps number of steps since power-on at which it returns at the latest
   */
  private Outcome advance(long until, long steps, Search search) {
    Outcome outcome;
    do {
      outcome =
          world.drive(
              machine,
              until,
              steps,
              (tick, more) ->
                  machine.observe(
                      tick, more, search.stops, search.observer, machine.steps() != search.exempt));
    } while (outcome == Outcome.RESET && machine.now() < until);
    return outcome;
  }

  /** Whether a run stopped, or came to its limit of steps, before it came to a tick. */
  private boolean isEarly(Outcome outcome, long until) {
    return outcome == Outcome.STOP
        || outcome == Outcome.LIMIT && (machine.now() < until || !machine.isAtBoundary());
  }

  private Outcome withoutSeal(long until, long steps, Search search) {
    Outcome outcome = advance(until, steps, search);
    if (outcome == Outcome.STOP) {
      return outcome;
    }
    ended = machine.now() >= recording.lastTick() && machine.isAtBoundary();
    return ended ? outcome : unexpectedEnd(outcome, until);
  }

  /** The recorded run went on. */
  private Outcome unexpectedEnd(Outcome outcome, long until) {
    if (outcome.isFinal()) {
      throw new ReplayDifference(
          "The recorded run went on to tick %d at least, the replay ended at tick %d with %s; they agreed at tick %d."
              .formatted(until, machine.now(), outcome, agreed),
          machine.now(),
          List.of());
    }
    return outcome == Outcome.STOP ? outcome : Outcome.LIMIT;
  }

  private Outcome end(Seal seal, long steps, Search search) {
    if (ended) {
      return seal.outcome();
    }
    long last = seal.digest().tick();
    Outcome outcome = advance(seal.outcome().isFinal() ? last + 1 : last, steps, search);
    // an end after the last step comes only if there may be another step
    boolean isBeforeEnd =
        outcome == Outcome.LIMIT && seal.outcome().isFinal() && machine.steps() == steps;
    if (isBeforeEnd || isEarly(outcome, last)) {
      return outcome;
    }
    // a reset is said once, to whoever came to its tick first; that it is due is in the state
    boolean isFinal = outcome.isFinal() || seal.outcome().isFinal();
    if (isFinal && outcome != seal.outcome()) {
      throw new ReplayDifference(
          "The recorded run ended at tick %d with %s, the replay at tick %d with %s; they agreed at tick %d."
              .formatted(last, seal.outcome(), machine.now(), outcome, agreed),
          machine.now(),
          List.of());
    }
    compare(seal.digest());
    if (machine.steps() != seal.steps()) {
      throw new ReplayDifference(
          "The recorded run executed %d steps, the replay %d."
              .formatted(seal.steps(), machine.steps()),
          last,
          List.of());
    }
    ended = true;
    return seal.outcome();
  }

  private void compare(PeriodicHash expected) {
    checkTick(expected.tick());
    PeriodicHash actual = PeriodicHash.of(machine.digest());
    if (!actual.equals(expected)) {
      throw differ(actual.differingGroups(expected));
    }
    agreed = actual.tick();
  }

  private void compare(StateDigest expected) {
    checkTick(expected.tick());
    StateDigest actual = machine.digest();
    if (!actual.equals(expected)) {
      throw differ(actual.differingParts(expected));
    }
    agreed = actual.tick();
  }

  private void checkTick(long expected) {
    if (machine.now() != expected) {
      throw new ReplayDifference(
          "The recorded run stopped for a hash at tick %d, the replay at tick %d; they agreed at tick %d."
              .formatted(expected, machine.now(), agreed),
          machine.now(),
          List.of());
    }
  }

  private ReplayDifference differ(List<String> where) {
    return new ReplayDifference(
        "At tick %d the replay differs from the recording in %s; they agreed at tick %d."
            .formatted(machine.now(), String.join(", ", where), agreed),
        machine.now(),
        where);
  }
}
