package dev.hindsight.board;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.MessageSignalledInterrupts;
import dev.hindsight.bus.MessageSink;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.acpi.AcpiPowerManagement;
import dev.hindsight.device.apic.LocalApic;
import dev.hindsight.device.apic.X2apicRegisters;
import dev.hindsight.device.apic.XapicRegisters;
import dev.hindsight.device.debug.DebugConsole;
import dev.hindsight.device.debug.DebugExit;
import dev.hindsight.device.hpet.Hpet;
import dev.hindsight.device.hpet.HpetOutputs;
import dev.hindsight.device.i8042.I8042;
import dev.hindsight.device.ioapic.IoApic;
import dev.hindsight.device.pci.HostBridge;
import dev.hindsight.device.pci.IsaBridge;
import dev.hindsight.device.pic.DualPic;
import dev.hindsight.device.pit.Pit8254;
import dev.hindsight.device.rtc.CmosContents;
import dev.hindsight.device.rtc.Mc146818;
import dev.hindsight.device.system.ResetControl;
import dev.hindsight.device.system.SystemControlPorts;
import dev.hindsight.device.uart.Uart16550;
import dev.hindsight.device.vassert.AssertionDoor;
import dev.hindsight.device.virtio.VirtioBlock;
import dev.hindsight.device.virtio.VirtioConsole;
import dev.hindsight.device.virtio.VirtioEntropy;
import dev.hindsight.storage.Disk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The chips of a PC, at the addresses where PCs have them ({@link PcAddresses}, and the legacy
 * ports below). On PCI bus 0: host bridge (device 0), ISA bridge (1), virtio entropy source (2) and
 * console (3), and from 4 on a virtio block device for each disk.
 */
public final class PcChipset implements Chipset {
  /** Name of the first serial port, as inputs and outputs name it. */
  public static final String SERIAL = "uart0";

  /** Name of the second serial port. */
  public static final String SECOND_SERIAL = "uart1";

  /** Name of the keyboard controller, to which keys and mouse motions go. */
  public static final String KEYBOARD = "i8042";

  /** Name of the virtio console. */
  public static final String VIRTIO_CONSOLE = "console";

  /** Name of the debug console, an output only. */
  public static final String DEBUG_CONSOLE = "debug";

  /** I/O port of the first serial port. */
  public static final int SERIAL_PORT = 0x3F8;

  /** I/O port of the second serial port. */
  public static final int SECOND_SERIAL_PORT = 0x2F8;

  /** Name of the door for virtual assertions. */
  public static final String ASSERTION_DOOR = "vassert";

  private static final String PRESENT = "pc-3";
  private static final String WITHOUT_DOOR = "pc-2";

  private static final int TIMER_IRQ = 0;
  private static final int KEYBOARD_IRQ = 1;
  private static final int SECOND_SERIAL_IRQ = 3;
  private static final int SERIAL_IRQ = 4;
  private static final int RTC_IRQ = 8;
  private static final int MOUSE_IRQ = 12;

  private static final int DEBUG_CONSOLE_PORT = 0xE9;
  private static final int DEBUG_EXIT_PORT = 0xF4;
  private static final int CONFIGURATION_ADDRESS = 0xCF8;
  private static final int CONFIGURATION_DATA = 0xCFC;

  private static final int ENTROPY_DEVICE = 2;
  private static final int CONSOLE_DEVICE = 3;
  private static final int FIRST_DISK_DEVICE = 4;

  private final String name;

  private PcChipset(String name) {
    this.name = name;
  }

  /** The present one. */
  public PcChipset() {
    this(PRESENT);
  }

  /**
   * The one of a recording, which may be older: pc-2 has no door for virtual assertions.
   *
   * @param name name in its description
   * @return the chipset, or empty if there is none of this name
   */
  public static Optional<PcChipset> named(String name) {
    return name.equals(PRESENT) || name.equals(WITHOUT_DOOR)
        ? Optional.of(new PcChipset(name))
        : Optional.empty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void install(Sockets sockets) {
    new Assembly(sockets).install();
    if (name.equals(PRESENT)) {
      AssertionDoor door = new AssertionDoor(ASSERTION_DOOR);
      sockets.add(door);
      sockets.backDoor(door);
    }
  }

  /** Puts one machine together. Sinks of signals come before their sources. */
  private static final class Assembly {
    private final Sockets sockets;
    private final List<LocalApic> apics = new ArrayList<>();
    private final DualPic pic;
    private final IoApic ioApic;
    private final InterruptRouting routing;
    private final MessageSink messages;
    private final PciMap pciMap;

    Assembly(Sockets sockets) {
      this.sockets = sockets;
      pic = new DualPic("pic", this::legacyInterrupt);
      ioApic = new IoApic("ioapic", sockets.apicBus());
      routing = new InterruptRouting(pic, ioApic);
      messages = new MessageSignalledInterrupts(sockets.apicBus());
      pciMap = new PciMap(sockets.memory(), sockets.ports());
    }

    void install() {
      installInterruptControllers();
      installTimers();
      installSystem();
      installSerialPort(SERIAL, SERIAL_PORT, SERIAL_IRQ);
      installSerialPort(SECOND_SERIAL, SECOND_SERIAL_PORT, SECOND_SERIAL_IRQ);
      installPci();
    }

    private void installInterruptControllers() {
      for (int i = 0; i < sockets.description().vcpus(); i++) {
        apics.add(localApic(i));
      }
      connectLocalApics();
      sockets.add(pic);
      sockets.ports().map(0x20, 2, 1, pic.master());
      sockets.ports().map(0xA0, 2, 1, pic.slave());
      sockets.ports().map(0x4D0, 2, 1, pic.elcr());
      sockets.add(ioApic);
      sockets.memory().mapRegisters(PcAddresses.IO_APIC, IoApic.LENGTH, 4, ioApic);
    }

    /** The output of the 8259s: LINT0 of the bootstrap processor, and pin 0 of the I/O APIC. */
    private void legacyInterrupt(boolean level) {
      apics.getFirst().lint0().set(level);
      ioApic.input(0).set(level);
    }

    private LocalApic localApic(int cpu) {
      LocalApic apic =
          new LocalApic(
              "apic" + cpu,
              cpu,
              sockets.clock(),
              sockets.deadlines(),
              sockets.apicBus(),
              sockets.pins(cpu),
              pic,
              ioApic::endOfInterrupt);
      sockets.add(apic);
      sockets.attach(apic);
      sockets.interruptSource(cpu, apic);
      sockets.performanceInterrupt(cpu, apic::performanceCounterOverflow);
      return apic;
    }

    private void connectLocalApics() {
      List<XapicRegisters> registers = apics.stream().map(XapicRegisters::new).toList();
      sockets
          .memory()
          .mapRegisters(
              PcAddresses.LOCAL_APIC,
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

    private void installTimers() {
      Hpet hpet =
          new Hpet(
              "hpet",
              sockets.clock(),
              sockets.deadlines(),
              new HpetOutputs(
                  routing.isa(TIMER_IRQ), routing.isa(RTC_IRQ), routing::ioApic, messages));
      sockets.add(hpet);
      sockets.memory().mapRegisters(PcAddresses.HPET, Hpet.LENGTH, 8, hpet);

      Pit8254 pit = new Pit8254("pit", sockets.clock(), sockets.deadlines(), hpet.pit());
      sockets.add(pit);
      sockets.ports().map(0x40, Pit8254.LENGTH, 1, pit);

      SystemControlPorts control =
          new SystemControlPorts(
              "system",
              sockets.clock(),
              sockets.control(),
              level -> pit.gate(2, level),
              () -> pit.output(2));
      sockets.add(control);
      sockets.ports().map(0x61, 1, 1, control.portB());
      sockets.ports().map(0x92, 1, 1, control.portA());

      MachineDescription machine = sockets.description();
      long low = Math.min(machine.memoryBytes(), PcAddresses.PCI_HOLE);
      Mc146818 rtc =
          new Mc146818(
              "rtc",
              sockets.clock(),
              sockets.deadlines(),
              hpet.rtc(),
              machine.powerOnTime(),
              CmosContents.ofMemory(low, machine.memoryBytes() - low));
      sockets.add(rtc);
      sockets.ports().map(0x70, Mc146818.LENGTH, 1, rtc);
    }

    private void installSystem() {
      AcpiPowerManagement acpi =
          new AcpiPowerManagement(
              "acpi",
              sockets.clock(),
              sockets.deadlines(),
              routing.isa(PcAddresses.SCI),
              sockets.control());
      sockets.add(acpi);
      sockets.ports().map(PcAddresses.PM1_EVENT, PcAddresses.PM1_EVENT_BYTES, 2, acpi.events());
      sockets
          .ports()
          .map(PcAddresses.PM1_CONTROL, PcAddresses.PM1_CONTROL_BYTES, 2, acpi.control());
      sockets.ports().map(PcAddresses.PM_TIMER, PcAddresses.PM_TIMER_BYTES, 4, acpi.timer());
      sockets.ports().map(PcAddresses.GPE0, PcAddresses.GPE0_BYTES, 2, acpi.gpe());

      I8042 keyboard =
          new I8042(
              KEYBOARD,
              sockets.clock(),
              sockets.deadlines(),
              routing.isa(KEYBOARD_IRQ),
              routing.isa(MOUSE_IRQ),
              sockets.control());
      sockets.add(keyboard);
      sockets.ports().map(0x60, 1, 1, keyboard.data());
      sockets.ports().map(0x64, 1, 1, keyboard.command());

      sockets
          .ports()
          .map(
              DEBUG_CONSOLE_PORT,
              DebugConsole.LENGTH,
              1,
              new DebugConsole(sockets.output(DEBUG_CONSOLE)));
      sockets.ports().map(DEBUG_EXIT_PORT, DebugExit.LENGTH, 4, new DebugExit(sockets.control()));
    }

    private void installSerialPort(String name, int port, int irq) {
      Uart16550 uart =
          new Uart16550(
              name, sockets.clock(), sockets.deadlines(), routing.isa(irq), sockets.output(name));
      sockets.add(uart);
      sockets.ports().map(port, Uart16550.LENGTH, 1, uart);
    }

    private void installPci() {
      HostBridge host = new HostBridge("pci");
      sockets.add(host);
      ResetControl reset = new ResetControl("reset", sockets.control());
      sockets.add(reset);
      sockets
          .ports()
          .map(
              CONFIGURATION_ADDRESS,
              HostBridge.ADDRESS_LENGTH,
              4,
              new ConfigurationAddressPorts(host.address(), reset));
      sockets.ports().map(CONFIGURATION_DATA, HostBridge.DATA_LENGTH, 4, host.data());

      IsaBridge isa = new IsaBridge("isa", routing.legacyInputs());
      sockets.add(isa);
      host.attach(1, 0, isa);

      VirtioEntropy entropy =
          new VirtioEntropy("entropy", slot(ENTROPY_DEVICE, isa), sockets.description().seed());
      sockets.add(entropy);
      attach(host, ENTROPY_DEVICE, entropy);
      VirtioConsole console =
          new VirtioConsole(
              VIRTIO_CONSOLE, slot(CONSOLE_DEVICE, isa), sockets.output(VIRTIO_CONSOLE));
      sockets.add(console);
      attach(host, CONSOLE_DEVICE, console);
      int device = FIRST_DISK_DEVICE;
      for (Disk disk : sockets.disks()) {
        VirtioBlock block = new VirtioBlock("block-" + disk.serial(), slot(device, isa), disk);
        sockets.add(block);
        attach(host, device, block);
        device++;
      }
    }

    private PciSlot slot(int device, IsaBridge isa) {
      InterruptLine pin = routing.pci(device, isa);
      return new PciSlot(sockets.clock(), sockets.deadlines(), sockets.memory(), messages, pin);
    }

    private void attach(HostBridge host, int device, PciFunction function) {
      host.attach(device, 0, function);
      pciMap.add(function);
    }
  }
}
