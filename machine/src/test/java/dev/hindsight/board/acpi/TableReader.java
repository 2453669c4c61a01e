package dev.hindsight.board.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds tables in memory as an operating system does: from the root pointer on. */
final class TableReader {
  private static final int SIGNATURE = 4;

  private final ByteBuffer memory;
  private final long base;

  /** For the bytes of memory from an address on. */
  TableReader(byte[] memory, long base) {
    this.memory = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    this.base = base;
  }

  /** Address of the root pointer, which begins at a multiple of 16. */
  long rootPointer() {
    for (int at = 0; at < memory.limit(); at += 16) {
      if (text(at, 8).equals("RSD PTR ") && sum(at, 20) == 0) {
        return base + at;
      }
    }
    throw new IllegalStateException("no root pointer");
  }

  /**
   * All tables by signature, and what they point to.
   *
   * @param wide by the XSDT and the 64-bit fields, else by the RSDT and those of ACPI 1.0
   */
  SortedMap<String, byte[]> tables(boolean wide) {
    SortedMap<String, byte[]> tables = new TreeMap<>();
    int root = (int) (rootPointer() - base);
    tables.put("RSDP", bytes(root, 36));
    long list = wide ? memory.getLong(root + 24) : memory.getInt(root + 16);
    byte[] pointers = table(list);
    tables.put(wide ? "XSDT" : "RSDT", pointers);
    ByteBuffer p = ByteBuffer.wrap(pointers).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 36; at < pointers.length; at += wide ? 8 : 4) {
      byte[] table = table(wide ? p.getLong(at) : p.getInt(at));
      tables.put(new String(table, 0, SIGNATURE, StandardCharsets.US_ASCII), table);
    }
    ByteBuffer f =
        ByteBuffer.wrap(Objects.requireNonNull(tables.get("FACP"))).order(ByteOrder.LITTLE_ENDIAN);
    long facs = wide ? f.getLong(132) : f.getInt(36);
    tables.put("DSDT", table(wide ? f.getLong(140) : f.getInt(40)));
    tables.put("FACS", bytes((int) (facs - base), 64));
    if (facs % 64 != 0) {
      throw new IllegalStateException("the FACS is at " + facs);
    }
    return tables;
  }

  private byte[] table(long address) {
    int at = (int) (address - base);
    int length = memory.getInt(at + 4);
    if (address % 16 != 0 || sum(at, length) != 0) {
      throw new IllegalStateException("table " + text(at, SIGNATURE) + " at " + address);
    }
    return bytes(at, length);
  }

  private int sum(int at, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += memory.get(at + i);
    }
    return sum & 0xFF;
  }

  private byte[] bytes(int at, int length) {
    return Arrays.copyOfRange(memory.array(), at, at + length);
  }

  private String text(int at, int length) {
    return new String(bytes(at, length), StandardCharsets.US_ASCII);
  }
}
