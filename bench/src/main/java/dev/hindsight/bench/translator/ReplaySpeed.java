package dev.hindsight.bench.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Replays a recording, hashes compared, as fast as an engine can: {@code ReplaySpeed DIR
 * translator|interpreter [times]}. The times share a JVM, so the first one warms it up.
 */
public final class ReplaySpeed {
  private ReplaySpeed() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int times = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    for (int i = 0; i < times; i++) {
      EngineFactory engines = EngineNames.factory(args[1]);
      try (RecordedPc pc = RecordedPc.open(Path.of(args[0]));
          Machine machine = pc.builder().engine(engines).build()) {
        Replay replay = new Replay(machine, pc.recording());
        long wall = System.nanoTime();
        long time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Object outcome = replay.run();
        double seconds = (System.nanoTime() - wall) / 1e9;
        double processor =
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - time) / 1e9;
        System.out.printf(
            "%s after %,d instructions, %d hashes agree: %.2f s, %.2f s of processor time, %.1f"
                + " million instructions a second%n",
            outcome,
            machine.steps(),
            replay.agreed(),
            seconds,
            processor,
            machine.steps() / processor / 1e6);
        System.out.println(machine.engineCounts());
      }
    }
  }
}
