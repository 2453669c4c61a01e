package dev.hindsight.gdb;

import java.io.IOException;

/** Packets that read and write registers, and the one that asks what registers there are. */
final class RegisterPackets {
  private final RegisterFile file;
  private final ThreadPackets threads;
  private final Changes changes;

  RegisterPackets(RegisterFile file, ThreadPackets threads, Changes changes) {
    this.file = file;
    this.threads = threads;
    this.changes = changes;
  }

  void addTo(PacketTable table) {
    table.onExactly("g", _ -> Hex.of(file.readAll(threads.current())));
    table.on("p", rest -> Hex.of(file.read(threads.current(), Hex.count(rest))));
    table.on("G", this::writeAll);
    table.on("P", this::write);
    table.on("qXfer:features:read:", this::description);
  }

  private String writeAll(String rest) throws IOException {
    byte[] values = Hex.bytes(rest);
    changes.make(file.edits(threads.current(), values));
    return PacketTable.OK;
  }

  private String write(String rest) throws IOException {
    String[] parts = rest.split("=", 2);
    if (parts.length != 2) {
      throw PacketException.malformed();
    }
    int number = Hex.count(parts[0]);
    byte[] value = Hex.bytes(parts[1]);
    changes.make(file.edits(threads.current(), number, value));
    return PacketTable.OK;
  }

  private String description(String rest) {
    String[] parts = rest.split("[:,]", 3);
    if (parts.length != 3) {
      throw PacketException.malformed();
    }
    if (!parts[0].equals("target.xml")) {
      return "E00"; // there is no such part
    }
    String xml = file.xml();
    int from = Math.min(Hex.count(parts[1]), xml.length());
    int count = Math.min(Hex.count(parts[2]), PacketDecoder.MOST_BYTES / 2);
    int to = Math.min(xml.length(), from + count);
    return (to == xml.length() ? "l" : "m") + xml.substring(from, to);
  }
}
