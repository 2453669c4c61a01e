package dev.hindsight.x86.assembler;

import dev.hindsight.x86.CodeMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The disassembler of the GNU binutils, as an oracle. */
final class Objdump {
  private Objdump() {}

  /**
   * Disassembles instructions that stand one after another.
   *
   * @return a line for each that objdump does not take for one instruction of the same length
   */
  static List<String> misreadings(CodeMode mode, List<byte[]> instructions)
      throws IOException, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    instructions.forEach(all::writeBytes);
    Map<Long, String> lines = disassemble(mode, all.toByteArray());
    List<String> misread = new ArrayList<>();
    long address = 0;
    for (byte[] instruction : instructions) {
      String line = lines.getOrDefault(address, "(nothing)");
      address += instruction.length;
      boolean ends = lines.containsKey(address) || address == all.size();
      if (!ends || line.contains("(bad)") || line.contains("(nothing)")) {
        misread.add(HexFormat.of().formatHex(instruction) + " is read as " + line);
      }
    }
    return misread;
  }

  private static Map<Long, String> disassemble(CodeMode mode, byte[] code)
      throws IOException, InterruptedException {
    String machine =
        switch (mode) {
          case BITS16 -> "i8086";
          case BITS32 -> "i386";
          case BITS64 -> "i386:x86-64";
        };
    Path file = Files.createTempFile("code", ".bin");
    try {
      Files.write(file, code);
      Process process =
          new ProcessBuilder(
                  "objdump",
                  "-D",
                  "-z",
                  "-w",
                  "-b",
                  "binary",
                  "-m",
                  machine,
                  "-M",
                  "intel",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      Map<Long, String> lines = new HashMap<>();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      for (String line : text.split("\n")) {
        int colon = line.indexOf(":\t");
        if (colon > 0) {
          lines.put(Long.parseLong(line.substring(0, colon).strip(), 16), line.substring(colon));
        }
      }
      return lines;
    } finally {
      Files.delete(file);
    }
  }
}
