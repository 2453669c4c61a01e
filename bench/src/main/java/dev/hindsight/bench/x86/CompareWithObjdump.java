package dev.hindsight.bench.x86;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.GeneratedCode;
import dev.hindsight.x86.Objdump;
import dev.hindsight.x86.ObjdumpComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares our decoder with objdump over much code.
 *
 * <ul>
 *   <li>{@code elf <file>…}: the code sections of 64-bit ELF files
 *   <li>{@code 16|32|64 <file>…}: the bytes of files, taken for code of that mode
 *   <li>{@code random <seed> <instructions>}: generated code, in all three modes
 * </ul>
 */
public final class CompareWithObjdump {
  private long differing;

  private CompareWithObjdump() {}

  /** Runs it; the exit code tells whether there were differences. */
  public static void main(String[] args) throws IOException {
    CompareWithObjdump run = new CompareWithObjdump();
    if (args.length < 2 || (args[0].equals("random") && args.length < 3)) {
      System.err.println("Say elf, 16, 32 or 64 and files, or random, a seed and a number.");
      System.exit(2);
    }
    if (args[0].equals("random")) {
      run.random(Long.parseLong(args[1]), Integer.parseInt(args[2]));
    } else {
      for (int i = 1; i < args.length; i++) {
        run.file(args[0], Path.of(args[i]));
      }
    }
    System.exit(run.differing == 0 ? 0 : 1);
  }

  private void file(String kind, Path file) throws IOException {
    boolean elf = kind.equals("elf");
    CodeMode mode = elf ? CodeMode.BITS64 : CodeMode.valueOf("BITS" + kind);
    ObjdumpComparison comparison = new ObjdumpComparison(mode);
    if (elf) {
      Objdump.elf(file, comparison);
    } else {
      Objdump.raw(file, mode, 0, Files.size(file), comparison);
    }
    report(kind + " " + file.getFileName(), comparison);
  }

  private void random(long seed, int instructions) throws IOException {
    for (CodeMode mode : CodeMode.values()) {
      Path file = Files.createTempFile("generated", ".bin");
      try {
        byte[] code = GeneratedCode.of(mode, seed, instructions);
        Files.write(file, code);
        ObjdumpComparison comparison = new ObjdumpComparison(mode);
        Objdump.raw(file, mode, 0, code.length, comparison);
        report("random " + mode, comparison);
      } finally {
        Files.delete(file);
      }
    }
  }

  private void report(String what, ObjdumpComparison comparison) {
    comparison.finish();
    comparison.differences().forEach(System.out::println);
    System.out.printf(
        "%s: compared %,d, different %,d, explained %s%n",
        what, comparison.compared(), comparison.differing(), comparison.explained());
    differing += comparison.differing();
  }
}
