package dev.hindsight.cli.ask;

import dev.hindsight.cpu.Vcpu;
import java.io.PrintStream;
import java.util.List;

/** The registers of a vCPU that everybody wants to see, as text. */
public final class RegisterDump {
  /** General registers by number. */
  static final List<String> NAMES =
      List.of(
          "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12",
          "R13", "R14", "R15");

  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};

  private RegisterDump() {}

  /** Prints general, segment, control and descriptor table registers, flags and RIP. */
  public static void print(Vcpu cpu, PrintStream out) {
    for (int i = 0; i < NAMES.size(); i++) {
      out.printf("%-4s%016x%s", NAMES.get(i), cpu.general().get64(i), i % 4 == 3 ? "\n" : "  ");
    }
    out.printf("RIP %016x  RFLAGS %016x  CPL %d%n", cpu.rip(), cpu.flags().get(), cpu.cpl());
    for (int i = 0; i < SEGMENTS.length; i++) {
      var s = cpu.segment(i);
      out.printf(
          "%-4s%04x base %016x limit %08x%n", SEGMENTS[i], s.selector(), s.base(), s.limit());
    }
    out.printf(
        "CR0 %016x  CR2 %016x  CR3 %016x  CR4 %016x  EFER %016x%n",
        cpu.control().cr0(),
        cpu.control().cr2(),
        cpu.control().cr3(),
        cpu.control().cr4(),
        cpu.control().efer());
    out.printf(
        "GDTR %016x %04x  IDTR %016x %04x%n",
        cpu.gdtr().base(), cpu.gdtr().limit(), cpu.idtr().base(), cpu.idtr().limit());
  }
}
