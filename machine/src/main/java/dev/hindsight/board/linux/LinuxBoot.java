package dev.hindsight.board.linux;

import dev.hindsight.board.Image;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.board.firmware.BiosData;
import dev.hindsight.board.firmware.PcMemory;
import dev.hindsight.board.firmware.ResetRom;
import dev.hindsight.board.smbios.SmbiosTables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in memory when Linux begins: kernel, initial RAM disk, command line, boot parameters,
 * page tables for the 64-bit entry, ACPI and SMBIOS tables, BIOS data, and the ROM.
 */
public final class LinuxBoot {
  static final long BOOT_PARAMETERS = 0x1_0000;
  static final long PAGE_TABLES = 0x3_0000;

  private static final long COMMAND_LINE = 0x2_0000;
  private static final int MOST_COMMAND_LINE = 0x1_0000;
  private static final int PAGE = 4096;
  private static final int GIBIBYTES_MAPPED = 4;

  private static final int RSDP_ADDRESS = 0x70;
  private static final int E820_COUNT = 0x1E8;
  private static final int VIDEO_MODE = 0x1FA;
  private static final int LOADER = 0x210;
  private static final int CODE32_START = 0x214;
  private static final int INITRD_ADDRESS = 0x218;
  private static final int INITRD_SIZE = 0x21C;
  private static final int COMMAND_LINE_ADDRESS = 0x228;
  private static final int E820_TABLE = 0x2D0;

  /** No boot loader that has a number of its own. */
  private static final byte UNKNOWN_LOADER = (byte) 0xFF;

  private static final short NORMAL_VIDEO_MODE = -1;

  private final BzImage kernel;
  private final KernelPlacement place;
  private final byte[] initrd;
  private final byte[] commandLine;
  private final PcMemory memory;
  private final long initrdAddress;
  private final @Nullable AcpiTables acpi;

  /**
   * A boot with ACPI.
   *
   * @param initrd the initial RAM disk; empty for none
   * @param commandLine the kernel's command line, ASCII
   * @param memoryBytes size of RAM
   * @param acpi tables of the machine, for its number of CPUs
   * @throws IllegalArgumentException if something does not fit; the message says what
   */
  public LinuxBoot(
      BzImage kernel, byte[] initrd, String commandLine, long memoryBytes, AcpiTables acpi) {
    this(kernel, initrd, commandLine, new PcMemory(memoryBytes), acpi);
  }

  /**
   * A boot without ACPI, of a machine with one CPU.
   *
   * @param initrd the initial RAM disk; empty for none
   * @param commandLine the kernel's command line, ASCII
   * @param memoryBytes size of RAM
   * @throws IllegalArgumentException if something does not fit; the message says what
   */
  public LinuxBoot(BzImage kernel, byte[] initrd, String commandLine, long memoryBytes) {
    this(kernel, initrd, commandLine, new PcMemory(memoryBytes), null);
  }

  private LinuxBoot(
      BzImage kernel,
      byte[] initrd,
      String commandLine,
      PcMemory memory,
      @Nullable AcpiTables acpi) {
    this.kernel = kernel;
    this.initrd = initrd.clone();
    this.commandLine = (commandLine + '\0').getBytes(StandardCharsets.ISO_8859_1);
    this.memory = memory;
    this.acpi = acpi;
    long longest = Math.min(kernel.longestCommandLine(), MOST_COMMAND_LINE - 1);
    if (commandLine.length() > longest) {
      throw new IllegalArgumentException(
          "the command line is longer than the kernel's limit of " + longest + " bytes");
    }
    this.place = KernelPlacement.of(kernel, memory);
    long top = Math.min(memory.lowEnd(), kernel.initrdMax() + 1);
    this.initrdAddress = (top - initrd.length) & -PAGE;
    if (initrd.length > 0 && initrdAddress < place.address() + kernel.initialSize()) {
      throw new IllegalArgumentException(
          KernelPlacement.tooSmall("the kernel and its initial RAM disk need", memory));
    }
  }

  /** Everything, as images of a machine. */
  public List<Image> images() {
    List<Image> images = new ArrayList<>();
    int vcpus = acpi == null ? 1 : acpi.vcpus();
    images.add(ResetRom.image(vcpus, new LinuxHandover(place.address(), kernel.is64Bit())));
    images.add(Image.ram("boot parameters", BOOT_PARAMETERS, bootParameters()));
    images.add(Image.ram("command line", COMMAND_LINE, commandLine));
    if (kernel.is64Bit()) {
      images.add(Image.ram("page tables", PAGE_TABLES, pageTables()));
    }
    if (acpi != null) {
      images.addAll(acpi.images());
    }
    images.addAll(BiosData.images());
    images.add(new SmbiosTables(memory).image());
    images.add(Image.ram("kernel", place.address(), kernel.kernel()));
    if (initrd.length > 0) {
      images.add(Image.ram("initrd", initrdAddress, initrd));
    }
    return images;
  }

  private byte[] bootParameters() {
    ByteBuffer p = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    p.put(BzImage.HEADER, kernel.header());
    if (acpi != null) {
      p.putLong(RSDP_ADDRESS, AcpiTables.ADDRESS);
    }
    p.putShort(VIDEO_MODE, NORMAL_VIDEO_MODE);
    p.put(LOADER, UNKNOWN_LOADER);
    p.putInt(CODE32_START, (int) place.address());
    if (place.alignment() != 0) {
      p.putInt(BzImage.ALIGNMENT, (int) place.alignment());
    }
    p.putInt(INITRD_ADDRESS, initrd.length > 0 ? (int) initrdAddress : 0);
    p.putInt(INITRD_SIZE, initrd.length);
    p.putInt(COMMAND_LINE_ADDRESS, (int) COMMAND_LINE);
    List<PcMemory.Range> map = memory.map();
    p.put(E820_COUNT, (byte) map.size());
    p.position(E820_TABLE);
    for (PcMemory.Range range : map) {
      p.putLong(range.start()).putLong(range.length()).putInt(range.kind().number());
    }
    return p.array();
  }

  /** The first 4 GiB mapped to themselves with 2 MiB pages. */
  private static byte[] pageTables() {
    int present = 3;
    int large = 0x80;
    ByteBuffer t =
        ByteBuffer.allocate((2 + GIBIBYTES_MAPPED) * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    t.putLong(0, (PAGE_TABLES + PAGE) | present);
    for (int i = 0; i < GIBIBYTES_MAPPED; i++) {
      t.putLong(PAGE + i * 8, (PAGE_TABLES + (2L + i) * PAGE) | present);
    }
    for (int i = 0; i < GIBIBYTES_MAPPED * 512; i++) {
      t.putLong(2 * PAGE + i * 8, ((long) i << 21) | large | present);
    }
    return t.array();
  }
}
