package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.OutputListener;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.bus.state.StateFormatException;
import dev.hindsight.storage.ByteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What must hold for any recording: it is read or refused with a sentence, and its replay ends by
 * itself, with a difference, or with a sentence. Jazzer can be pointed at {@link
 * #fuzzerTestOneInput}; the ordinary tests feed it recordings with changed bytes.
 */
public final class RecordingFuzz {
  /** Recordings say when they end; this is far enough for those that matter here. */
  private static final long LONGEST = 3 * ReaderMachine.SECOND;

  /** Recorded once: an input is tried in a fraction of the time that a recording takes. */
  private static final MemoryStore GOOD = record();

  private RecordingFuzz() {}

  /**
   * Takes the input as changes to a good recording: the first byte chooses the file and whether its
   * checksums are to fit, each further three bytes are where something is changed and to what.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    MemoryStore good = good();
    int choice = input.length == 0 ? 0 : input[0];
    String file = (choice & 3) == 0 ? Recording.DESCRIPTION : Recording.LOG;
    try {
      byte[] bytes = good.read(file);
      for (int i = 1; i + 2 < input.length; i += 3) {
        int at = ((input[i] & 0xFF) << 8 | input[i + 1] & 0xFF) % bytes.length;
        bytes[at] = input[i + 2];
      }
      if ((choice & 4) != 0) {
        bytes = Arrays.copyOf(bytes, (choice & 0xFF) * bytes.length >> 8);
      }
      good.write(file, (choice & 8) == 0 ? bytes : withChecksums(file, bytes));
      check(good);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A recording that has everything that a recording can have; the caller may change it. */
  static MemoryStore good() {
    MemoryStore copy = new MemoryStore();
    try {
      for (String file : List.of(Recording.DESCRIPTION, Recording.LOG)) {
        copy.write(file, GOOD.read(file).clone());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private static MemoryStore record() {
    MemoryStore store = new MemoryStore();
    World script =
        new ScriptedWorld(
            List.of(
                new ScriptedWorld.Entry(100, new Input.SerialByte(ReaderMachine.READER, 'x')),
                new ScriptedWorld.Entry(200, new Input.SerialByte("chip2", 'x')),
                new ScriptedWorld.Entry(300, new Input.ClockAdvance(40)),
                new ScriptedWorld.Entry(400, new Input.Reset()),
                new ScriptedWorld.Entry(2 * ReaderMachine.SECOND, new Input.PowerOff())));
    MemoryStore first = new MemoryStore();
    try (Machine machine = machine();
        Recorder recorder = new Recorder(machine, script, first)) {
      recorder.run(350);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Timeline timeline = new Timeline(machine(), Recording.read(first))) {
      timeline.seek(340);
      goOn(timeline, script, store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store;
  }

  private static void goOn(Timeline timeline, World script, RecordingStore store)
      throws IOException {
    try (Branch branch =
        Branch.of(timeline, "first", script, OutputListener.NONE, store, Sources.NONE)) {
      Recorder recorder = branch.recorder();
      recorder.intervene(
          List.of(
              new Edit.Memory(70_000, new byte[] {1, 2, 3}),
              new Edit.Register(1, VcpuRegister.general(0), 7)));
      recorder.run(450);
      recorder.intervene(List.of(new Edit.Register(0, VcpuRegister.CR2, -1)));
      recorder.run(LONGEST);
    }
  }

  private static Machine machine() {
    return ReaderMachine.machine(World.EMPTY, 2, ByteStore.random(1 << 17, 3));
  }

  /** Checks that a recording is read and replayed, or refused. */
  static void check(RecordingStore store) {
    try {
      Recording recording = Recording.read(store);
      RecordingInfo.of(recording);
      recording.damage().ifPresent(RecordingFuzz::checkSentence);
      try (Machine machine = machine()) {
        new Replay(machine, recording).run(Math.min(LONGEST, recording.lastTick()));
      }
    } catch (ReplayDifference | IOException e) {
      if (e instanceof IOException && !(e instanceof RecordingException)) {
        throw new IllegalStateException(e);
      }
      checkSentence(String.valueOf(e.getMessage()));
    }
  }

  private static void checkSentence(String text) {
    if (!text.endsWith(".") || text.contains("\n")) {
      throw new IllegalStateException("no sentence: " + text);
    }
  }

  /** The bytes with the checksums that they ought to have. */
  static byte[] withChecksums(String file, byte[] bytes) {
    return file.equals(Recording.LOG) ? logWithChecksums(bytes) : descriptionWithChecksum(bytes);
  }

  private static byte[] descriptionWithChecksum(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int last = text.lastIndexOf("\ncrc32c = ") + 1;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, last);
    String line = "crc32c = %08x\n".formatted(crc.getValue());
    return (text.substring(0, last) + line).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] logWithChecksums(byte[] bytes) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    while (at < bytes.length) {
      CompactReader header = new CompactReader(bytes, at, bytes.length);
      long length;
      try {
        length = header.getNumber() >>> Chunk.TYPE_BITS;
      } catch (StateFormatException e) {
        return bytes;
      }
      long end = header.position() + length;
      if (end > bytes.length - Chunk.CHECKSUM_BYTES) {
        return bytes;
      }
      int crc = Chunk.checksum(bytes, at, (int) end - at);
      for (int i = 0; i < Chunk.CHECKSUM_BYTES; i++) {
        bytes[(int) end + i] = (byte) (crc >>> i * 8);
      }
      at = (int) end + Chunk.CHECKSUM_BYTES;
    }
    return bytes;
  }
}
