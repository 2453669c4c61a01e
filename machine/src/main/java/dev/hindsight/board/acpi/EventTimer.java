package dev.hindsight.board.acpi;

import dev.hindsight.board.PcAddresses;

/** The table of the high precision event timer (IA-PC HPET specification 1.0a, 3.2.4). */
final class EventTimer {
  /**
   * Low half of the chip's capabilities: vendor 8086h, legacy replacement, 64-bit counter, three
   * comparators, revision 1.
   */
  static final long BLOCK_ID = 0x8086_A201L;

  private static final int MINIMUM_TICKS = 100;
  private static final int MEMORY = 0;

  private EventTimer() {}

  static byte[] table() {
    TableBytes b = new TableBytes().dword(BLOCK_ID);
    b.bytes(MEMORY, 64, 0, 0).qword(PcAddresses.HPET);
    b.bytes(0).word(MINIMUM_TICKS).bytes(0);
    return SystemTable.of("HPET", 1, b);
  }
}
