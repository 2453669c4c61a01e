package dev.hindsight.device;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.acpi.AcpiPowerManagement;
import dev.hindsight.device.apic.LocalApic;
import dev.hindsight.device.apic.X2apicRegisters;
import dev.hindsight.device.apic.XapicRegisters;
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
import dev.hindsight.device.virtio.VirtioDevice;
import dev.hindsight.device.virtio.VirtioDriver;
import dev.hindsight.device.virtio.VirtioEntropy;
import dev.hindsight.device.virtio.VirtioRings;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The devices that the contract suite is run over. A new device is one row. */
public enum DeviceRow {
  UART(rig -> uart(rig)),
  PIT(rig -> pit(rig)),
  PIC(rig -> pic(rig)),
  LOCAL_APIC(rig -> apic(rig, 0xFEE0_0800L)),
  LOCAL_X2APIC(rig -> apic(rig, 0xFEE0_0C00L)),
  IO_APIC(rig -> ioApic(rig)),
  HPET(rig -> hpet(rig)),
  HOST_BRIDGE(rig -> hostBridge(rig)),
  ISA_BRIDGE(rig -> isaBridge(rig)),
  ACPI(rig -> acpi(rig)),
  SYSTEM_CONTROL_PORTS(rig -> systemControlPorts(rig)),
  RESET_CONTROL(rig -> resetControl(rig)),
  RTC(rig -> rtc(rig)),
  I8042(rig -> i8042(rig)),
  VIRTIO_BLOCK(rig -> virtio(rig, slot -> new VirtioBlock("dut", slot, ArrayDisk.forgetful(100)))),
  VIRTIO_CONSOLE(rig -> virtio(rig, slot -> new VirtioConsole("dut", slot, rig.sink()))),
  VIRTIO_ENTROPY(rig -> virtio(rig, slot -> new VirtioEntropy("dut", slot, 5))),
  ASSERTION_DOOR(rig -> assertionDoor());

  private static final int SVR_ENABLED = 0x1FF;

  private final Function<Rig, Subject> make;

  DeviceRow(Function<Rig, Subject> make) {
    this.make = make;
  }

  /** A device at power-on; a local APIC is enabled. */
  public Subject create(Rig rig) {
    return make.apply(rig);
  }

  private static Subject.Range range(IoRegion region, int length) {
    return new Subject.Range(region, length);
  }

  private static Subject uart(Rig rig) {
    Uart16550 d = new Uart16550("dut", rig, rig.deadlines(), rig.line("int"), rig.sink());
    d.reset();
    return Subject.of(d, range(d, Uart16550.LENGTH));
  }

  private static Subject pit(Rig rig) {
    Pit8254 d = new Pit8254("dut", rig, rig.deadlines(), rig.line("out0"));
    d.reset();
    return new Subject(
        d,
        List.of(range(d, Pit8254.LENGTH)),
        List.of(
            value -> d.gate((int) (value >>> 1 & 0xFF) % 3, (value & 1) != 0),
            value -> rig.event("out " + d.output((int) (value & 0xFF) % 3))));
  }

  private static Subject pic(Rig rig) {
    DualPic d = new DualPic("dut", rig.line("int"));
    d.reset();
    return new Subject(
        d,
        List.of(range(d.master(), 2), range(d.slave(), 2), range(d.elcr(), 2)),
        List.of(
            value -> d.input((int) value >>> 1 & 15).set((value & 1) != 0),
            value -> rig.event("vector " + d.acknowledge())));
  }

  private static Subject acpi(Rig rig) {
    AcpiPowerManagement d =
        new AcpiPowerManagement("dut", rig, rig.deadlines(), rig.line("sci"), rig.system());
    d.reset();
    return new Subject(
        d,
        List.of(
            range(d.events(), AcpiPowerManagement.EVENTS_LENGTH),
            range(d.control(), AcpiPowerManagement.CONTROL_LENGTH),
            range(d.timer(), AcpiPowerManagement.TIMER_LENGTH),
            range(d.gpe(), AcpiPowerManagement.GPE_LENGTH)),
        List.of(value -> d.generalPurposeEvent((int) value)));
  }

  private static Subject systemControlPorts(Rig rig) {
    SystemControlPorts d =
        new SystemControlPorts(
            "dut", rig, rig.system(), rig.line("gate2"), () -> (rig.now() & 1) != 0);
    d.reset();
    return Subject.of(d, range(d.portA(), 1), range(d.portB(), 1));
  }

  private static Subject resetControl(Rig rig) {
    ResetControl d = new ResetControl("dut", rig.system());
    d.reset();
    return Subject.of(d, range(d, ResetControl.LENGTH));
  }

  private static Subject rtc(Rig rig) {
    Mc146818 d =
        new Mc146818(
            "dut",
            rig,
            rig.deadlines(),
            rig.line("irq"),
            951_782_399,
            CmosContents.ofMemory(1L << 30, 0));
    d.reset();
    // mostly the clock's own registers, and with interrupts on
    return new Subject(
        d,
        List.of(range(d, Mc146818.LENGTH)),
        List.of(
            value -> d.write(0, 1, value & 15),
            value -> {
              d.write(0, 1, 11);
              d.write(1, 1, value & 0x7F);
            }));
  }

  private static Subject i8042(Rig rig) {
    I8042 d =
        new I8042(
            "dut", rig, rig.deadlines(), rig.line("keyboard"), rig.line("auxiliary"), rig.system());
    d.reset();
    return new Subject(
        d,
        List.of(range(d.data(), 1), range(d.command(), 1)),
        List.of(
            value -> d.command().write(0, 1, value % 3 == 0 ? 0xD4 : 0xA8 + value % 7),
            value -> d.data().write(0, 1, 0xE6 + Math.floorMod(value, 0x1A))));
  }

  /** A door whose registers nobody can reach but by calls. */
  private static Subject assertionDoor() {
    AssertionDoor d = new AssertionDoor("dut");
    d.reset();
    d.call(AssertionDoor.CALLS, RandomCaller.ours(0x1239));
    return new Subject(
        d,
        List.of(range(new NoRegisters(), 1)),
        List.of(
            value -> d.call(AssertionDoor.CALLS, RandomCaller.ours(value)),
            value -> d.call(AssertionDoor.CALLS, RandomCaller.vmwares(value))));
  }

  private static Subject hostBridge(Rig rig) {
    HostBridge d = new HostBridge("dut");
    IsaBridge other = new IsaBridge("isa", isaIrqs(rig));
    other.reset();
    d.attach(1, 0, other);
    d.reset();
    return new Subject(
        d,
        List.of(
            range(d.address(), HostBridge.ADDRESS_LENGTH), range(d.data(), HostBridge.DATA_LENGTH)),
        List.of(value -> d.address().write(0, 4, 0x8000_0000L | value & 0xFC)));
  }

  private static Subject isaBridge(Rig rig) {
    IsaBridge d = new IsaBridge("dut", isaIrqs(rig));
    List<InterruptLine> sources = List.of(d.pirq(0), d.pirq(1), d.pirq(1), d.pirq(2), d.pirq(3));
    d.reset();
    return new Subject(
        d,
        List.of(range(d.configuration(), ConfigurationSpace.LENGTH)),
        List.of(
            value -> sources.get((int) (value >>> 1 & 0xFF) % 5).set((value & 1) != 0),
            value -> d.configuration().write(0x60 + (value & 3), 1, value >>> 8 & 0x0F)));
  }

  /** A device whose queues are full of requests; a stimulus starts it, another notifies it. */
  private static Subject virtio(Rig rig, Function<PciSlot, VirtioDevice<?>> make) {
    ArrayMemory scratch = ArrayMemory.ram(VirtioRings.LENGTH);
    PciSlot slot =
        new PciSlot(
            rig,
            rig.deadlines(),
            ArrayMemory.rom(scratch.bytes(), rig::event),
            (address, data) -> rig.event("message %x %x".formatted(address, data)),
            rig.line("pin"));
    VirtioDevice<?> d = make.apply(slot);
    d.reset();
    VirtioDriver driver = new VirtioDriver(d, scratch);
    List<IoRegion> bars = d.windows().stream().map(w -> w.bar().region()).toList();
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT);
    VirtioRings.fill(driver, scratch);
    return new Subject(
        d,
        List.of(
            range(d.configuration(), ConfigurationSpace.LENGTH),
            range(bars.get(0), 0x320),
            range(bars.get(1), 64)),
        List.of(
            value -> {
              d.configuration().write(4, 2, 6);
              driver.start(
                  VirtioDriver.VERSION_1
                      | VirtioDriver.INDIRECT
                      | ((value & 1) != 0 ? VirtioDriver.EVENT_IDX : 0));
            },
            value -> driver.notifyQueue((int) value & 1),
            value -> driver.notifyQueue((int) value & 1),
            value -> driver.message((int) value & 1, value >>> 8, 0x21),
            value -> driver.messageControl((int) value)));
  }

  private static List<InterruptLine> isaIrqs(Rig rig) {
    return IntStream.range(0, IsaBridge.ISA_IRQS).mapToObj(n -> rig.line("irq" + n)).toList();
  }

  private static Subject apic(Rig rig, long base) {
    LocalApic d = localApic(rig, 1);
    X2apicRegisters msrs = new X2apicRegisters(d, () -> 1000, 40);
    d.reset();
    msrs.write(0x1B, base);
    XapicRegisters memory = new XapicRegisters(d);
    memory.write(0xF0, 4, SVR_ENABLED);
    msrs.write(0x80F, SVR_ENABLED);
    return new Subject(
        d,
        List.of(range(memory, XapicRegisters.LENGTH), range(new MsrWindow(msrs), MsrWindow.LENGTH)),
        List.of(
            value -> rig.event("vector " + d.acknowledge()),
            value -> d.lint0().set((value & 1) != 0),
            value -> d.lint1().set((value & 1) != 0),
            value -> d.taskPriority((int) value & 15),
            value -> deliver(d, message(value)),
            value -> d.performanceCounterOverflow(),
            value -> msrs.write(0x1B, 0xFEE0_0000L | (value & 3) << 10)));
  }

  private static Subject ioApic(Rig rig) {
    IoApic d = new IoApic("dut", message -> rig.event(message.toString()));
    d.reset();
    return new Subject(
        d,
        // the registers that there are, so that they are hit
        List.of(range(d, 0x44)),
        List.of(
            value -> d.input((int) (value >>> 1 & 0xFF) % IoApic.PINS).set((value & 1) != 0),
            value -> d.endOfInterrupt((int) value & 0xFF),
            value -> {
              d.write(0x00, 4, 0x10 + (value >>> 40 & 0xFF) % (2 * IoApic.PINS));
              d.write(0x10, 4, value);
            }));
  }

  private static Subject hpet(Rig rig) {
    Hpet d = hpetOf(rig);
    d.reset();
    return new Subject(
        d,
        List.of(range(d, 0x160)),
        List.of(
            value -> d.pit().set((value & 1) != 0),
            value -> d.rtc().set((value & 1) != 0),
            value -> d.write(0x10, 4, value & 3),
            value -> d.write(0x100 + 0x20 * ((value >>> 40 & 0xFF) % 3), 4, value),
            value ->
                d.write(
                    0x108 + 0x20 * ((value >>> 40 & 0xFF) % 3),
                    8,
                    d.peek(0xF0, 8) + (value & 0xFF_FFFF))));
  }

  /** An HPET whose messages are events, and whose lines are "irq0", "irq8" and "pin16" to 23. */
  public static Hpet hpetOf(Rig rig) {
    return new Hpet(
        "dut",
        rig,
        rig.deadlines(),
        new HpetOutputs(
            rig.line("irq0"),
            rig.line("irq8"),
            pin -> rig.line("pin" + pin),
            (address, data) -> rig.event("%x to %x".formatted(data, address))));
  }

  /** A local APIC whose messages, pins and ends of interrupts are events. */
  public static LocalApic localApic(Rig rig, int id) {
    ApicBus bus = message -> rig.event(message.toString());
    InterruptSource external =
        new InterruptSource() {
          @Override
          public int acknowledge() {
            return 0x70;
          }

          @Override
          public int taskPriority() {
            return 0;
          }

          @Override
          public void taskPriority(int value) {}
        };
    CpuPins pins =
        new CpuPins() {
          @Override
          public void intr(boolean level) {
            rig.line("intr").set(level);
          }

          @Override
          public void nmi() {
            rig.event("nmi");
          }

          @Override
          public void init() {
            rig.event("init");
          }

          @Override
          public void startup(int vector) {
            rig.event("startup " + vector);
          }
        };
    return new LocalApic(
        "dut",
        id,
        rig,
        rig.deadlines(),
        bus,
        pins,
        external,
        vector -> rig.event("end of " + vector));
  }

  private static ApicMessage message(long bits) {
    ApicMessage.Mode[] modes = ApicMessage.Mode.values();
    ApicMessage.Target[] targets = ApicMessage.Target.values();
    return new ApicMessage(
        modes[(int) (bits >>> 8 & 0xFF) % modes.length],
        (int) bits & 0xFF,
        targets[(int) bits >>> 16 & 3],
        (bits >>> 18 & 1) == 0 ? 1 : (int) (bits >>> 32),
        (bits >>> 19 & 1) != 0,
        (bits >>> 20 & 1) != 0,
        (int) (bits >>> 21 & 3) - 1);
  }

  private static void deliver(LocalApic apic, ApicMessage message) {
    if (apic.accepts(message)) {
      apic.receive(message);
    }
  }

  /** The MSRs of a local APIC as a range: 800h to 83Fh, then IA32_APIC_BASE and TSC_DEADLINE. */
  private record MsrWindow(X2apicRegisters msrs) implements IoRegion {
    private static final int LENGTH = 0x42;

    private static int number(long offset) {
      return offset < 0x40 ? 0x800 + (int) offset : offset == 0x40 ? 0x1B : 0x6E0;
    }

    @Override
    public long read(long offset, int bytes) {
      return peek(offset, bytes);
    }

    @Override
    public long peek(long offset, int bytes) {
      return msrs.read(number(offset)).orElse(-1) & -1L >>> 64 - 8 * bytes;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      msrs.write(number(offset), value & -1L >>> 64 - 8 * bytes);
    }
  }
}
