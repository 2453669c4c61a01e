package dev.hindsight.timeline.store;

import com.github.luben.zstd.Zstd;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What must hold for any checkpoint that stands beside a recording: who seeks comes to the state of
 * a straight replay, and is told in sentences of what could not be used. Jazzer can be pointed at
 * {@link #fuzzerTestOneInput}; the ordinary tests feed it files with changed bytes.
 */
public final class CheckpointFuzz {
  /** Checkpoints on disk are twelve of these apart. */
  private static final long INTERVAL = 500;

  private static final long LENGTH = 30_000;
  private static final byte[] TITLE =
      "hindsight checkpoint 1\n".getBytes(StandardCharsets.ISO_8859_1);
  private static final int PAGES_TITLE_BYTES = "hindsight pages 1\n".length();
  private static final int KEY_BYTES = 16;
  private static final int CLUSTER_HEAD_BYTES = 16;
  private static final int MOST_PAGES = 16;

  private static final CheckpointFuzz GOOD = create();

  private final Path directory;
  private final Path checkpoint;
  private final Path pages;
  private final byte[] goodCheckpoint;
  private final byte[] goodPages;
  private final Recording recording;
  private final long destination;
  private final StateDigest expected;

  private CheckpointFuzz(Path directory) throws IOException {
    this.directory = directory;
    recording = record();
    Path store = directory.resolve(CheckpointDirectory.NAME);
    Moment last;
    try (CheckpointDirectory opened = open(new ArrayList<>());
        Timeline timeline = timeline(opened)) {
      timeline.seek(Long.MAX_VALUE);
      List<Moment> moments = opened.moments();
      last = moments.getLast();
      for (Moment m : moments.subList(0, moments.size() - 1)) {
        Files.delete(store.resolve(name(m)));
      }
      destination = last.steps() + 1;
      timeline.seekStep(destination);
      expected = timeline.machine().digest();
    }
    checkpoint = store.resolve(name(last));
    pages = store.resolve("pages-0");
    goodCheckpoint = Files.readAllBytes(checkpoint);
    goodPages = Files.readAllBytes(pages);
    for (Path p : List.of(directory, store, store.resolve("lock"), pages, checkpoint)) {
      p.toFile().deleteOnExit();
    }
  }

  private static CheckpointFuzz create() {
    try {
      return new CheckpointFuzz(Files.createTempDirectory("checkpoint-fuzz"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Moment m) {
    return "%d-%d-%d".formatted(m.steps(), m.tick(), m.begun() ? 1 : 0);
  }

  private static Machine machine() {
    return BuiltinMachine.builder(new BuiltinGuest(1, 20_000), CpuModels.V3, 1)
        .engine(new InterpreterFactory())
        .build();
  }

  private static Recording record() throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine();
        Recorder recorder = new Recorder(machine, World.EMPTY, store)) {
      recorder.run(LENGTH);
    }
    return Recording.read(store);
  }

  private CheckpointDirectory open(List<String> warnings) {
    return CheckpointDirectory.open(
        directory, recording.description(), recording::pastDigest, 1 << 30, warnings::add);
  }

  private Timeline timeline(CheckpointDirectory store) throws IOException {
    return new Timeline(machine(), recording, INTERVAL, 1 << 30, store);
  }

  /** What became of a checkpoint. */
  public enum Fate {
    USED,
    REFUSED
  }

  /**
   * Takes the input as changes to a good checkpoint: the first byte chooses the file and whether
   * checksums are to fit, each further four bytes are where something is changed and to what.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    Fate _ = GOOD.check(input);
  }

  /** Does as {@link #fuzzerTestOneInput} does. */
  static Fate tryOne(byte[] input) {
    return GOOD.check(input);
  }

  private Fate check(byte[] input) {
    int choice = input.length == 0 ? 0 : input[0];
    try {
      Files.write(checkpoint, goodCheckpoint);
      Files.write(pages, goodPages);
      switch (choice & 3) {
        case 0 -> Files.write(checkpoint, changed(goodCheckpoint, choice, input));
        case 1 -> Files.write(pages, changed(goodPages, choice, input));
        case 2 -> Files.write(checkpoint, withBody(changed(body(), choice, input)));
        default -> Files.write(pages, withChecksums(changed(goodPages, choice, input)));
      }
      return seek();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fate seek() throws IOException {
    List<String> warnings = new ArrayList<>();
    try (CheckpointDirectory store = open(warnings);
        Timeline timeline = timeline(store)) {
      timeline.seekStep(destination);
      if (!timeline.machine().digest().equals(expected)) {
        throw new IllegalStateException("another state");
      }
    }
    for (String w : warnings) {
      if (!w.endsWith(".") || w.contains("\n")) {
        throw new IllegalStateException("no sentence: " + w);
      }
    }
    return warnings.isEmpty() ? Fate.USED : Fate.REFUSED;
  }

  private static byte[] changed(byte[] good, int choice, byte[] input) {
    byte[] bytes = good.clone();
    for (int i = 1; i + 3 < input.length; i += 4) {
      int at =
          ((input[i] & 0xFF) << 16 | (input[i + 1] & 0xFF) << 8 | input[i + 2] & 0xFF)
              % bytes.length;
      bytes[at] = input[i + 3];
    }
    return (choice & 0x1C) == 0x1C
        ? Arrays.copyOf(bytes, (choice >> 5 & 7) * bytes.length >> 3)
        : bytes;
  }

  private byte[] body() {
    int head = TITLE.length + 2 * Integer.BYTES;
    int length = ByteBuffer.wrap(goodCheckpoint).getInt(TITLE.length);
    return Zstd.decompress(Arrays.copyOfRange(goodCheckpoint, head, goodCheckpoint.length), length);
  }

  /** A checkpoint with any body and the checksum that fits. */
  private static byte[] withBody(byte[] body) {
    byte[] packed = Zstd.compress(body, 1);
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, body.length));
    crc.update(packed);
    ByteBuffer file = ByteBuffer.allocate(TITLE.length + 2 * Integer.BYTES + packed.length);
    file.put(TITLE).putInt(body.length).putInt((int) crc.getValue()).put(packed);
    return file.array();
  }

  /** A file of pages with checksums that fit, as far as clusters can be told from one another. */
  private static byte[] withChecksums(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = PAGES_TITLE_BYTES;
    while (at + CLUSTER_HEAD_BYTES <= file.length) {
      int count = bytes.getInt(at);
      int length = bytes.getInt(at + 4);
      long begin = at + CLUSTER_HEAD_BYTES + (long) count * KEY_BYTES;
      if (count < 1 || count > MOST_PAGES || length < 0 || begin + length > file.length) {
        break;
      }
      CRC32C content = new CRC32C();
      content.update(file, (int) begin, length);
      bytes.putInt(at + 8, (int) content.getValue());
      CRC32C head = new CRC32C();
      head.update(file, at, 12);
      head.update(file, at + CLUSTER_HEAD_BYTES, count * KEY_BYTES);
      bytes.putInt(at + 12, (int) head.getValue());
      at = (int) begin + length;
    }
    return file;
  }
}
