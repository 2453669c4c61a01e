package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * Interventions as bytes: tick and steps as the differences to those before, then the edits, each
 * with a number for its type. Numbers of types are never used anew.
 */
final class InterventionFormat {
  private static final int REGISTER = 1;
  private static final int MEMORY = 2;

  private long latestSteps;

  /** At the beginning of a log. */
  InterventionFormat() {}

  void write(Intervention intervention, TickFormat ticks, CompactWriter out) {
    ticks.write(intervention.tick(), out);
    out.putNumber(intervention.steps() - latestSteps);
    latestSteps = intervention.steps();
    for (Edit edit : intervention.edits()) {
      switch (edit) {
        case Edit.Register r -> {
          out.putByte(REGISTER);
          out.putNumber(r.vcpu());
          out.putNumber(r.register().number());
          out.putLong(r.value());
        }
        case Edit.Memory m -> {
          byte[] bytes = m.bytes();
          out.putByte(MEMORY);
          out.putNumber(m.address());
          out.putNumber(bytes.length);
          out.putBytes(bytes);
        }
      }
    }
  }

  /** Reads one that takes all that is left. */
  Intervention read(TickFormat ticks, CompactReader in) {
    long tick = ticks.read(in);
    long more = in.getNumber();
    if (more > Long.MAX_VALUE - latestSteps) {
      throw new StateFormatException("A number is too large.");
    }
    latestSteps += more;
    List<Edit> edits = new ArrayList<>();
    while (in.remaining() > 0) {
      edits.add(edit(in));
    }
    try {
      return new Intervention(tick, latestSteps, edits);
    } catch (IllegalArgumentException e) {
      throw new StateFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Edit edit(CompactReader in) {
    int type = in.getByte();
    try {
      return switch (type) {
        case REGISTER ->
            new Edit.Register(
                small(in.getNumber()), new VcpuRegister(small(in.getNumber())), in.getLong());
        case MEMORY -> new Edit.Memory(in.getNumber(), in.getBytes());
        default ->
            throw new StateFormatException("There is a change that this release does not know.");
      };
    } catch (IllegalArgumentException e) {
      throw new StateFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A number that is small if it makes sense; another one makes no sense to anybody either. */
  private static int small(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }
}
