package dev.hindsight.gdb;

/** Packets that insert and remove breakpoints and watchpoints. */
final class StopPackets {
  private final StopTable stops;

  StopPackets(StopTable stops) {
    this.stops = stops;
  }

  void addTo(PacketTable table) {
    table.on(
        "Z",
        rest -> {
          stops.insert(entry(rest));
          return PacketTable.OK;
        });
    table.on(
        "z",
        rest -> {
          stops.remove(entry(rest));
          return PacketTable.OK;
        });
  }

  /** {@code type,address,kind}; the kind of a watchpoint is its length. */
  private static StopTable.Entry entry(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 3) {
      throw PacketException.malformed();
    }
    int type = Hex.count(parts[0]);
    StopTable.Kind[] kinds = StopTable.Kind.values();
    if (type >= kinds.length) {
      throw PacketException.malformed();
    }
    StopTable.Kind kind = kinds[type];
    long address = Hex.number(parts[1]);
    long length = Hex.count(parts[2]);
    if (kind.isCode()) {
      return new StopTable.Entry(kind, address, 1);
    }
    if (length == 0 || Long.compareUnsigned(address + length - 1, address) < 0) {
      throw PacketException.malformed();
    }
    return new StopTable.Entry(kind, address, length);
  }
}
