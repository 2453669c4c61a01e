package dev.hindsight.timeline;

import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateFormatException;
import dev.hindsight.bus.state.StateReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  static final String LOG = "log";

  private final MachineDescription description;
  private final List<TimedInput> inputs = new ArrayList<>();
  private final List<StateDigest> hashes = new ArrayList<>();
  private final InputFormat format = new InputFormat();
  private List<String> parts = List.of();
  private @Nullable Seal seal;
  private @Nullable String damage;

  private Recording(MachineDescription description) {
    this.description = description;
  }

  /**
   * Reads a recording.
   *
   * @throws IOException if there is nothing in it that can be used; the message says why
   */
  public static Recording read(RecordingStore store) throws IOException {
    Recording recording = new Recording(DescriptionFormat.read(store.read(DESCRIPTION)));
    recording.readLog(store.read(LOG));
    return recording;
  }

  private void readLog(byte[] bytes) {
    int title = LogWriter.TITLE.length;
    if (bytes.length < title || !Arrays.equals(bytes, 0, title, LogWriter.TITLE, 0, title)) {
      damage = "The log is damaged from byte 0 on: it does not begin as a log does.";
      return;
    }
    ChunkReader reader = new ChunkReader(bytes, title);
    int start = title;
    for (Chunk c = reader.next(); c != null; c = reader.next()) {
      try {
        take(c);
      } catch (StateFormatException e) {
        damage = "The log is damaged from byte " + start + " on: " + e.getMessage();
        return;
      }
      start = reader.position();
    }
    damage = reader.damage();
  }

  private void take(Chunk chunk) {
    StateReader in = new StateReader(chunk.content());
    if (seal != null) {
      throw new StateFormatException("there is something after the end.");
    }
    switch (chunk.type()) {
      case PART -> parts = names(in);
      case INPT -> inputs.addAll(readInputs(in));
      case HASH -> hashes.add(digest(in));
      case SEAL -> seal = readSeal(in);
    }
    in.end();
  }

  private static List<String> names(StateReader in) {
    List<String> names = new ArrayList<>();
    while (in.remaining() > 0) {
      names.add(in.getString());
    }
    return names;
  }

  private List<TimedInput> readInputs(StateReader in) {
    List<TimedInput> read = new ArrayList<>();
    long previous = inputs.isEmpty() ? 0 : inputs.getLast().tick();
    while (in.remaining() > 0) {
      TimedInput input = format.read(in);
      if (input.tick() < previous) {
        throw new StateFormatException("inputs are not in the order of time.");
      }
      previous = input.tick();
      read.add(input);
    }
    return read;
  }

  private StateDigest digest(StateReader in) {
    long tick = in.getLong();
    List<StateDigest.Entry> entries = new ArrayList<>();
    for (String p : parts) {
      entries.add(new StateDigest.Entry(p, in.getLong()));
    }
    return new StateDigest(tick, entries);
  }

  private Seal readSeal(StateReader in) {
    StateDigest digest = digest(in);
    String name = in.getString();
    for (Outcome o : Outcome.values()) {
      if (o.name().equals(name)) {
        return new Seal(o, in.getLong(), digest);
      }
    }
    throw new StateFormatException("there is no outcome named " + name + ".");
  }

  /** The machine. */
  public MachineDescription description() {
    return description;
  }

  /** What came from outside, in the order of time. */
  public List<TimedInput> inputs() {
    return List.copyOf(inputs);
  }

  /** Hashes of the state along the way, in the order of time. */
  public List<StateDigest> hashes() {
    return List.copyOf(hashes);
  }

  /** How the run ended; empty if it was cut off, or if the end cannot be read. */
  public Optional<Seal> seal() {
    return Optional.ofNullable(seal);
  }

  /** What is wrong with the rest of the log, in one sentence; empty if nothing is. */
  public Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** The last tick that something is known of. */
  public long lastTick() {
    if (seal != null) {
      return seal.digest().tick();
    }
    long last = hashes.isEmpty() ? 0 : hashes.getLast().tick();
    return inputs.isEmpty() ? last : Math.max(last, inputs.getLast().tick());
  }
}
