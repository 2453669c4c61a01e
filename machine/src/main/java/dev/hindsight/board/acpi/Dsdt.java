package dev.hindsight.board.acpi;

import static dev.hindsight.board.acpi.Aml.device;
import static dev.hindsight.board.acpi.Aml.eisaId;
import static dev.hindsight.board.acpi.Aml.integer;
import static dev.hindsight.board.acpi.Aml.method;
import static dev.hindsight.board.acpi.Aml.name;
import static dev.hindsight.board.acpi.Aml.packageOf;
import static dev.hindsight.board.acpi.Aml.path;
import static dev.hindsight.board.acpi.AmlCode.argument;
import static dev.hindsight.board.acpi.AmlCode.returns;
import static dev.hindsight.board.acpi.AmlCode.store;
import static dev.hindsight.board.acpi.AmlCode.when;

import dev.hindsight.board.PcAddresses;
import java.util.ArrayList;
import java.util.List;

/**
 * The differentiated system description table, DSDT: processors, the PCI host bridge with its
 * windows and interrupts, the ISA devices behind it, and the sleeping state S5.
 */
final class Dsdt {
  /** Revision 2: integers have 64 bits. */
  private static final int REVISION = 2;

  private static final int PCI_DEVICES = 32;
  private static final int PINS = 4;

  private Dsdt() {}

  static byte[] table(int cpus) {
    List<Aml> system = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      system.add(processor(cpu));
    }
    system.add(hostBridge());
    system.addAll(InterruptLinks.devices());
    system.add(eventTimer());
    system.add(motherboard());
    TableBytes b = new TableBytes();
    b.bytes(name("\\PICF", integer(0)).encoded());
    b.bytes(method("\\_PIC", 1, store(argument(0), path("\\PICF"))).encoded());
    b.bytes(name("\\_S5", packageOf(zero(), zero(), zero(), zero())).encoded());
    b.bytes(Aml.scope("\\_SB", system).encoded());
    return SystemTable.of("DSDT", REVISION, b);
  }

  /** Sleeping type of S5, for PM1a and PM1b, and what is reserved. */
  private static Aml zero() {
    return integer(0);
  }

  private static Aml processor(int cpu) {
    return device(
        "C%03X".formatted(cpu), name("_HID", Aml.string("ACPI0007")), name("_UID", integer(cpu)));
  }

  private static Aml hostBridge() {
    List<Aml> objects = new ArrayList<>();
    objects.add(name("_HID", eisaId("PNP0A03")));
    objects.add(name("_UID", zero()));
    objects.add(name("_CRS", windows().buffer()));
    objects.add(name("PRTP", routing(false)));
    objects.add(name("PRTA", routing(true)));
    objects.add(
        method("_PRT", 0, when(path("\\PICF"), returns(path("PRTA"))), returns(path("PRTP"))));
    objects.add(isaBridge());
    return device("PCI0", objects);
  }

  private static ResourceTemplate windows() {
    return new ResourceTemplate()
        .busWindow(0, 0xFF)
        .io(0xCF8, 8)
        .ioWindow(0, 0xCF7)
        .ioWindow(0xD00, 0xFFFF)
        .memoryWindow(0xA_0000, 0xB_FFFF, true)
        .memoryWindow(PcAddresses.PCI_HOLE, PcAddresses.PCI_HOLE_LAST, false);
  }

  /**
   * Pin p of device d is wired to line (d + p) mod 4: that is a link if the 8259s are used, else an
   * input of the I/O APIC.
   */
  private static Aml routing(boolean ioApic) {
    List<Aml> wires = new ArrayList<>();
    for (int device = 1; device < PCI_DEVICES; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        int line = device + pin & PINS - 1;
        wires.add(
            packageOf(
                integer((long) device << 16 | 0xFFFF),
                integer(pin),
                ioApic ? zero() : path(InterruptLinks.pathOf(line)),
                ioApic ? integer(PcAddresses.PCI_GSI + line) : zero()));
      }
    }
    return packageOf(wires);
  }

  private static Aml isaBridge() {
    List<Aml> objects = new ArrayList<>();
    objects.add(name("_ADR", integer(1 << 16)));
    objects.addAll(InterruptLinks.registers());
    objects.add(isa("RTC", "PNP0B00", 0, new ResourceTemplate().io(0x70, 2).irq(8)));
    objects.add(isa("TIMR", "PNP0100", 0, new ResourceTemplate().io(0x40, 4).irq(0)));
    objects.add(isa("PIC", "PNP0000", 0, new ResourceTemplate().io(0x20, 2).io(0xA0, 2).irq(2)));
    objects.add(isa("KBD", "PNP0303", 0, new ResourceTemplate().io(0x60, 1).io(0x64, 1).irq(1)));
    objects.add(isa("MOU", "PNP0F13", 0, new ResourceTemplate().irq(12)));
    objects.add(isa("COM1", "PNP0501", 1, new ResourceTemplate().io(0x3F8, 8).irq(4)));
    objects.add(isa("COM2", "PNP0501", 2, new ResourceTemplate().io(0x2F8, 8).irq(3)));
    objects.add(isa("SPKR", "PNP0800", 0, new ResourceTemplate().io(0x61, 1)));
    return device("ISA", objects);
  }

  /** A device of ISA; those of which there are several have a number. */
  private static Aml isa(String name, String id, int number, ResourceTemplate resources) {
    List<Aml> objects = new ArrayList<>();
    objects.add(name("_HID", eisaId(id)));
    if (number != 0) {
      objects.add(name("_UID", integer(number)));
    }
    objects.add(name("_CRS", resources.buffer()));
    return device(name, objects);
  }

  private static Aml eventTimer() {
    ResourceTemplate resources =
        new ResourceTemplate().memory(PcAddresses.HPET, PcAddresses.HPET_BYTES, false);
    return device(
        "HPET",
        name("_HID", eisaId("PNP0103")),
        name("_UID", zero()),
        name("_CRS", resources.buffer()));
  }

  /** What no driver claims, but is not free either. The I/O APIC is in the MADT, and claimed. */
  private static Aml motherboard() {
    ResourceTemplate resources =
        new ResourceTemplate()
            .io(PcAddresses.POWER_MANAGEMENT, PcAddresses.POWER_MANAGEMENT_BYTES)
            .io(0x4D0, 2)
            .io(0x92, 1)
            .memory(PcAddresses.LOCAL_APIC, 0x1000, true);
    return device(
        "MBRD",
        name("_HID", eisaId("PNP0C02")),
        name("_UID", zero()),
        name("_CRS", resources.buffer()));
  }
}
