package dev.hindsight.board.acpi;

import dev.hindsight.board.PcAddresses;

/** The fixed ACPI description table, FADT (ACPI 3.0, 5.2.9): power management and legacy. */
final class FixedDescription {
  private static final int REVISION = 4;

  private static final int NO_C2 = 101;
  private static final int NO_C3 = 1001;
  private static final int LEGACY_DEVICES = 1;
  private static final int KEYBOARD_CONTROLLER = 1 << 1;
  private static final int NO_VGA = 1 << 2;

  private static final int WBINVD = 1;
  private static final int C1_EVERYWHERE = 1 << 2;
  private static final int NO_FIXED_SLEEP_BUTTON = 1 << 5;
  private static final int TIMER_OF_32_BITS = 1 << 8;
  private static final int RESET_SUPPORTED = 1 << 10;

  private static final int SYSTEM_IO = 1;
  private static final int BYTE = 1;
  private static final int WORD = 2;
  private static final int DWORD = 3;

  private FixedDescription() {}

  static byte[] table(long facs, long dsdt) {
    TableBytes b = new TableBytes();
    b.dword(facs).dword(dsdt);
    // model of interrupts (no longer used), profile: unspecified
    b.bytes(0, 0).word(PcAddresses.SCI);
    // no SMI command port: ACPI is always on
    b.dword(0).bytes(0, 0, 0, 0);
    b.dword(PcAddresses.PM1_EVENT).dword(0);
    b.dword(PcAddresses.PM1_CONTROL).dword(0);
    b.dword(0).dword(PcAddresses.PM_TIMER);
    b.dword(PcAddresses.GPE0).dword(0);
    b.bytes(
        PcAddresses.PM1_EVENT_BYTES, PcAddresses.PM1_CONTROL_BYTES, 0, PcAddresses.PM_TIMER_BYTES);
    b.bytes(PcAddresses.GPE0_BYTES, 0, 0, 0);
    b.word(NO_C2).word(NO_C3).word(0).word(0);
    // duty offset and width, alarm's day and month
    b.bytes(0, 0, 0, 0, PcAddresses.CENTURY);
    b.word(LEGACY_DEVICES | KEYBOARD_CONTROLLER | NO_VGA).bytes(0);
    b.dword(WBINVD | C1_EVERYWHERE | NO_FIXED_SLEEP_BUTTON | TIMER_OF_32_BITS | RESET_SUPPORTED);
    register(b, PcAddresses.RESET_CONTROL, 1, BYTE);
    b.bytes(PcAddresses.RESET_VALUE, 0, 0, 0);
    b.qword(facs).qword(dsdt);
    register(b, PcAddresses.PM1_EVENT, PcAddresses.PM1_EVENT_BYTES, WORD);
    absent(b);
    register(b, PcAddresses.PM1_CONTROL, PcAddresses.PM1_CONTROL_BYTES, WORD);
    absent(b);
    absent(b);
    register(b, PcAddresses.PM_TIMER, PcAddresses.PM_TIMER_BYTES, DWORD);
    register(b, PcAddresses.GPE0, PcAddresses.GPE0_BYTES, BYTE);
    absent(b);
    return SystemTable.of("FACP", REVISION, b);
  }

  /** A generic address (ACPI 5.2.3.1) of ports. */
  private static void register(TableBytes b, int port, int bytes, int access) {
    b.bytes(SYSTEM_IO, bytes * 8, 0, access).qword(port);
  }

  private static void absent(TableBytes b) {
    b.zeros(12);
  }
}
