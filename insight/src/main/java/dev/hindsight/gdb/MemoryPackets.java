package dev.hindsight.gdb;

import dev.hindsight.timeline.Edit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Packets that read and write memory, by linear addresses of the chosen vCPU. */
final class MemoryPackets {
  /** Most bytes in a reply. */
  private static final int MOST = PacketDecoder.MOST_BYTES / 2 - 2;

  private final ThreadPackets threads;
  private final Changes changes;

  MemoryPackets(ThreadPackets threads, Changes changes) {
    this.threads = threads;
    this.changes = changes;
  }

  void addTo(PacketTable table) {
    table.on("m", this::read);
    table.on("M", rest -> write(rest, false));
    table.on("X", rest -> write(rest, true));
  }

  private String read(String rest) {
    String[] parts = rest.split(",", 2);
    if (parts.length != 2) {
      throw PacketException.malformed();
    }
    int length = Math.min(Hex.count(parts[1]), MOST);
    byte[] bytes = LinearBytes.read(threads.current(), Hex.number(parts[0]), length);
    if (bytes.length == 0 && length > 0) {
      throw PacketException.noMemory();
    }
    return Hex.of(bytes);
  }

  private String write(String rest, boolean binary) throws IOException {
    String[] parts = rest.split("[,:]", 3);
    if (parts.length != 3) {
      throw PacketException.malformed();
    }
    long start = Hex.number(parts[0]);
    byte[] bytes = binary ? parts[2].getBytes(StandardCharsets.ISO_8859_1) : Hex.bytes(parts[2]);
    if (bytes.length != Hex.count(parts[1])) {
      throw PacketException.malformed();
    }
    if (bytes.length == 0) {
      return PacketTable.OK; // a debugger that wants to know whether there is such a packet
    }
    List<Edit> edits = LinearBytes.edits(threads.current(), start, bytes);
    if (edits.isEmpty()) {
      throw PacketException.noMemory();
    }
    changes.make(edits);
    return PacketTable.OK;
  }
}
