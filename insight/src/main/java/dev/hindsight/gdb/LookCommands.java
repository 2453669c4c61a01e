package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Vcpu;
import java.util.List;
import java.util.Locale;

/** The {@code monitor} commands that show what debuggers cannot ask for themselves. */
final class LookCommands {
  private static final int MOST_BYTES = 0x10000;
  private static final int BYTES_IN_LINE = 16;

  private LookCommands() {}

  static List<MonitorCommand> commands() {
    return List.of(
        new MonitorCommand("physical ADDR LEN", "bytes of physical memory", LookCommands::physical),
        new MonitorCommand("vcpu list", "the CPUs and where they are", LookCommands::vcpus));
  }

  private static String physical(MonitorCommand.Present present, List<String> arguments) {
    if (arguments.size() != 2) {
      throw new IllegalArgumentException("");
    }
    long start = number(arguments.getFirst());
    long length = number(arguments.getLast());
    if (length < 1 || length > MOST_BYTES) {
      throw new IllegalArgumentException("It shows 1 to " + MOST_BYTES + " bytes at once.");
    }
    byte[] bytes =
        LinearBytes.readPhysical(present.target().machine().memory(), start, (int) length);
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < bytes.length; at += BYTES_IN_LINE) {
      out.append("%016x ".formatted(start + at));
      for (int i = at; i < Math.min(bytes.length, at + BYTES_IN_LINE); i++) {
        out.append(" %02x".formatted(bytes[i]));
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** Decimal, or hexadecimal behind 0x. */
  private static long number(String text) {
    try {
      return text.toLowerCase(Locale.ROOT).startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("", e);
    }
  }

  private static String vcpus(MonitorCommand.Present present, List<String> arguments) {
    if (!arguments.equals(List.of("list"))) {
      throw new IllegalArgumentException("");
    }
    Machine machine = present.target().machine();
    StringBuilder out = new StringBuilder();
    for (Vcpu cpu : machine.vcpus()) {
      out.append(
          "%s CPU %d (thread %d): %s, %d-bit code, privilege level %d, linear %x, tick %d, %d steps%n"
              .formatted(
                  cpu.index() == present.vcpu() ? "*" : " ",
                  cpu.index(),
                  cpu.index() + 1,
                  cpu.activity().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                  cpu.codeMode().bits(),
                  cpu.cpl(),
                  cpu.linearRip(),
                  cpu.tick(),
                  cpu.steps()));
    }
    return out.toString();
  }
}
