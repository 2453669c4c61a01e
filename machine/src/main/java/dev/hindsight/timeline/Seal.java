package dev.hindsight.timeline;

import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a recorded run ended.
 *
 * @param outcome why: anything but {@link Outcome#STOP}
 * @param steps steps that all vCPUs had executed
 * @param digest the last state, and its tick
 */
public record Seal(Outcome outcome, long steps, StateDigest digest) {
  /** Outcomes in the order of their numbers in a log. */
  private static final List<Outcome> OUTCOMES =
      List.of(
          Outcome.LIMIT, Outcome.IDLE, Outcome.POWERED_OFF, Outcome.TRIPLE_FAULT, Outcome.RESET);

  /** Bytes that a part takes at least: a name without letters, and its hash. */
  private static final int LEAST_PART = 9;

  void write(TickFormat ticks, CompactWriter out) {
    ticks.write(digest.tick(), out);
    out.putByte(OUTCOMES.indexOf(outcome));
    out.putNumber(steps);
    out.putNumber(digest.parts().size());
    for (StateDigest.Entry part : digest.parts()) {
      out.putText(part.name());
      out.putLong(part.hash());
    }
  }

  static Seal read(TickFormat ticks, CompactReader in) {
    long tick = ticks.read(in);
    int outcome = in.getByte();
    if (outcome >= OUTCOMES.size()) {
      throw new StateFormatException("A run ended in a way that this release does not know.");
    }
    long steps = in.getNumber();
    int count = in.getCount(LEAST_PART);
    List<StateDigest.Entry> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new StateDigest.Entry(in.getText(), in.getLong()));
    }
    return new Seal(OUTCOMES.get(outcome), steps, new StateDigest(tick, parts));
  }
}
