package dev.hindsight.board;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.device.acpi.AcpiPowerManagement;
import dev.hindsight.device.apic.LocalApic;
import dev.hindsight.device.apic.X2apicRegisters;
import dev.hindsight.device.apic.XapicRegisters;
import dev.hindsight.device.pic.DualPic;
import dev.hindsight.device.pit.Pit8254;
import dev.hindsight.device.uart.Uart16550;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The chips of a small PC, at the addresses where PCs have them: 8259s at 20h and A0h with ELCR at
 * 4D0h, 8254 at 40h on IRQ 0, a 16550A at 3F8h on IRQ 4, PM1 control at 604h, and a local APIC for
 * each CPU at FEE00000h. The 8259s drive LINT0 of the bootstrap processor.
 */
public final class PcChipset implements Chipset {
  /** Name of the serial port, as inputs and outputs name it. */
  public static final String SERIAL = "uart0";

  /** I/O port of the serial port. */
  public static final int SERIAL_PORT = 0x3F8;

  /** I/O port of the PM1 control register. */
  public static final int PM1_CONTROL_PORT = 0x604;

  /** Physical address of the local APIC. */
  public static final long LOCAL_APIC = 0xFEE0_0000L;

  private static final int TIMER_IRQ = 0;
  private static final int SERIAL_IRQ = 4;

  @Override
  public String name() {
    return "pc-1";
  }

  @Override
  public void install(Sockets sockets) {
    List<LocalApic> apics = new ArrayList<>();
    DualPic pic = new DualPic("pic", level -> apics.getFirst().lint0().set(level));
    for (int i = 0; i < sockets.description().vcpus(); i++) {
      apics.add(localApic(sockets, pic, i));
    }
    sockets.add(pic);
    sockets.ports().map(0x20, 2, 1, pic.master());
    sockets.ports().map(0xA0, 2, 1, pic.slave());
    sockets.ports().map(0x4D0, 2, 1, pic.elcr());
    connectApics(sockets, apics);

    Pit8254 pit = new Pit8254("pit", sockets.clock(), sockets.deadlines(), pic.input(TIMER_IRQ));
    sockets.add(pit);
    sockets.ports().map(0x40, Pit8254.LENGTH, 1, pit);

    Uart16550 uart =
        new Uart16550(
            SERIAL,
            sockets.clock(),
            sockets.deadlines(),
            pic.input(SERIAL_IRQ),
            sockets.output(SERIAL));
    sockets.add(uart);
    sockets.ports().map(SERIAL_PORT, Uart16550.LENGTH, 1, uart);

    AcpiPowerManagement acpi =
        new AcpiPowerManagement(
            "acpi",
            sockets.clock(),
            sockets.deadlines(),
            InterruptLine.UNCONNECTED,
            sockets.control());
    sockets.add(acpi);
    sockets.ports().map(PM1_CONTROL_PORT, AcpiPowerManagement.CONTROL_LENGTH, 2, acpi.control());
  }

  private static LocalApic localApic(Sockets sockets, DualPic pic, int cpu) {
    LocalApic apic =
        new LocalApic(
            "apic" + cpu,
            cpu,
            sockets.clock(),
            sockets.deadlines(),
            sockets.apicBus(),
            sockets.pins(cpu),
            pic,
            LocalApic.EoiListener.NONE);
    sockets.add(apic);
    sockets.attach(apic);
    sockets.interruptSource(cpu, apic);
    return apic;
  }

  private static void connectApics(Sockets sockets, List<LocalApic> apics) {
    List<XapicRegisters> registers = apics.stream().map(XapicRegisters::new).toList();
    sockets
        .memory()
        .mapRegisters(
            LOCAL_APIC,
            XapicRegisters.LENGTH,
            4,
            new PerCpuRegisters(registers, sockets::accessingCpu));
    List<X2apicRegisters> msrs = new ArrayList<>();
    for (int i = 0; i < apics.size(); i++) {
      int cpu = i;
      msrs.add(
          new X2apicRegisters(
              apics.get(i),
              () -> sockets.tscOffset(cpu),
              sockets.description().model().physicalAddressBits()));
    }
    sockets.msrBus(
        new MsrBus() {
          @Override
          public OptionalLong read(int vcpu, int number) {
            return msrs.get(vcpu).read(number);
          }

          @Override
          public boolean write(int vcpu, int number, long value) {
            return msrs.get(vcpu).write(number, value);
          }
        });
  }
}
