package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Vcpu;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code monitor} commands that go to instants, and name them. Marks are kept as long as this
 * is: in memory, from one debugger to the next.
 */
final class InstantCommands {
  private static final int MOST_MARKS = 10_000;

  /**
   * A debugger that did not move the target itself does not look at it anew.
   *
   * <p>GDB manual, "Maintenance Commands".
   */
  private static final String FLUSH =
      "GDB does not know of this; type: maintenance flush register-cache\n";

  private final Map<String, Mark> marks = new TreeMap<>();

  private record Mark(long steps, long tick) {}

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

  private String mark(MonitorCommand.Present present, List<String> arguments) {
    if (marks.size() == MOST_MARKS) {
      throw new IllegalArgumentException("There are as many marks as there may be.");
    }
    Machine machine = present.target().machine();
    marks.put(name(arguments), new Mark(machine.steps(), machine.now()));
    return where(present);
  }

  private String marks() {
    StringBuilder out = new StringBuilder();
    marks.forEach(
        (name, m) -> out.append("%-20s tick %d, %d steps%n".formatted(name, m.tick, m.steps)));
    return out.isEmpty() ? "There are no marks.\n" : out.toString();
  }

  private String go(MonitorCommand.Present present, List<String> arguments) throws IOException {
    String name = name(arguments);
    Mark mark = marks.get(name);
    if (mark == null) {
      throw new IllegalArgumentException("There is no mark " + name + ".");
    }
    present.target().seekStep(mark.steps, present.interruption());
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
