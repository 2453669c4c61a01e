package dev.hindsight.timeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log of a recording. What happens during a run is gathered in memory, so that noting it
 * cannot fail; {@link #flush} writes all of it at once. After a failure nothing more is written, as
 * a part of a chunk may be in the file: what precedes it stays readable.
 */
final class LogWriter implements AutoCloseable {
  /** What the log's first line begins with; then come the number of the format and a line feed. */
  static final String TITLE = "hindsight log ";

  /** Number of the format. */
  static final int FORMAT = 2;

  private final RecordingStore.Appender out;
  private final TickFormat ticks;
  private final InputFormat inputs = new InputFormat();
  private final InterventionFormat interventions = new InterventionFormat();
  private final BlockFormat blocks;
  private final CompactWriter newInputs = new CompactWriter();
  private final List<BlockFormat.Block> newBlocks = new ArrayList<>();
  private @Nullable IOException failure;

  /**
   * Begins a log.
   *
   * @param hashInterval ticks from one hash to the next
   * @param disks number of the machine's disks
   */
  LogWriter(RecordingStore.Appender out, long hashInterval, int disks) throws IOException {
    this.out = out;
    ticks = new TickFormat(hashInterval);
    blocks = new BlockFormat(disks);
    CompactWriter file = new CompactWriter();
    file.putBytes((TITLE + FORMAT + '\n').getBytes(StandardCharsets.US_ASCII));
    CompactWriter content = new CompactWriter();
    content.putNumber(hashInterval);
    add(Chunk.Type.START, content, file);
    append(file);
  }

  /** Notes an input. */
  void input(TimedInput input) {
    ticks.write(input.tick(), newInputs);
    inputs.write(input.input(), newInputs);
  }

  /** Notes the first read of a block. */
  void block(int disk, long number, long digest) {
    newBlocks.add(new BlockFormat.Block(disk, number, digest));
  }

  /** Writes what was noted, and an intervention. */
  void intervention(Intervention intervention) throws IOException {
    CompactWriter file = noted();
    CompactWriter content = new CompactWriter();
    interventions.write(intervention, ticks, content);
    add(Chunk.Type.INTERVENTION, content, file);
    append(file);
  }

  /** Writes what was noted, and a hash. */
  void hash(PeriodicHash hash) throws IOException {
    CompactWriter file = noted();
    CompactWriter content = new CompactWriter();
    ticks.writeHash(hash.tick(), content);
    content.putLong(hash.total());
    content.putByte(hash.processors());
    content.putByte(hash.devices());
    add(Chunk.Type.HASH, content, file);
    append(file);
  }

  /** Writes what was noted, and the end. */
  void seal(Seal seal) throws IOException {
    CompactWriter file = noted();
    CompactWriter content = new CompactWriter();
    seal.write(ticks, content);
    add(Chunk.Type.SEAL, content, file);
    append(file);
  }

  /** Writes what was noted. */
  void flush() throws IOException {
    if (newInputs.size() > 0 || !newBlocks.isEmpty()) {
      append(noted());
    }
  }

  /** What kept the log from being written, or null. */
  @Nullable IOException failure() {
    return failure;
  }

  private CompactWriter noted() {
    CompactWriter file = new CompactWriter();
    if (newInputs.size() > 0) {
      add(Chunk.Type.INPUTS, newInputs, file);
      newInputs.clear();
    }
    if (!newBlocks.isEmpty()) {
      CompactWriter content = new CompactWriter();
      blocks.write(newBlocks, content);
      newBlocks.clear();
      add(Chunk.Type.BLOCKS, content, file);
    }
    return file;
  }

  private static void add(Chunk.Type type, CompactWriter content, CompactWriter file) {
    new Chunk(type, content.toBytes()).write(file);
  }

  private void append(CompactWriter file) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      out.append(file.toBytes());
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Ends the file, and nothing else: what was noted is written by {@link #flush}. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      if (failure == null) {
        throw e;
      }
      failure.addSuppressed(e);
    }
  }
}
