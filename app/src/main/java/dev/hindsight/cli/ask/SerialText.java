package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.cli.Engines;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/** What the first serial port of a recorded machine sends, by a replay from power-on. */
final class SerialText {
  /** Steps after which somebody is asked whether to go on. */
  private static final long PIECE = 50_000_000;

  private SerialText() {}

  /**
   * Writes it.
   *
   * @param tick the instant up to which it is sent, before anything happens at this tick
   * @param steps the same, in steps of all vCPUs; what comes first counts
   * @param interrupted asked now and then whether it is not wanted any more
   * @return whether it was written to the end
   */
  static boolean write(
      RecordedPc pc, long tick, long steps, PrintStream out, BooleanSupplier interrupted)
      throws IOException {
    try (Machine machine =
        pc.builder()
            .engine(Engines.AUTO.factory())
            .outputs((device, value, at) -> {
              if (device.equals(PcChipset.SERIAL)) {
                out.write(value);
              }
            })
            .build()) {
      Replay replay = new Replay(machine, pc.recording());
      while (true) {
        long piece = Math.min(steps, machine.steps() + PIECE);
        Outcome outcome = replay.slice(tick, piece);
        if (outcome != Outcome.LIMIT || machine.steps() == steps || machine.now() >= tick) {
          return true;
        }
        if (interrupted.getAsBoolean()) {
          return false;
        }
      }
    }
  }
}
