package dev.hindsight.bench.interpreter.shape;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Measures one shape of interpreter: {@code CompareShapes <loop|forms|chain|switch>}. Each is
 * measured in a JVM of its own, so that none is compiled by what another has shown of it.
 */
public final class CompareShapes {
  private static final int ROUNDS = 15;
  private static final int RUNS = 20;

  private CompareShapes() {}

  /** Runs it and prints the speed, and a checksum that all shapes must agree on. */
  public static void main(String[] args) {
    SyntheticProgram program = new SyntheticProgram(1);
    Shape shape =
        switch (args[0]) {
          case "loop" -> new Shape.Loop(program, false);
          case "forms" -> new Shape.Loop(program, true);
          case "chain" -> new Shape.Chain(program);
          case "switch" -> new Shape.Switch(program);
          default -> throw new IllegalArgumentException(args[0]);
        };
    var threads = ManagementFactory.getThreadMXBean();
    double[] speeds = new double[ROUNDS];
    try (Arena memory = Arena.ofConfined()) {
      SyntheticCpu cpu = new SyntheticCpu(memory);
      for (int round = 0; round < ROUNDS; round++) {
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < RUNS; i++) {
          shape.run(cpu);
        }
        speeds[round] = RUNS * program.steps * 1e3 / (threads.getCurrentThreadCpuTime() - start);
      }
      double[] warm = Arrays.copyOfRange(speeds, ROUNDS / 2, ROUNDS);
      Arrays.sort(warm);
      System.out.printf(
          "%-6s %,d blocks, %d kinds of operations: first %.1f, after warm-up median %.1f, least"
              + " %.1f, most %.1f million operations a second of processor time; load %.1f;"
              + " checksum %x%n",
          args[0],
          SyntheticProgram.BLOCKS,
          Work.KINDS,
          speeds[0],
          warm[warm.length / 2],
          warm[0],
          warm[warm.length - 1],
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
          cpu.checksum());
    }
  }
}
