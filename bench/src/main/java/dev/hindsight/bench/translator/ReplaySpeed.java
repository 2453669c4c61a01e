package dev.hindsight.bench.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import dev.hindsight.translator.HostRefusal;
import dev.hindsight.translator.Translator;
import dev.hindsight.x86.Decoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
      List<Translator> translators = new ArrayList<>();
      EngineFactory engines =
          args[1].equals("interpreter")
              ? new InterpreterFactory()
              : (memory, model) -> {
                try {
                  Translator t =
                      new Translator(
                          memory, new Decoder(model.features()), InstructionSet.semantics());
                  translators.add(t);
                  return t;
                } catch (HostRefusal e) {
                  throw new IllegalStateException(e);
                }
              };
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
      }
      translators.forEach(t -> System.out.println(t.counters()));
    }
  }
}
