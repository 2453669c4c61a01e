package dev.hindsight.bench.fuzz;

import dev.hindsight.board.DeviceFuzz;
import dev.hindsight.timeline.RecordingFuzz;
import dev.hindsight.x86.DecoderFuzz;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Feeds random inputs to the targets that Jazzer takes too, without coverage and so faster.
 * Arguments: number of inputs of each target (1,000,000; of recordings a hundredth), seed (0).
 */
public final class RandomInputs {
  private static final int LONGEST_TRAFFIC = 300;
  private static final int LONGEST_CODE = 17;
  private static final int LONGEST_CHANGES = 13;
  private static final int MACHINES_COST = 100;

  private RandomInputs() {}

  /** Runs it; an input that fails is printed, and ends the run. */
  public static void main(String[] arguments) {
    int inputs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    run("decoder", DecoderFuzz::fuzzerTestOneInput, LONGEST_CODE, inputs, seed);
    run("devices", DeviceFuzz::fuzzerTestOneInput, LONGEST_TRAFFIC, inputs, seed);
    // each of these makes two machines
    run(
        "recordings",
        RecordingFuzz::fuzzerTestOneInput,
        LONGEST_CHANGES,
        inputs / MACHINES_COST,
        seed);
  }

  private static void run(
      String name, Consumer<byte[]> target, int longest, int inputs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long slowest = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < inputs; i++) {
      byte[] input = new byte[random.nextInt(longest + 1)];
      random.nextBytes(input);
      long start = System.nanoTime();
      try {
        target.accept(input);
      } catch (RuntimeException e) {
        throw new IllegalStateException(name + " failed on " + HexFormat.of().formatHex(input), e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    System.out.printf(
        "%s: %,d inputs in %,d s, no exception; the slowest took %,d ms%n",
        name, inputs, (System.nanoTime() - begin) / 1_000_000_000, slowest / 1_000_000);
  }
}
