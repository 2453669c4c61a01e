package dev.hindsight.bench.x86;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * Measures how long the decoder takes per instruction: {@code DecodeSpeed <16|32|64> <file>
 * <offset> <length>} decodes that part of a file (the text section of a program, say) again and
 * again.
 */
public final class DecodeSpeed {
  private static final int ROUNDS = 10;

  private final byte[] code;
  private int position;

  private DecodeSpeed(byte[] code) {
    this.code = code;
  }

  /** Runs it and prints a line for each round. */
  public static void main(String[] args) throws IOException {
    CodeMode mode = CodeMode.valueOf("BITS" + args[0]);
    int offset = Integer.decode(args[2]);
    int length = Integer.decode(args[3]);
    byte[] file = Files.readAllBytes(Path.of(args[1]));
    DecodeSpeed run = new DecodeSpeed(Arrays.copyOfRange(file, offset, offset + length));
    long start = System.nanoTime();
    Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
    System.out.printf("decoder made in %d ms%n", (System.nanoTime() - start) / 1_000_000);
    for (int round = 0; round < ROUNDS; round++) {
      run.round(decoder, mode);
    }
  }

  private void round(Decoder decoder, CodeMode mode) {
    long instructions = 0;
    long invalid = 0;
    long start = System.nanoTime();
    for (position = 0; position < code.length; ) {
      Decoded decoded = decoder.decode(mode, this::byteAt);
      if (decoded instanceof Instruction in) {
        position += in.length();
        instructions++;
      } else {
        position++;
        invalid++;
      }
    }
    double nanos = System.nanoTime() - start;
    System.out.printf(
        "%,d instructions, %,d invalid bytes: %.0f ns each%n",
        instructions, invalid, nanos / (instructions + invalid));
  }

  private int byteAt(int offset) {
    int at = position + offset;
    return at < code.length ? code[at] & 0xFF : -1;
  }
}
