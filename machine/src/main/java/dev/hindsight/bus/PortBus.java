package dev.hindsight.bus;

/** The 64 KiB port address space as the CPU sees it. Ports that nobody answers read as all ones. */
public interface PortBus {
  /**
   * Reads a port.
   *
   * @param port 0 to 0xFFFF
   * @param bytes 1, 2 or 4
   * @return the value, zero-extended
   */
  int read(int port, int bytes);

  /** What {@link #read} would return, without side effects. */
  int peek(int port, int bytes);

  /** Writes a port. */
  void write(int port, int bytes, int value);
}
