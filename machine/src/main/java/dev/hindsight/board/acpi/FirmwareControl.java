package dev.hindsight.board.acpi;

/** The firmware ACPI control structure, FACS (ACPI 5.2.10): nothing wakes up here. */
final class FirmwareControl {
  /** Bytes of it, and what its address is a multiple of. */
  static final int BYTES = 64;

  private static final int VERSION = 1;

  private FirmwareControl() {}

  static byte[] table() {
    return new TableBytes()
        .ascii("FACS")
        .dword(BYTES)
        .zeros(24)
        .bytes(VERSION)
        .zeros(31)
        .toByteArray();
  }
}
