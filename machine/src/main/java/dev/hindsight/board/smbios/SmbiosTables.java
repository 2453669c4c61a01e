package dev.hindsight.board.smbios;

import dev.hindsight.board.Image;
import dev.hindsight.board.firmware.PcMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The SMBIOS table of a PC and its entry point, as they lie in memory from {@link #ADDRESS} on.
 *
 * <p>Names and dates in it are part of the machine's behaviour: kernels know workarounds by them.
 */
public final class SmbiosTables {
  /** Where the entry point is: one of the places, F0000h to FFFF0h, at which it is looked for. */
  public static final long ADDRESS = 0xF_F000;

  private static final String MAKER = "Hindsight";
  private static final String PRODUCT = "Hindsight PC";
  private static final String VERSION = "1";

  /** Kernels take firmware that is older than 2008 for unable to describe PCI. */
  private static final String RELEASED = "01/01/2026";

  private static final int MAJOR = 2;
  private static final int MINOR = 8;
  private static final int ENTRY_BYTES = 0x1F;
  private static final int INTERMEDIATE = 0x10;
  private static final int ALIGNED_ENTRY_BYTES = 0x20;
  private static final int NOT_PROVIDED = 0xFFFE;
  private static final int UNKNOWN_WIDTH = 0xFFFF;
  private static final int MEBIBYTES_ELSEWHERE = 0x7FFF;
  private static final int IN_KIBIBYTES = 0x8000;
  private static final long KIBIBYTES_ELSEWHERE = 0x8000_0000L;
  private static final long ADDRESS_ELSEWHERE = 0xFFFF_FFFFL;

  private final List<Structure> structures = new ArrayList<>();
  private final PcMemory memory;

  /** The table of a machine with this memory. */
  public SmbiosTables(PcMemory memory) {
    this.memory = memory;
    firmware();
    system();
    chassis();
    memory();
    add(32).zeros(6).bytes(0); // boot: no errors
    add(127); // end
  }

  /** The table as an image of a machine. */
  public Image image() {
    return Image.ram("SMBIOS table", ADDRESS, bytes());
  }

  /** The entry point and, behind it, the table; they lie at {@link #ADDRESS}. */
  public byte[] bytes() {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    int longest = 0;
    for (Structure structure : structures) {
      byte[] bytes = structure.toByteArray();
      longest = Math.max(longest, bytes.length);
      table.writeBytes(bytes);
    }
    ByteBuffer all =
        ByteBuffer.allocate(ALIGNED_ENTRY_BYTES + table.size()).order(ByteOrder.LITTLE_ENDIAN);
    all.put("_SM_".getBytes(StandardCharsets.US_ASCII));
    all.put(5, (byte) ENTRY_BYTES).put(6, (byte) MAJOR).put(7, (byte) MINOR);
    all.putShort(8, (short) longest);
    all.put(INTERMEDIATE, "_DMI_".getBytes(StandardCharsets.US_ASCII));
    all.putShort(0x16, (short) table.size());
    all.putInt(0x18, (int) ADDRESS + ALIGNED_ENTRY_BYTES);
    all.putShort(0x1C, (short) structures.size());
    all.put(0x1E, (byte) (MAJOR << 4 | MINOR));
    seal(all.array(), INTERMEDIATE, 0x15);
    seal(all.array(), 0, 4);
    all.put(ALIGNED_ENTRY_BYTES, table.toByteArray());
    return all.array();
  }

  /**
   * Sets the byte {@code checksum} so that all from {@code from} to the entry's end add up to 0.
   */
  private static void seal(byte[] entry, int from, int checksum) {
    int sum = 0;
    for (int i = from; i < ENTRY_BYTES; i++) {
      sum += entry[i];
    }
    entry[checksum] = (byte) -sum;
  }

  private Structure add(int type) {
    Structure structure = new Structure(type, structures.size());
    structures.add(structure);
    return structure;
  }

  private void firmware() {
    int characteristicsUnknown = 1 << 3;
    int acpi = 1;
    int virtualMachine = 1 << 4;
    int noController = 0xFF;
    add(0)
        .string(MAKER)
        .string(VERSION)
        .word(0xE000) // segment
        .string(RELEASED)
        .bytes(1) // 128 KiB
        .qword(characteristicsUnknown)
        .bytes(acpi, virtualMachine)
        .bytes(1, 0, noController, noController);
  }

  private void system() {
    int powerSwitch = 6;
    add(1)
        .string(MAKER)
        .string(PRODUCT)
        .string(VERSION)
        .bytes(0) // no serial number
        .zeros(16) // no UUID
        .bytes(powerSwitch, 0, 0);
  }

  private void chassis() {
    int other = 1;
    int safe = 3;
    int noSecurity = 3;
    add(3)
        .string(MAKER)
        .bytes(other, 0, 0, 0)
        .bytes(safe, safe, safe, noSecurity)
        .dword(0)
        .bytes(0, 0, 0, 0);
  }

  /** An array of one module, and where it appears. */
  private void memory() {
    int other = 1;
    int systemMemory = 3;
    int noCorrection = 3;
    long kibibytes = memory.bytes() >> 10;
    boolean fits = kibibytes < KIBIBYTES_ELSEWHERE;
    Structure array =
        add(16)
            .bytes(other, systemMemory, noCorrection)
            .dword(fits ? kibibytes : KIBIBYTES_ELSEWHERE)
            .word(NOT_PROVIDED)
            .word(1)
            .qword(fits ? 0 : memory.bytes());
    module(array);
    for (PcMemory.Range bank : memory.banks()) {
      mapped(array, bank);
    }
  }

  private void module(Structure array) {
    int module = 9;
    int ram = 7;
    int otherDetail = 1 << 1;
    long mebibytes = memory.bytes() >> 20;
    add(17)
        .word(array.handle())
        .word(NOT_PROVIDED)
        .word(UNKNOWN_WIDTH)
        .word(UNKNOWN_WIDTH)
        .word(size())
        .bytes(module, 0)
        .string("DIMM 0")
        .bytes(0, ram)
        .word(otherDetail)
        .word(0) // speed
        .zeros(5)
        .dword(mebibytes < MEBIBYTES_ELSEWHERE ? 0 : mebibytes)
        .zeros(8);
  }

  /** The size of memory in MiB; in KiB if it is small and not a multiple of that. */
  private int size() {
    long kibibytes = memory.bytes() >> 10;
    if (kibibytes % 1024 != 0 && kibibytes < IN_KIBIBYTES) {
      return IN_KIBIBYTES | (int) kibibytes;
    }
    return (int) Math.min(kibibytes >> 10, MEBIBYTES_ELSEWHERE);
  }

  private void mapped(Structure array, PcMemory.Range bank) {
    long last = bank.start() + bank.length() - 1;
    boolean fits = last >> 10 < ADDRESS_ELSEWHERE;
    add(19)
        .dword(fits ? bank.start() >> 10 : ADDRESS_ELSEWHERE)
        .dword(fits ? last >> 10 : ADDRESS_ELSEWHERE)
        .word(array.handle())
        .bytes(1) // modules
        .qword(fits ? 0 : bank.start())
        .qword(fits ? 0 : last);
  }
}
