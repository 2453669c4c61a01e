package dev.hindsight.bench.interpreter.shape;

import java.util.Arrays;
import java.util.Random;

/**
 * Blocks of operations, and the order in which they are executed: loops over a few blocks, some
 * often and many seldom.
 */
final class SyntheticProgram {
  static final int BLOCKS = 3000;
  private static final int LEAST = 3;
  private static final int MOST = 8;
  private static final int ORDER = 1 << 17;
  private static final int LONGEST_LOOP = 8;
  private static final int MOST_TURNS = 24;

  /**
   * One operation.
   *
   * @param kind function and form, see {@link Work}
   */
  record Step(int kind, int a, int b, long immediate) {
    int function() {
      return kind / Work.FORMS;
    }

    int form() {
      return kind % Work.FORMS;
    }
  }

  final Step[][] blocks = new Step[BLOCKS][];
  final int[] order = new int[ORDER];
  final long steps;

  SyntheticProgram(long seed) {
    Random random = new Random(seed);
    int[] kinds = shuffled(Work.KINDS, random);
    double[] kindWeights = zipf(Work.KINDS);
    for (int i = 0; i < BLOCKS; i++) {
      Step[] block = new Step[LEAST + random.nextInt(MOST - LEAST + 1)];
      for (int k = 0; k < block.length; k++) {
        block[k] =
            new Step(
                kinds[pick(kindWeights, random)],
                random.nextInt(SyntheticCpu.REGISTERS),
                random.nextInt(SyntheticCpu.REGISTERS),
                random.nextInt(1 << 16));
      }
      blocks[i] = block;
    }
    steps = fillOrder(random);
  }

  private long fillOrder(Random random) {
    double[] weights = zipf(BLOCKS);
    long sum = 0;
    int at = 0;
    while (at < ORDER) {
      // every block at least once
      int first = at < BLOCKS ? at : pick(weights, random);
      int blocksInLoop = at < BLOCKS ? 1 : 1 + random.nextInt(LONGEST_LOOP);
      int times = at < BLOCKS ? 1 : 1 + random.nextInt(MOST_TURNS);
      for (int i = 0; i < blocksInLoop * times && at < ORDER; i++) {
        int block = (first + i % blocksInLoop) % BLOCKS;
        order[at++] = block;
        sum += blocks[block].length;
      }
    }
    return sum;
  }

  private static int[] shuffled(int n, Random random) {
    int[] all = new int[n];
    for (int i = 0; i < n; i++) {
      int k = random.nextInt(i + 1);
      all[i] = all[k];
      all[k] = i;
    }
    return all;
  }

  /** Cumulated weights: the n-th is 1/n as frequent as the first. */
  private static double[] zipf(int n) {
    double[] sums = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    return sums;
  }

  private static int pick(double[] sums, Random random) {
    double at = random.nextDouble() * sums[sums.length - 1];
    int i = Arrays.binarySearch(sums, at);
    return i >= 0 ? i : -i - 1;
  }
}
