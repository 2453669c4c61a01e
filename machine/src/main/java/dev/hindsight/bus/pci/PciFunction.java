package dev.hindsight.bus.pci;

import dev.hindsight.bus.IoRegion;
import java.util.List;

/** A PCI function, as the bus and the board see it. */
public interface PciFunction {
  /** Its configuration space. */
  ConfigurationSpace configurationSpace();

  /**
   * Its configuration registers as the bus reaches them: {@value ConfigurationSpace#LENGTH} bytes.
   */
  default IoRegion configuration() {
    return configurationSpace();
  }

  /**
   * The addresses that it decodes now, in the order of its base address registers. They may be
   * anywhere, RAM and other chips included: it is the board that decides who answers.
   */
  default List<BarWindow> windows() {
    return configurationSpace().windows();
  }

  /** Sets who is told when {@link #windows} changes; one listener. */
  default void barListener(BarListener listener) {
    configurationSpace().whenMoved(() -> listener.moved(this));
  }
}
