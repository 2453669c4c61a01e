package dev.hindsight.board.acpi;

/** Where the chips are that the tables tell of. */
final class Hardware {
  /** IRQ of the system control interrupt. */
  static final int SCI = 9;

  /** PM1a event block: status and enable, 16 bits each. */
  static final int PM1_EVENT = 0x600;

  static final int PM1_EVENT_BYTES = 4;

  /** PM1a control block. */
  static final int PM1_CONTROL = 0x604;

  static final int PM1_CONTROL_BYTES = 2;

  /** Power management timer of 32 bits. */
  static final int PM_TIMER = 0x608;

  static final int PM_TIMER_BYTES = 4;

  /** General-purpose event block 0: status and enable, 16 bits each. */
  static final int GPE0 = 0x620;

  static final int GPE0_BYTES = 4;

  /** Begin of all ports of power management, and their number. */
  static final int POWER_MANAGEMENT = 0x600;

  static final int POWER_MANAGEMENT_BYTES = 0x30;

  /** Register whose value {@link #RESET_VALUE} resets the machine. */
  static final int RESET_CONTROL = 0xCF9;

  static final int RESET_VALUE = 6;

  /** Index of the century in the real-time clock's memory. */
  static final int CENTURY = 0x32;

  static final long LOCAL_APIC = 0xFEE0_0000L;
  static final long IO_APIC = 0xFEC0_0000L;
  static final long HPET = 0xFED0_0000L;
  static final long HPET_BYTES = 0x400;

  /** First address that is not RAM, and what PCI devices get of it. */
  static final long PCI_HOLE = 0xC000_0000L;

  static final long PCI_HOLE_LAST = 0xFEBF_FFFFL;

  /** First of the four I/O APIC inputs that PCI interrupts are wired to. */
  static final int PCI_GSI = 16;

  private Hardware() {}
}
