package dev.hindsight.board;

/**
 * Where the chips of a PC are: the addresses that the chipset decodes, the firmware's tables tell
 * of, and loaders use.
 */
public final class PcAddresses {
  /** IRQ of the system control interrupt. */
  public static final int SCI = 9;

  /** PM1a event block: status and enable, 16 bits each. */
  public static final int PM1_EVENT = 0x600;

  /** Its length. */
  public static final int PM1_EVENT_BYTES = 4;

  /** PM1a control block. */
  public static final int PM1_CONTROL = 0x604;

  /** Its length. */
  public static final int PM1_CONTROL_BYTES = 2;

  /** Power management timer of 32 bits. */
  public static final int PM_TIMER = 0x608;

  /** Its length. */
  public static final int PM_TIMER_BYTES = 4;

  /** General-purpose event block 0: status and enable, 16 bits each. */
  public static final int GPE0 = 0x620;

  /** Its length. */
  public static final int GPE0_BYTES = 4;

  /** First port of power management. */
  public static final int POWER_MANAGEMENT = 0x600;

  /** Number of ports of power management. */
  public static final int POWER_MANAGEMENT_BYTES = 0x30;

  /** Register whose value {@link #RESET_VALUE} resets the machine. */
  public static final int RESET_CONTROL = 0xCF9;

  /** What resets the machine there. */
  public static final int RESET_VALUE = 6;

  /** Index of the century in the real-time clock's memory. */
  public static final int CENTURY = 0x32;

  /** Registers of the local APICs. */
  public static final long LOCAL_APIC = 0xFEE0_0000L;

  /** Registers of the I/O APIC. */
  public static final long IO_APIC = 0xFEC0_0000L;

  /** Registers of the HPET. */
  public static final long HPET = 0xFED0_0000L;

  /** Their length. */
  public static final long HPET_BYTES = 0x400;

  /** First address that is not RAM: from here on memory is for PCI devices. */
  public static final long PCI_HOLE = 0xC000_0000L;

  /** Last address for PCI devices. */
  public static final long PCI_HOLE_LAST = 0xFEBF_FFFFL;

  /** First port for PCI devices; all above are theirs too. */
  public static final int PCI_PORTS = 0xC000;

  /** First of the four I/O APIC inputs that PCI interrupts are wired to. */
  public static final int PCI_GSI = 16;

  private PcAddresses() {}
}
