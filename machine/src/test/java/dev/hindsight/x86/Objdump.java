package dev.hindsight.x86;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GNU objdump as a disassembler to compare with. */
public final class Objdump {
  private static final Pattern LINE =
      Pattern.compile("\\s*([0-9a-f]+):\\t((?:[0-9a-f]{2} )+)\\s*\\t?(.*)");

  private Objdump() {}

  /**
   * A line of its output.
   *
   * @param address of the first byte
   * @param bytes what it took for one instruction
   * @param text the instruction, a lone prefix, or {@code (bad)}
   */
  public record Line(long address, byte[] bytes, String text) {}

  /** Whether the program is there. */
  public static boolean isAvailable() {
    try {
      Process process =
          new ProcessBuilder("objdump", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Disassembles the code sections of an ELF file. */
  public static void elf(Path file, Consumer<Line> to) throws IOException {
    run(List.of("objdump", "-d", "-w", "-M", "intel,intel64", file.toString()), to);
  }

  /** Disassembles a file as bare code, from one offset to another. */
  public static void raw(Path file, CodeMode mode, long start, long stop, Consumer<Line> to)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("objdump", "-D", "-w", "-z", "-b", "binary", "-M", "intel"));
    switch (mode) {
      case BITS16 -> command.addAll(List.of("-m", "i386", "-M", "i8086"));
      case BITS32 -> command.addAll(List.of("-m", "i386"));
      case BITS64 -> command.addAll(List.of("-m", "i386:x86-64", "-M", "intel64"));
    }
    command.add("--start-address=" + start);
    command.add("--stop-address=" + stop);
    command.add(file.toString());
    run(command, to);
  }

  private static void run(List<String> command, Consumer<Line> to) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        Matcher line = LINE.matcher(text);
        if (line.matches()) {
          to.accept(
              new Line(
                  Long.parseUnsignedLong(line.group(1), 16),
                  HexFormat.of().parseHex(line.group(2).replace(" ", "")),
                  line.group(3).strip()));
        }
      }
    }
  }
}
