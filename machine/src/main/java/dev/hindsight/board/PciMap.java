package dev.hindsight.board;

import dev.hindsight.bus.MapTarget;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.pci.BarWindow;
import dev.hindsight.bus.pci.PciFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the registers of PCI functions are in the address spaces of the machine, as the guest
 * places them. Whatever it writes into base address registers, they answer only within what the PC
 * leaves to PCI: a memory range below the fixed chips, and the upper ports. Where two functions
 * decode one address, the first one answers.
 */
final class PciMap {
  private static final long MEMORY = PcAddresses.PCI_HOLE;
  private static final long MEMORY_END = PcAddresses.PCI_HOLE_LAST + 1;
  private static final int PORTS = PcAddresses.PCI_PORTS;
  private static final int PORTS_END = 0x1_0000;

  private final PhysicalMap memory;
  private final PortMap ports;
  private final List<PciFunction> functions = new ArrayList<>();
  private List<BarWindow> mapped = List.of();

  PciMap(PhysicalMap memory, PortMap ports) {
    this.memory = memory;
    this.ports = ports;
  }

  /** Adds a function, behind those that are there. */
  void add(PciFunction function) {
    functions.add(function);
    function.barListener(moved -> update());
    update();
  }

  private void update() {
    List<BarWindow> windows = functions.stream().flatMap(f -> f.windows().stream()).toList();
    List<BarWindow> visible = windows.stream().filter(PciMap::isVisible).toList();
    if (visible.equals(mapped)) {
      return;
    }
    mapped = visible;
    memory.map(MEMORY, MEMORY_END - MEMORY, MapTarget.NOTHING, MapTarget.NOTHING);
    ports.unmap(PORTS, PORTS_END - PORTS);
    for (BarWindow w : visible.reversed()) {
      if (w.isIo()) {
        ports.map((int) w.address(), (int) w.length(), w.bar().widest(), w.bar().region());
      } else {
        memory.mapRegisters(w.address(), w.length(), w.bar().widest(), w.bar().region());
      }
    }
  }

  private static boolean isVisible(BarWindow w) {
    long start = w.isIo() ? PORTS : MEMORY;
    long end = w.isIo() ? PORTS_END : MEMORY_END;
    return w.address() >= start && w.address() <= end - w.length();
  }
}
