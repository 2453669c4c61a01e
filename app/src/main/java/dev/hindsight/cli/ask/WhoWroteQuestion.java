package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.PhysicalRanges;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Timeline;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR who-wrote}. */
@Command(
    name = "who-wrote",
    description = {
      "Which instruction, or device, wrote to memory last, or each time?",
      "A linear address means the physical memory that it is mapped to at the instant"
          + " before which is looked: whoever wrote there is found, through whatever address."
    },
    mixinStandardHelpOptions = true)
final class WhoWroteQuestion implements Callable<Integer> {
  private static final int DEFAULT_BYTES = 8;

  /** Of a range that is longer than this only that many bytes are shown. */
  private static final int MOST_SHOWN = 16;

  @ParentCommand private AskCommand ask = new AskCommand();

  @Parameters(
      index = "0",
      paramLabel = "ADDR[:LEN]",
      converter = Addresses.Converter.class,
      description = "Linear address and number of bytes (8).")
  private Addresses addresses = new Addresses(0, OptionalInt.empty());

  @Option(names = "--physical", description = "It is a physical address.")
  private boolean physical;

  @Option(
      names = "--before",
      paramLabel = "TICK",
      description = "Look before this tick (default: that of --at, or the end).")
  private @Nullable Long before;

  @Option(names = "--all", description = "Each time since power-on, not only the last.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    Optional<Instant> end = before == null ? ask.at() : Optional.of(new Instant.Tick(before));
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
    try (OpenRecording present = ask.present(end)) {
      Timeline timeline = present.timeline();
      List<Stops.Range> ranges = ranges(present.vcpu(ask.vcpu()));
      Stops stops = new Stops(Set.of(), new LinkedHashSet<>(ranges), Set.of());
      WriteReport report = new WriteReport(timeline.machine(), ranges, MOST_SHOWN, out);
      if (all) {
        Moment there = timeline.present();
        timeline.seek(0);
        report.begin();
        timeline.observe(there, stops, report);
      } else if (timeline.runBack(stops) == Outcome.STOP) {
        report.begin();
        last(timeline, report);
      }
      if (report.isEmpty()) {
        out.println("Nobody has written there since power-on.");
      }
    } finally {
      out.flush();
    }
    return 0;
  }

  private List<Stops.Range> ranges(Vcpu cpu) throws RecordingException {
    long length = addresses.length().orElse(DEFAULT_BYTES);
    if (physical) {
      return List.of(new Stops.Range(true, addresses.start(), length, Stops.Access.WRITE));
    }
    List<Stops.Range> ranges =
        PhysicalRanges.of(cpu, addresses.start(), length, Stops.Access.WRITE);
    if (ranges.isEmpty()) {
      throw new RecordingException(
          "No page is mapped at 0x%x in the address space of CPU %d then; --at or --before says when, --vcpu whose."
              .formatted(addresses.start(), cpu.index()));
    }
    return ranges;
  }

  /** The timeline has come back to before the last write. */
  private static void last(Timeline timeline, WriteReport report) throws IOException {
    List<StopHit> hits = new ArrayList<>(timeline.hits());
    Machine machine = timeline.machine();
    if (hits.getFirst().vcpu() == StopHit.DEVICE) {
      timeline.seek(machine.now() + 1);
    } else {
      timeline.step();
    }
    hits.forEach(report::hit);
  }
}
