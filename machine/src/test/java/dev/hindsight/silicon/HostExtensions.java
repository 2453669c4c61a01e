package dev.hindsight.silicon;

import dev.hindsight.x86.OpcodeMap;
import java.util.ArrayList;
import java.util.List;

/** Recognises encodings of extensions that our models lack (host-extensions.txt). */
final class HostExtensions {
  private static final HostExtensions STANDARD = new HostExtensions();

  private final List<Range> ranges = new ArrayList<>();

  /** Opcodes of a map, with the ModRM bytes that make the instruction the host's. */
  private record Range(String map, int first, int last, int firstModrm, int lastModrm) {
    boolean has(String otherMap, int opcode, int modrm) {
      return map.equals(otherMap)
          && opcode >= first
          && opcode <= last
          && modrm >= firstModrm
          && modrm <= lastModrm;
    }
  }

  private HostExtensions() {
    for (List<String> row : TextTable.read("host-extensions.txt", 3)) {
      List<String> bytes = TextTable.list(row.get(1), " ");
      int[] opcodes = limits(bytes.getFirst());
      int[] modrm = limits(bytes.size() > 1 ? bytes.getLast() : "00-FF");
      ranges.add(new Range(row.getFirst(), opcodes[0], opcodes[1], modrm[0], modrm[1]));
    }
  }

  private static int[] limits(String range) {
    List<String> limits = TextTable.list(range, "-");
    return new int[] {
      Integer.parseInt(limits.getFirst(), 16), Integer.parseInt(limits.getLast(), 16)
    };
  }

  static HostExtensions standard() {
    return STANDARD;
  }

  /**
   * Whether bytes that are no instruction of ours may be one of the host's.
   *
   * @param code at least 15 bytes
   */
  boolean mayHave(byte[] code, int mode) {
    int at = 0;
    while (at < 14 && isPrefix(code[at] & 0xFF, mode)) {
      at++;
    }
    int first = code[at] & 0xFF;
    boolean vex = (first | 1) == 0xC5 && at < 11 && (mode == 64 || (code[at + 1] & 0xC0) == 0xC0);
    if (vex) {
      int map = first == 0xC5 ? 1 : code[at + 1] & 0x1F;
      int opcode = first == 0xC5 ? at + 2 : at + 3;
      return map < 1 || map > 3 || has(OpcodeMap.valueOf("VEX_" + map).notation(), code, opcode);
    }
    if (first != 0x0F || at > 11) {
      return has("1", code, at);
    }
    return switch (code[at + 1] & 0xFF) {
      case 0x38 -> has("0F38", code, at + 2);
      case 0x3A -> has("0F3A", code, at + 2);
      default -> has("0F", code, at + 1);
    };
  }

  private static boolean isPrefix(int b, int mode) {
    return switch (b) {
      case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3 -> true;
      default -> mode == 64 && b >> 4 == 4;
    };
  }

  private boolean has(String map, byte[] code, int at) {
    int modrm = at + 1 < code.length ? code[at + 1] & 0xFF : 0;
    return ranges.stream().anyMatch(range -> range.has(map, code[at] & 0xFF, modrm));
  }
}
