package dev.hindsight.cli.ask;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.cli.Failure;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.ByteDifference;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.Intervention;
import dev.hindsight.timeline.RunDifference;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints how two runs differ: what happened, what was before, and what differs afterwards. */
final class DifferenceReport implements DifferenceAnswer {
  /** Differing bytes in a line. */
  private static final int LINE = 8;

  private final Machine machine;
  private final PrintStream out;

  /**
   * A report.
   *
   * @param machine that of the first run
   */
  DifferenceReport(Machine machine, PrintStream out) {
    this.machine = machine;
    this.out = out;
  }

  /** Which fields of two machines' descriptions differ. */
  static List<String> differences(MachineDescription a, MachineDescription b) {
    List<String> fields = new ArrayList<>();
    add(fields, "CPU model", a.cpuModel(), b.cpuModel());
    add(fields, "number of CPUs", a.vcpus(), b.vcpus());
    add(fields, "memory size", a.memoryBytes(), b.memoryBytes());
    add(fields, "quantum", a.quantum(), b.quantum());
    add(fields, "ticks per second", a.ticksPerSecond(), b.ticksPerSecond());
    add(fields, "power-on time", a.powerOnTime(), b.powerOnTime());
    add(fields, "seed", a.seed(), b.seed());
    List<ImageDescription> images = new ArrayList<>(a.images());
    images.addAll(b.images());
    images.stream()
        .filter(i -> !a.images().contains(i) || !b.images().contains(i))
        .map(i -> "content of the " + i.name())
        .distinct()
        .forEach(fields::add);
    List<DiskDescription> disks = new ArrayList<>(a.disks());
    disks.addAll(b.disks());
    disks.stream()
        .filter(d -> !a.disks().contains(d) || !b.disks().contains(d))
        .map(d -> "disk " + d.name())
        .distinct()
        .forEach(fields::add);
    return fields;
  }

  @Override
  public void runs(Run first, Run second, List<String> descriptions) {
    say("First:  " + first.recording() + ", " + first.settings());
    say("Second: " + second.recording() + ", " + second.settings());
    if (!descriptions.isEmpty()) {
      say("The machines have different descriptions: " + String.join(", ", descriptions) + ".");
    }
  }

  private static void add(List<String> fields, String name, Object first, Object second) {
    if (!first.equals(second)) {
      fields.add("%s (%s and %s)".formatted(name, first, second));
    }
  }

  private void disagreements(Disagreements all) {
    all.first().ifPresent(d -> say("The first run is not what was recorded. " + d));
    all.second().ifPresent(d -> say("The second run is not what was recorded. " + d));
  }

  @Override
  public void equal(Disagreements disagreements, long tick, long steps) {
    disagreements(disagreements);
    out.printf(
        "The runs do not differ up to tick %d, after %d steps, where the shorter recording ends.%n",
        tick, steps);
  }

  @Override
  public void different(Disagreements disagreements, RunDifference d) {
    disagreements(disagreements);
    out.println(headline(d));
    if (!d.deadlines().isEmpty()) {
      out.println("Deadlines come of: " + String.join(", ", d.deadlines()) + ".");
    }
    inputs("first", d.firstInputs());
    inputs("second", d.secondInputs());
    interventions("first", d.firstInterventions());
    interventions("second", d.secondInterventions());
    if (d.cause() == RunDifference.Cause.STEP) {
      before(d);
    }
    d.firstObstacle().ifPresent(o -> say("The first run cannot go on. " + o));
    d.secondObstacle().ifPresent(o -> say("The second run cannot go on. " + o));
    after(d);
  }

  private static String headline(RunDifference d) {
    String when = "at tick %d, after %d steps".formatted(d.tick(), d.steps());
    return switch (d.cause()) {
      case POWER_ON -> "The machines differ at power-on.";
      case INPUT -> "The runs have different inputs %s.".formatted(when);
      case EVENTS ->
          "The runs differ %s: in what happens before the next step, with equal inputs."
              .formatted(when);
      case INTERVENTION -> "The runs differ %s: by what somebody changed.".formatted(when);
      case STEP ->
          "The runs differ %s: in the next step, by CPU %d.".formatted(when, d.vcpu().orElse(0));
      case TIME -> "The runs differ %s: as time passes while all CPUs are halted.".formatted(when);
      case UNREPEATABLE ->
          ("The runs were equal %s, and differed at tick %d, after %d steps; run again they do not"
                  + " differ, so an engine depends on something that is not in the machine's state.")
              .formatted(when, d.seenTick(), d.seenSteps());
    };
  }

  private void inputs(String run, List<Input> inputs) {
    inputs.forEach(i -> say("Input of the " + run + " run: " + text(i)));
  }

  private void interventions(String run, List<Intervention> all) {
    for (Intervention i : all) {
      i.edits().forEach(e -> say("Changed in the " + run + " run: " + text(e)));
    }
  }

  /** A change from outside as text. */
  static String text(Edit edit) {
    return switch (edit) {
      case Edit.Register r ->
          "%s of CPU %d to 0x%x"
              .formatted(r.register().toString().toUpperCase(Locale.ROOT), r.vcpu(), r.value());
      case Edit.Memory m ->
          "%d bytes of memory from 0x%x on".formatted(m.bytes().length, m.address());
    };
  }

  /** An input as text. */
  static String text(Input input) {
    return switch (input) {
      case Input.SerialByte b ->
          "byte 0x%02x%s for %s"
              .formatted(
                  b.value(),
                  b.value() > ' ' && b.value() < 0x7F ? " '" + (char) b.value() + "'" : "",
                  b.device());
      case Input.ClockAdvance a -> "the clock advances by %d ticks".formatted(a.ticks());
      case Input.Reset _ -> "the reset button";
      case Input.PowerOff _ -> "the power is cut";
      case Input.PowerButton _ -> "the power button";
      case Input.Key k ->
          "key %x %s for %s".formatted(k.code(), k.pressed() ? "down" : "up", k.device());
      case Input.MouseMotion m ->
          "mouse by %d, %d, wheel %d, buttons %d for %s"
              .formatted(m.dx(), m.dy(), m.wheel(), m.buttons(), m.device());
    };
  }

  private void before(RunDifference d) {
    Vcpu cpu = machine.vcpus().get(d.vcpu().orElse(0));
    out.printf(
        "%nBefore, in both: CPU %d at tick %d, after %d steps of its own, %s%n",
        cpu.index(),
        cpu.tick(),
        cpu.steps(),
        cpu.activity().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    RegisterDump.print(cpu, out);
    DisassembleQuestion.print(cpu, cpu.linearRip(), 1, out);
  }

  private void after(RunDifference d) {
    out.println();
    if (d.fields().isEmpty() && d.bytes().isEmpty()) {
      out.println("Nothing in the machines differs then.");
      return;
    }
    out.println("What differs then, in the first run and in the second:");
    for (StateDifferences.Difference f : d.fields()) {
      say("  %-28s %-20s %s".formatted(StateNames.of(f.path()), f.first(), f.second()));
    }
    if (d.moreFields() > 0) {
      out.printf("  and %d more fields%n", d.moreFields());
    }
    for (int i = 0; i < d.bytes().size(); ) {
      int end = runEnd(d.bytes(), i);
      bytes(d.bytes().subList(i, end));
      i = end;
    }
    if (d.moreBytes() > 0) {
      out.printf("  and %d more bytes%n", d.moreBytes());
    }
  }

  /** Where bytes one behind another end, or a line. */
  private static int runEnd(List<ByteDifference> bytes, int start) {
    ByteDifference first = bytes.get(start);
    int end = start + 1;
    while (end < bytes.size()
        && end - start < LINE
        && bytes.get(end).where().equals(first.where())
        && bytes.get(end).address() == first.address() + end - start) {
      end++;
    }
    return end;
  }

  private void bytes(List<ByteDifference> line) {
    StringBuilder a = new StringBuilder();
    StringBuilder b = new StringBuilder();
    for (ByteDifference d : line) {
      a.append("%02x ".formatted(d.first()));
      b.append("%02x ".formatted(d.second()));
    }
    say(
        "  %-28s %-24s %s"
            .formatted(
                "%s 0x%x".formatted(line.getFirst().where(), line.getFirst().address()),
                a,
                b.toString().strip()));
  }

  private void say(String text) {
    out.println(Failure.printable(text));
  }
}
