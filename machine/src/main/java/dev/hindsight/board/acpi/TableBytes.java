package dev.hindsight.board.acpi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of a table while it is written: all numbers are little-endian. */
final class TableBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds bytes; of each number the low 8 bits count. */
  TableBytes bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  /** Adds bytes as they are. */
  TableBytes bytes(byte[] values) {
    out.write(values, 0, values.length);
    return this;
  }

  /** Adds 16 bits. */
  TableBytes word(int value) {
    return number(value, 2);
  }

  /** Adds 32 bits. */
  TableBytes dword(long value) {
    return number(value, 4);
  }

  /** Adds 64 bits. */
  TableBytes qword(long value) {
    return number(value, 8);
  }

  /** Adds characters, one byte each. */
  TableBytes ascii(String text) {
    return bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds zeros. */
  TableBytes zeros(int count) {
    return bytes(new byte[count]);
  }

  /** Adds zeros until the length is a multiple. */
  TableBytes align(int multiple) {
    return zeros(-out.size() & multiple - 1);
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private TableBytes number(long value, int size) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >> 8 * i));
    }
    return this;
  }
}
