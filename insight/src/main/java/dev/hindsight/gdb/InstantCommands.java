package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.util.List;

/** The {@code monitor} commands that go to instants, and name them. */
final class InstantCommands {
  /**
   * A debugger that did not move the target itself does not look at it anew.
   *
   * <p>GDB manual, "Maintenance Commands".
   */
  private static final String FLUSH =
      "GDB does not know of this; type: maintenance flush register-cache\n";

  private final Marks.Source marks;

  /**
   * The commands.
   *
   * @param marks where names are kept
   */
  InstantCommands(Marks.Source marks) {
    this.marks = marks;
  }

  List<MonitorCommand> commands() {
    return List.of(
        new MonitorCommand("where", "which instant this is", (p, _) -> where(p)),
        new MonitorCommand(
            "seek TICK", "go to the state before anything happens at a tick", this::seek),
        new MonitorCommand(
            "seek-step N", "go to where N steps were made, and the next would follow", this::step),
        new MonitorCommand(
            "mark NAME", "give a name to the instant before the next step", this::mark),
        new MonitorCommand("marks", "which names there are", (_, _) -> marks()),
        new MonitorCommand("go NAME", "go to the instant of that name", this::go));
  }

  private static String where(MonitorCommand.Present present) {
    Machine machine = present.target().machine();
    Vcpu cpu = present.cpu();
    String place =
        switch (present.target().place()) {
          case BEGINNING -> ", at the beginning";
          case BETWEEN -> "";
          case END -> ", at the end";
        };
    return "tick %d, %d steps%s; CPU %d (thread %d) made %d, and is at %x:%x, linear %x%n"
        .formatted(
            machine.now(),
            machine.steps(),
            place,
            cpu.index(),
            cpu.index() + 1,
            cpu.steps(),
            cpu.cs().selector(),
            cpu.rip(),
            cpu.linearRip());
  }

  private String seek(MonitorCommand.Present present, List<String> arguments) throws IOException {
    present.target().seek(number(arguments), present.interruption());
    return where(present) + FLUSH;
  }

  private String step(MonitorCommand.Present present, List<String> arguments) throws IOException {
    present.target().seekStep(number(arguments), present.interruption());
    return where(present) + FLUSH;
  }

  private String mark(MonitorCommand.Present present, List<String> arguments) throws IOException {
    String name = name(arguments);
    if (present.target().hasLeftRecording()) {
      throw new IOException(
          "This is no instant of the recording; that of the branch can have marks.");
    }
    marks.read().put(name, new Instant.Step(present.target().machine().steps()));
    return where(present);
  }

  private String marks() throws IOException {
    StringBuilder out = new StringBuilder();
    marks.read().all().forEach((name, at) -> out.append("%-20s %s%n".formatted(name, at)));
    return out.isEmpty() ? "There are no marks.\n" : out.toString();
  }

  private String go(MonitorCommand.Present present, List<String> arguments) throws IOException {
    String name = name(arguments);
    Instant mark =
        marks
            .read()
            .find(name)
            .orElseThrow(() -> new IllegalArgumentException("There is no mark " + name + "."));
    switch (mark) {
      case Instant.Tick(long tick) -> present.target().seek(tick, present.interruption());
      case Instant.Step(long steps) -> present.target().seekStep(steps, present.interruption());
    }
    return where(present) + FLUSH;
  }

  private static String name(List<String> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException("");
    }
    return arguments.getFirst();
  }

  private static long number(List<String> arguments) {
    try {
      long number = Long.parseLong(name(arguments).replace("_", "").replace(",", ""));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("");
  }
}
