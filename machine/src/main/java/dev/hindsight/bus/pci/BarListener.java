package dev.hindsight.bus.pci;

/** Who keeps the address map, and wants to know when a function decodes other addresses. */
@FunctionalInterface
public interface BarListener {
  /** Nobody. */
  BarListener NONE = function -> {};

  /**
   * The {@linkplain PciFunction#windows windows} of a function are not what they were: a BAR or the
   * command register was written, or the function was reset, or its state was loaded.
   */
  void moved(PciFunction function);
}
