package dev.hindsight.board;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.device.ioapic.IoApic;
import dev.hindsight.device.pci.IsaBridge;
import dev.hindsight.device.pic.DualPic;
import java.util.ArrayList;
import java.util.List;

/**
 * Which interrupt goes where: an ISA interrupt to the 8259s and to the I/O APIC's pin of the same
 * number (IRQ 0 to pin 2), the interrupt pin of a PCI device through the ISA bridge to the 8259s,
 * and to one of the I/O APIC's pins 16 to 19. The wires at its pins 16 to 23 are those of PCI: low
 * while they are asserted.
 */
final class InterruptRouting {
  private static final int PCI_LINES = 4;
  private static final int TIMER_PIN = 2;

  private final List<WiredOr> pic = new ArrayList<>();
  private final List<WiredOr> ioApic = new ArrayList<>();

  InterruptRouting(DualPic pic, IoApic ioApic) {
    for (int irq = 0; irq < IsaBridge.ISA_IRQS; irq++) {
      this.pic.add(new WiredOr(pic.input(irq), false));
    }
    for (int pin = 0; pin < IoApic.PINS; pin++) {
      this.ioApic.add(new WiredOr(ioApic.input(pin), pin >= PcAddresses.PCI_GSI));
    }
  }

  /** What the ISA bridge drives: inputs of the 8259s. */
  List<InterruptLine> legacyInputs() {
    return pic.stream().map(WiredOr::source).toList();
  }

  /** A source of an ISA interrupt. */
  InterruptLine isa(int irq) {
    InterruptLine legacy = pic.get(irq).source();
    InterruptLine apic = ioApic.get(irq == 0 ? TIMER_PIN : irq).source();
    return level -> {
      legacy.set(level);
      apic.set(level);
    };
  }

  /** A source at a pin of the I/O APIC alone. */
  InterruptLine ioApic(int pin) {
    return ioApic.get(pin).source();
  }

  /** What the pin INTA# of a PCI device drives. */
  InterruptLine pci(int device, IsaBridge bridge) {
    int line = device % PCI_LINES;
    InterruptLine legacy = bridge.pirq(line);
    InterruptLine apic = ioApic.get(PcAddresses.PCI_GSI + line).source();
    return level -> {
      legacy.set(level);
      apic.set(level);
    };
  }
}
