package dev.hindsight.timeline.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.hindsight.board.PartState;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.ReplayWorld;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A checkpoint but for its pages. The format is described in docs/formats/checkpoints.md.
 *
 * @param behaviourVersion behaviour of the release that made it
 * @param past digest of the machine and of what had come into it
 * @param generation which {@link PageFile} its pages are in
 * @param at the instant
 * @param inputs what had come into it
 * @param digest digest of the whole state
 * @param parts state of board, vCPUs and devices
 * @param memories RAM, then the overlays of the disks
 */
record CheckpointFile(
    int behaviourVersion,
    String past,
    int generation,
    Moment at,
    ReplayWorld.Position inputs,
    long digest,
    List<PartState> parts,
    List<MemoryPages> memories) {
  private static final byte[] TITLE =
      "hindsight checkpoint 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_BYTES = TITLE.length + 2 * Integer.BYTES;
  private static final int MOST_BYTES = 1 << 28;
  private static final int MOST_PARTS = 1 << 10;
  private static final int LEVEL = 3;

  /** The same checkpoint, its pages in another file. */
  CheckpointFile moved(int toGeneration, List<MemoryPages> pages) {
    return new CheckpointFile(
        behaviourVersion, past, toGeneration, at, inputs, digest, parts, pages);
  }

  /** As bytes. */
  byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(behaviourVersion);
      out.writeUTF(past);
      out.writeInt(generation);
      out.writeLong(at.steps());
      out.writeLong(at.tick());
      out.writeBoolean(at.begun());
      out.writeInt(inputs.inputs());
      out.writeLong(inputs.latest());
      out.writeInt(inputs.interventions());
      out.writeLong(digest);
      out.writeInt(parts.size());
      for (PartState p : parts) {
        byte[] state = p.bytes();
        out.writeUTF(p.name());
        out.writeInt(p.version());
        out.writeInt(state.length);
        out.write(state);
      }
      out.writeInt(memories.size());
      for (MemoryPages m : memories) {
        m.write(out);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written", e);
    }
    byte[] body = bytes.toByteArray();
    byte[] packed = Zstd.compress(body, LEVEL);
    ByteBuffer file = ByteBuffer.allocate(HEAD_BYTES + packed.length);
    file.put(TITLE).putInt(body.length).putInt(checksum(body.length, packed)).put(packed);
    return file.array();
  }

  private static int checksum(int length, byte[] packed) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    crc.update(packed);
    return (int) crc.getValue();
  }

  /**
   * From bytes.
   *
   * @throws IOException if they are damaged or of another format; the message is a sentence
   */
  static CheckpointFile read(byte[] file) throws IOException {
    if (file.length < HEAD_BYTES || !Arrays.equals(file, 0, TITLE.length, TITLE, 0, TITLE.length)) {
      throw new RecordingException("It is no checkpoint that this release knows.");
    }
    ByteBuffer head = ByteBuffer.wrap(file).position(TITLE.length);
    int length = head.getInt();
    int checksum = head.getInt();
    byte[] packed = Arrays.copyOfRange(file, HEAD_BYTES, file.length);
    if (length < 0 || length > MOST_BYTES || checksum != checksum(length, packed)) {
      throw damaged();
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Zstd.decompress(packed, length)))) {
      CheckpointFile checkpoint = parse(in);
      if (in.available() > 0) {
        throw damaged();
      }
      return checkpoint;
    } catch (ZstdException | EOFException | UTFDataFormatException e) {
      throw damaged();
    }
  }

  private static RecordingException damaged() {
    return new RecordingException("It is damaged.");
  }

  private static CheckpointFile parse(DataInputStream in) throws IOException {
    int behaviourVersion = in.readInt();
    String past = in.readUTF();
    int generation = in.readInt();
    Moment at = new Moment(in.readLong(), in.readLong(), in.readBoolean());
    ReplayWorld.Position inputs =
        new ReplayWorld.Position(in.readInt(), in.readLong(), in.readInt());
    long digest = in.readLong();
    int count = in.readInt();
    if (count < 0 || count > MOST_PARTS) {
      throw damaged();
    }
    List<PartState> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      int version = in.readInt();
      int bytes = in.readInt();
      if (bytes < 0 || bytes > in.available()) {
        throw damaged();
      }
      parts.add(new PartState(name, version, in.readNBytes(bytes)));
    }
    int memories = in.readInt();
    if (memories < 1 || memories > MOST_PARTS) {
      throw damaged();
    }
    List<MemoryPages> pages = new ArrayList<>();
    for (int i = 0; i < memories; i++) {
      pages.add(MemoryPages.read(in));
    }
    return new CheckpointFile(behaviourVersion, past, generation, at, inputs, digest, parts, pages);
  }
}
