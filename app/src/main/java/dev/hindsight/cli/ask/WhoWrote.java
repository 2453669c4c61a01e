package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Looks for writes to memory before the present of a timeline, and prints them. */
final class WhoWrote {
  private static final int USUAL_BYTES = 8;

  /** Of a range that is longer than this only that many bytes are shown. */
  private static final int MOST_SHOWN = 16;

  private final Timeline timeline;
  private final Stops stops;
  private final WriteReport report;
  private final PrintStream out;

  /**
   * The question.
   *
   * @param cpu whose address space the range is in, at present
   * @throws RecordingException if no page is mapped there
   */
  WhoWrote(Timeline timeline, Vcpu cpu, MemoryRange range, PrintStream out)
      throws RecordingException {
    List<Stops.Range> ranges = range.writes(cpu, USUAL_BYTES);
    if (ranges.isEmpty()) {
      throw new RecordingException(
          "No page is mapped at 0x%x in the address space of CPU %d then; --at or --before says when, --vcpu whose."
              .formatted(range.start(), cpu.index()));
    }
    this.timeline = timeline;
    this.out = out;
    stops = new Stops(Set.of(), new LinkedHashSet<>(ranges), Set.of());
    report = new WriteReport(timeline.machine(), ranges, MOST_SHOWN, out);
  }

  /** Each write since power-on. The timeline is at its present then. */
  void all() throws IOException {
    Moment there = timeline.present();
    timeline.seek(0);
    report.begin();
    timeline.observe(there, stops, report);
    end();
  }

  /**
   * The last write. The timeline is behind it then, if there is one.
   *
   * @param interrupted is asked now and then whether to give up
   * @return whether it was looked for to the end
   */
  boolean last(BooleanSupplier interrupted) throws IOException {
    if (timeline.runBack(stops, interrupted) == Outcome.STOP) {
      report.begin();
      List<StopHit> hits = new ArrayList<>(timeline.hits());
      Machine machine = timeline.machine();
      if (hits.getFirst().vcpu() == StopHit.DEVICE) {
        timeline.seek(machine.now() + 1);
      } else {
        timeline.step();
      }
      hits.forEach(report::hit);
    } else if (timeline.present().compareTo(Moment.POWER_ON) > 0) {
      return false;
    }
    end();
    return true;
  }

  private void end() {
    if (report.isEmpty()) {
      out.println("Nobody has written there since power-on.");
    }
  }
}
