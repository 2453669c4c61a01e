package dev.hindsight.board.acpi;

import dev.hindsight.board.Image;
import java.util.List;

/**
 * The ACPI tables of a PC, as they lie in memory: the root pointer at {@link #ADDRESS}, where
 * operating systems look for it, and all others behind it.
 */
public final class AcpiTables {
  /** Physical address of the root system description pointer, RSDP, and begin of the tables. */
  public static final long ADDRESS = 0xE_0000;

  /** End of the memory that is kept for tables. */
  public static final long AREA_END = 0x10_0000;

  /** How many CPUs there can be. */
  public static final int MOST_CPUS = 1024;

  private static final int ALIGNMENT = 16;
  private static final int POINTER_BYTES = 36;
  private static final int POINTER_BYTES_OF_ACPI_1 = 20;
  private static final int POINTER_REVISION = 2;

  private final int cpus;
  private final byte[] bytes;

  /**
   * The tables of a machine.
   *
   * @param vcpus its number of CPUs, 1 to {@link #MOST_CPUS}; their APIC IDs are 0, 1, 2…
   */
  public AcpiTables(int vcpus) {
    if (vcpus < 1 || vcpus > MOST_CPUS) {
      throw new IllegalArgumentException("ACPI tables are for 1 to " + MOST_CPUS + " CPUs");
    }
    this.cpus = vcpus;
    this.bytes = layOut(vcpus);
  }

  /** Number of CPUs. */
  public int vcpus() {
    return cpus;
  }

  /** A copy of the tables, which lie at {@link #ADDRESS}. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The tables as images of a machine. */
  public List<Image> images() {
    return List.of(Image.ram("ACPI tables", ADDRESS, bytes));
  }

  /**
   * The ID that software finds the I/O APIC to have: the first one after those of the CPUs, or 0 if
   * these take all that there are.
   */
  public static int ioApicId(int vcpus) {
    return InterruptControllers.ioApicId(vcpus);
  }

  private static byte[] layOut(int cpus) {
    TableBytes out = new TableBytes().zeros(POINTER_BYTES);
    long facs = put(out, FirmwareControl.table(), FirmwareControl.BYTES);
    long dsdt = put(out, Dsdt.table(cpus), ALIGNMENT);
    long[] tables = {
      put(out, FixedDescription.table(facs, dsdt), ALIGNMENT),
      put(out, InterruptControllers.table(cpus), ALIGNMENT),
      put(out, EventTimer.table(), ALIGNMENT)
    };
    TableBytes narrow = new TableBytes();
    TableBytes wide = new TableBytes();
    for (long table : tables) {
      narrow.dword(table);
      wide.qword(table);
    }
    long rsdt = put(out, SystemTable.of("RSDT", 1, narrow), ALIGNMENT);
    long xsdt = put(out, SystemTable.of("XSDT", 1, wide), ALIGNMENT);
    byte[] all = out.toByteArray();
    byte[] pointer = pointer(rsdt, xsdt);
    System.arraycopy(pointer, 0, all, 0, pointer.length);
    return all;
  }

  /** Adds a table; its address. */
  private static long put(TableBytes out, byte[] table, int alignment) {
    out.align(alignment);
    long address = ADDRESS + out.size();
    out.bytes(table);
    return address;
  }

  /** The root pointer (ACPI 5.2.5.3), with a checksum for readers of ACPI 1.0 and one for all. */
  private static byte[] pointer(long rsdt, long xsdt) {
    byte[] pointer =
        new TableBytes()
            .ascii("RSD PTR ")
            .bytes(0)
            .ascii(SystemTable.oem())
            .bytes(POINTER_REVISION)
            .dword(rsdt)
            .dword(POINTER_BYTES)
            .qword(xsdt)
            .zeros(4)
            .toByteArray();
    SystemTable.seal(pointer, 0, POINTER_BYTES_OF_ACPI_1, 8);
    SystemTable.seal(pointer, 0, POINTER_BYTES, 32);
    return pointer;
  }
}
