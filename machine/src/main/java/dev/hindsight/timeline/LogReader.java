package dev.hindsight.timeline;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.bus.state.StateFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a log up to its end, or to the first thing in it that is not as it was written. */
final class LogReader {
  private static final int LONGEST_TITLE = 64;

  private final List<DiskDescription> disks;
  private final List<TimedInput> inputs = new ArrayList<>();
  private final List<PeriodicHash> hashes = new ArrayList<>();
  private final List<DiskBlocks> blocks = new ArrayList<>();
  private final List<Intervention> interventions = new ArrayList<>();
  private final List<FirstRead> reads = new ArrayList<>();
  private final InputFormat inputFormat = new InputFormat();
  private final InterventionFormat interventionFormat = new InterventionFormat();
  private final BlockFormat blockFormat;
  private @Nullable TickFormat ticks;
  private long hashInterval;
  private @Nullable Seal seal;
  private @Nullable String damage;

  /**
   * A block and when it was read.
   *
   * @param block the block
   * @param hashes number of hashes before it in the log: it was read before the next
   */
  record FirstRead(BlockFormat.Block block, int hashes) {}

  /** A reader for the log of a machine with these disks. */
  LogReader(List<DiskDescription> disks) {
    this.disks = disks;
    blockFormat = new BlockFormat(disks.size());
    disks.forEach(d -> blocks.add(new DiskBlocks()));
  }

  /**
   * Reads a log.
   *
   * @throws RecordingException if it has another format
   */
  void read(byte[] bytes) throws RecordingException {
    int length = Math.min(bytes.length, LONGEST_TITLE);
    String begin = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = begin.indexOf('\n');
    if (end < 0 || !begin.startsWith(LogWriter.TITLE)) {
      damage = damage(0, "it does not begin as a log does.");
      return;
    }
    FormatNumber.check("log", LogWriter.FORMAT, begin.substring(LogWriter.TITLE.length(), end));
    int start = end + 1;
    ChunkReader reader = new ChunkReader(bytes, start);
    for (Chunk c = reader.next(); c != null; c = reader.next()) {
      try {
        take(c);
      } catch (StateFormatException e) {
        damage = damage(start, e.getMessage());
        return;
      }
      start = reader.position();
    }
    damage = reader.damage();
  }

  private static String damage(int from, @Nullable String how) {
    return "The log is damaged from byte " + from + " on: " + how;
  }

  private void take(Chunk chunk) {
    CompactReader in = new CompactReader(chunk.content());
    if (seal != null) {
      throw new StateFormatException("There is something after the end.");
    }
    if (chunk.type() == Chunk.Type.START) {
      start(in);
    } else if (ticks == null) {
      throw new StateFormatException("It has no beginning.");
    } else {
      take(chunk.type(), ticks, in);
    }
    in.end();
  }

  private void start(CompactReader in) {
    long interval = in.getNumber();
    if (ticks != null || interval < 1 || interval > TickFormat.LAST) {
      throw new StateFormatException("It has no proper beginning.");
    }
    ticks = new TickFormat(interval);
    hashInterval = interval;
  }

  private void take(Chunk.Type type, TickFormat format, CompactReader in) {
    switch (type) {
      case INPUTS -> {
        // a chunk counts as a whole, or not at all
        List<TimedInput> read = new ArrayList<>();
        while (in.remaining() > 0) {
          long tick = format.read(in);
          read.add(new TimedInput(tick, inputFormat.read(in)));
        }
        inputs.addAll(read);
      }
      case HASH ->
          hashes.add(
              new PeriodicHash(
                  format.readHash(in), in.getLong(), (byte) in.getByte(), (byte) in.getByte()));
      case BLOCKS -> {
        for (BlockFormat.Block block : blockFormat.read(in, disks, blocks)) {
          reads.add(new FirstRead(block, hashes.size()));
        }
      }
      case INTERVENTION -> interventions.add(interventionFormat.read(format, in));
      case SEAL -> seal = Seal.read(format, in);
      case START -> throw new IllegalStateException("it was taken already");
    }
  }

  List<TimedInput> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  List<PeriodicHash> hashes() {
    return Collections.unmodifiableList(hashes);
  }

  List<DiskBlocks> blocks() {
    return Collections.unmodifiableList(blocks);
  }

  List<Intervention> interventions() {
    return Collections.unmodifiableList(interventions);
  }

  /** The blocks in the order in which they were read. */
  List<FirstRead> reads() {
    return Collections.unmodifiableList(reads);
  }

  /** Ticks between two hashes; 0 if the log has no beginning. */
  long hashInterval() {
    return hashInterval;
  }

  @Nullable Seal seal() {
    return seal;
  }

  /** What is wrong with the rest, in one sentence, or null. */
  @Nullable String damage() {
    return damage;
  }

  /** The last tick that something is known of. */
  long lastTick() {
    if (seal != null) {
      return seal.digest().tick();
    }
    long last = hashes.isEmpty() ? 0 : hashes.getLast().tick();
    if (!inputs.isEmpty()) {
      last = Math.max(last, inputs.getLast().tick());
    }
    return interventions.isEmpty() ? last : Math.max(last, interventions.getLast().tick());
  }
}
