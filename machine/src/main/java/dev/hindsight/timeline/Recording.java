package dev.hindsight.timeline;

import dev.hindsight.board.MachineDescription;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A recording that was read.
 *
 * <p>If its log is damaged or ends early, everything before the damage is here, and {@link
 * #damage()} says what is wrong with the rest.
 */
public final class Recording {
  /** Name of the file with the description. */
  public static final String DESCRIPTION = "description";

  /** Name of the file with inputs and hashes. */
  public static final String LOG = "log";

  private final DescriptionFormat.Content description;
  private final LogReader log;
  private final long logBytes;

  private Recording(DescriptionFormat.Content description, LogReader log, long logBytes) {
    this.description = description;
    this.log = log;
    this.logBytes = logBytes;
  }

  /**
   * Reads a recording.
   *
   * @throws IOException if there is nothing in it that can be used; the message says why
   */
  public static Recording read(RecordingStore store) throws IOException {
    DescriptionFormat.Content description = DescriptionFormat.read(store.read(DESCRIPTION));
    byte[] bytes = store.read(LOG);
    LogReader log = new LogReader(description.machine().disks());
    log.read(bytes);
    return new Recording(description, log, bytes.length);
  }

  /** The machine. */
  public MachineDescription description() {
    return description.machine();
  }

  /** Where its contents came from. */
  public Sources sources() {
    return description.sources();
  }

  /**
   * A digest of the machine and of what had come into it, by which checkpoints are known to be of
   * this recording.
   *
   * @throws IndexOutOfBoundsException if so much has not come into it
   */
  public String pastDigest(ReplayWorld.Position position) {
    return Past.ofInputs(
            hashInterval(),
            inputs().subList(0, position.inputs()),
            interventions().subList(0, position.interventions()))
        .digest(description());
  }

  /** What it branched off from; empty if it began at power-on. */
  public Optional<Origin> origin() {
    return description.origin();
  }

  /** The file of the description as it would be if the contents came from elsewhere. */
  public byte[] descriptionWith(Sources sources) {
    return DescriptionFormat.write(description(), sources, origin());
  }

  /** What came from outside, in the order of time. */
  public List<TimedInput> inputs() {
    return log.inputs();
  }

  /** What somebody changed in the machine, in the order of time. */
  public List<Intervention> interventions() {
    return log.interventions();
  }

  /** Hashes of the state along the way, in the order of time. */
  public List<PeriodicHash> hashes() {
    return log.hashes();
  }

  /** Ticks between two hashes. */
  long hashInterval() {
    return log.hashInterval() == 0 ? description().ticksPerSecond() : log.hashInterval();
  }

  /** Blocks of disk images in the order in which they were read. */
  List<LogReader.FirstRead> reads() {
    return log.reads();
  }

  /** For each disk, the blocks of its image that were read. */
  public List<DiskBlocks> blocks() {
    return log.blocks();
  }

  /** How the run ended; empty if it was cut off, or if the end cannot be read. */
  public Optional<Seal> seal() {
    return Optional.ofNullable(log.seal());
  }

  /** What is wrong with the rest of the log, in one sentence; empty if nothing is. */
  public Optional<String> damage() {
    return Optional.ofNullable(log.damage());
  }

  /** Bytes of the log, be they damaged or not. */
  public long logBytes() {
    return logBytes;
  }

  /** The last tick that something is known of. */
  public long lastTick() {
    return log.lastTick();
  }
}
