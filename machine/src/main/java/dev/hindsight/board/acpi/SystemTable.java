package dev.hindsight.board.acpi;

/** The header that all system description tables have, and their checksum (ACPI 5.2.6). */
final class SystemTable {
  /** Bytes of the header. */
  static final int HEADER = 36;

  private static final String OEM = "HNDSGT";
  private static final String OEM_TABLE = "HINDSGHT";
  private static final String CREATOR = "HNDS";
  private static final int VERSION = 1;
  private static final int CHECKSUM = 9;

  private SystemTable() {}

  /** Who made the tables: six characters. */
  static String oem() {
    return OEM;
  }

  /** A table with header and checksum. */
  static byte[] of(String signature, int revision, TableBytes body) {
    byte[] table =
        new TableBytes()
            .ascii(signature)
            .dword(HEADER + body.size())
            .bytes(revision, 0)
            .ascii(OEM)
            .ascii(OEM_TABLE)
            .dword(VERSION)
            .ascii(CREATOR)
            .dword(VERSION)
            .bytes(body.toByteArray())
            .toByteArray();
    seal(table, 0, table.length, CHECKSUM);
    return table;
  }

  /** Sets the byte {@code checksum} so that all bytes of a range add up to 0. */
  static void seal(byte[] table, int from, int to, int checksum) {
    table[checksum] = 0;
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += table[i];
    }
    table[checksum] = (byte) -sum;
  }
}
