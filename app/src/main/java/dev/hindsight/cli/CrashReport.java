package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import java.io.PrintStream;

/** What is left of a vCPU that is in shutdown: its registers, and the bytes that it was at. */
final class CrashReport {
  private static final String[] NAMES = {
    "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
    "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"
  };
  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};
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
    for (int i = 0; i < NAMES.length; i++) {
      err.printf("%-4s%016x%s", NAMES[i], cpu.general().get64(i), i % 4 == 3 ? "\n" : "  ");
    }
    err.printf("RIP %016x  RFLAGS %016x  CPL %d%n", cpu.rip(), cpu.flags().get(), cpu.cpl());
    for (int i = 0; i < SEGMENTS.length; i++) {
      var s = cpu.segment(i);
      err.printf(
          "%-4s%04x base %016x limit %08x%n", SEGMENTS[i], s.selector(), s.base(), s.limit());
    }
    err.printf(
        "CR0 %016x  CR2 %016x  CR3 %016x  CR4 %016x  EFER %016x%n",
        cpu.control().cr0(),
        cpu.control().cr2(),
        cpu.control().cr3(),
        cpu.control().cr4(),
        cpu.control().efer());
    err.printf(
        "GDTR %016x %04x  IDTR %016x %04x%n",
        cpu.gdtr().base(), cpu.gdtr().limit(), cpu.idtr().base(), cpu.idtr().limit());
    err.println("Bytes at RIP: " + code(machine, cpu));
  }

  private static String code(Machine machine, Vcpu cpu) {
    long linear = cpu.is64Bit() ? cpu.rip() : cpu.cs().base() + cpu.rip() & 0xFFFF_FFFFL;
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
