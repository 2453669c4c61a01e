package dev.hindsight.bus;

/** The pins of one CPU that an interrupt controller drives. */
public interface CpuPins {
  /** Drives INTR: a level. */
  void intr(boolean level);

  /** Pulses NMI. */
  void nmi();

  /** Pulses INIT. */
  void init();

  /**
   * Start-up, as a local APIC passes it on.
   *
   * @param vector execution begins at {@code vector * 0x1000}, 0 to 255
   */
  void startup(int vector);
}
