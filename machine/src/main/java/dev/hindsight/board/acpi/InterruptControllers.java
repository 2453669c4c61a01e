package dev.hindsight.board.acpi;

import dev.hindsight.board.PcAddresses;

/** The multiple APIC description table, MADT (ACPI 5.2.12, x2APIC entries: 4.0, 5.2.12.12). */
final class InterruptControllers {
  private static final int REVISION = 3;
  private static final int ALSO_8259 = 1;
  private static final int ENABLED = 1;
  private static final int MOST_XAPIC_ID = 254;
  private static final int TIMER_IRQ = 0;
  private static final int TIMER_GSI = 2;
  private static final int AS_THE_BUS = 0;
  private static final int LEVEL_HIGH = 0xD;
  private static final int ALL_XAPIC = 0xFF;
  private static final long ALL_X2APIC = 0xFFFF_FFFFL;
  private static final int LINT1 = 1;

  private InterruptControllers() {}

  static byte[] table(int cpus) {
    TableBytes b = new TableBytes().dword(PcAddresses.LOCAL_APIC).dword(ALSO_8259);
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (cpu <= MOST_XAPIC_ID) {
        b.bytes(0, 8, cpu, cpu).dword(ENABLED);
      } else {
        b.bytes(9, 16).word(0).dword(cpu).dword(ENABLED).dword(cpu);
      }
    }
    b.bytes(1, 12, ioApicId(cpus), 0).dword(PcAddresses.IO_APIC).dword(0);
    override(b, TIMER_IRQ, TIMER_GSI, AS_THE_BUS);
    override(b, PcAddresses.SCI, PcAddresses.SCI, LEVEL_HIGH);
    b.bytes(4, 6, ALL_XAPIC).word(AS_THE_BUS).bytes(LINT1);
    if (cpus > MOST_XAPIC_ID + 1) {
      b.bytes(10, 12).word(AS_THE_BUS).dword(ALL_X2APIC).bytes(LINT1, 0, 0, 0);
    }
    return SystemTable.of("APIC", REVISION, b);
  }

  /** The ID after those of the CPUs; these have all that fit into eight bits if they are many. */
  static int ioApicId(int cpus) {
    return cpus <= MOST_XAPIC_ID ? cpus : 0;
  }

  /** Says that an interrupt of ISA is another input of the I/O APIC, or is driven otherwise. */
  private static void override(TableBytes b, int irq, int gsi, int flags) {
    b.bytes(2, 10, 0, irq).dword(gsi).word(flags);
  }
}
