package dev.hindsight.timeline;

import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log of a recording. Inputs are gathered in memory first, so that noting one cannot
 * fail in the middle of a run.
 */
final class LogWriter implements AutoCloseable {
  static final byte[] TITLE = "hindsight log 1\n".getBytes(StandardCharsets.US_ASCII);

  private final RecordingStore.Appender out;
  private final InputFormat inputs = new InputFormat();
  private final StateWriter pending = new StateWriter();
  private @Nullable List<String> parts;

  LogWriter(RecordingStore.Appender out) throws IOException {
    this.out = out;
    out.append(TITLE);
  }

  /** Notes an input. */
  void input(TimedInput input) {
    inputs.write(input, pending);
  }

  void hash(StateDigest digest) throws IOException {
    flush();
    StateWriter content = new StateWriter();
    putDigest(digest, content);
    append(Chunk.Type.HASH, content);
  }

  void seal(Seal seal) throws IOException {
    flush();
    StateWriter content = new StateWriter();
    putDigest(seal.digest(), content);
    content.putString(seal.outcome().name());
    content.putLong(seal.steps());
    append(Chunk.Type.SEAL, content);
  }

  /** Writes the inputs that were gathered. */
  void flush() throws IOException {
    if (pending.size() > 0) {
      append(Chunk.Type.INPT, pending);
      pending.clear();
    }
  }

  /** The names of the parts are written once: they stay the same. */
  private void putDigest(StateDigest digest, StateWriter content) throws IOException {
    List<String> names = digest.parts().stream().map(StateDigest.Entry::name).toList();
    if (!names.equals(parts)) {
      StateWriter list = new StateWriter();
      names.forEach(list::putString);
      append(Chunk.Type.PART, list);
      parts = names;
    }
    content.putLong(digest.tick());
    digest.parts().forEach(p -> content.putLong(p.hash()));
  }

  private void append(Chunk.Type type, StateWriter content) throws IOException {
    out.append(new Chunk(type, content.toBytes()).toBytes());
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }
}
