package dev.hindsight.board.smbios;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A structure while it is written: a header, numbers (little-endian), and behind them the strings
 * that the numbers name (DSP0134, 6.1).
 */
final class Structure {
  private static final int HEADER = 4;

  private final int type;
  private final int handle;
  private final ByteArrayOutputStream numbers = new ByteArrayOutputStream();
  private final List<String> strings = new ArrayList<>();

  /** An empty structure; its handle is what others name it by. */
  Structure(int type, int handle) {
    this.type = type;
    this.handle = handle;
  }

  int handle() {
    return handle;
  }

  Structure bytes(int... values) {
    for (int value : values) {
      numbers.write(value);
    }
    return this;
  }

  Structure word(int value) {
    return number(value, 2);
  }

  Structure dword(long value) {
    return number(value, 4);
  }

  Structure qword(long value) {
    return number(value, 8);
  }

  Structure zeros(int count) {
    return bytes(new int[count]);
  }

  /** The number of a string, which is not empty. */
  Structure string(String text) {
    strings.add(text);
    return bytes(strings.size());
  }

  /** The structure as it lies in memory. */
  byte[] toByteArray() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type);
    out.write(HEADER + numbers.size());
    out.write(handle);
    out.write(handle >> 8);
    out.writeBytes(numbers.toByteArray());
    for (String text : strings) {
      out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      out.write(0);
    }
    if (strings.isEmpty()) {
      out.write(0);
    }
    out.write(0);
    return out.toByteArray();
  }

  private Structure number(long value, int size) {
    for (int i = 0; i < size; i++) {
      numbers.write((int) (value >> 8 * i));
    }
    return this;
  }
}
