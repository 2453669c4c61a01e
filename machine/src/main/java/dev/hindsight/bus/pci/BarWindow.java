package dev.hindsight.bus.pci;

/**
 * Addresses that a function decodes now.
 *
 * @param bar the base address register
 * @param address first address or port, a multiple of the register's size
 */
public record BarWindow(BaseAddressRegister bar, long address) {
  /** Whether this is in port space. */
  public boolean isIo() {
    return bar.kind() == BaseAddressRegister.Kind.IO;
  }

  /** Number of addresses. */
  public long length() {
    return bar.size();
  }
}
