package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.cli.ask.RegisterDump;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import java.io.PrintStream;

/** What is left of a vCPU that is in shutdown: its registers, and the bytes that it was at. */
final class CrashReport {
  private static final int CODE_BYTES = 16;

  private CrashReport() {}

  static void print(Machine machine, PrintStream err) {
    for (Vcpu cpu : machine.vcpus()) {
      if (cpu.activity() == Activity.SHUTDOWN) {
        print(machine, cpu, err);
      }
    }
  }

  private static void print(Machine machine, Vcpu cpu, PrintStream err) {
    err.printf(
        "hindsight: Triple fault on CPU %d at tick %,d, after %,d instructions.%n",
        cpu.index(), cpu.tick(), cpu.steps());
    RegisterDump.print(cpu, err);
    err.println("Bytes at RIP: " + code(machine, cpu));
  }

  private static String code(Machine machine, Vcpu cpu) {
    long linear = cpu.linearRip();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CODE_BYTES; i++) {
      try {
        long physical = cpu.memory().lookFetch(linear + i);
        text.append("%02x ".formatted(machine.memory().peek(physical, 1)));
      } catch (GuestFault f) {
        return text + "(not mapped)";
      }
    }
    return text.toString();
  }
}
