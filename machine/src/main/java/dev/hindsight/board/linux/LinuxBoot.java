package dev.hindsight.board.linux;

import dev.hindsight.board.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in memory when Linux begins: kernel, initial RAM disk, command line, boot parameters,
 * page tables for the 64-bit entry, and the ROM.
 */
public final class LinuxBoot {
  static final long BOOT_PARAMETERS = 0x1_0000;
  static final long PAGE_TABLES = 0x3_0000;

  private static final long COMMAND_LINE = 0x2_0000;
  private static final int MOST_COMMAND_LINE = 0x1_0000;
  private static final int PAGE = 4096;
  private static final int GIBIBYTES_MAPPED = 4;

  private static final int E820_COUNT = 0x1E8;
  private static final int E820_TABLE = 0x2D0;
  private static final int E820_RAM = 1;
  private static final int E820_RESERVED = 2;
  private static final long LOW_MEMORY_END = 0x9_FC00;
  private static final long HIGH_MEMORY = 0x10_0000;
  private static final long FOUR_GIB = 1L << 32;

  /** No boot loader that has a number of its own. */
  private static final byte UNKNOWN_LOADER = (byte) 0xFF;

  private static final short NORMAL_VIDEO_MODE = -1;

  private final BzImage kernel;
  private final byte[] initrd;
  private final byte[] commandLine;
  private final long memoryBytes;
  private final long initrdAddress;

  /**
   * A boot.
   *
   * @param initrd the initial RAM disk; empty for none
   * @param commandLine the kernel's command line, ASCII
   * @param memoryBytes size of RAM
   * @throws IllegalArgumentException if something does not fit; the message says what
   */
  public LinuxBoot(BzImage kernel, byte[] initrd, String commandLine, long memoryBytes) {
    this.kernel = kernel;
    this.initrd = initrd;
    this.commandLine = (commandLine + '\0').getBytes(StandardCharsets.ISO_8859_1);
    this.memoryBytes = memoryBytes;
    if (this.commandLine.length - 1
        > Math.min(kernel.longestCommandLine(), MOST_COMMAND_LINE - 1)) {
      throw new IllegalArgumentException(
          "the command line is longer than the kernel's limit of "
              + kernel.longestCommandLine()
              + " bytes");
    }
    long load = kernel.preferredAddress();
    if (load < HIGH_MEMORY || load >= FOUR_GIB) {
      throw new IllegalArgumentException("the kernel wants to be loaded outside of memory");
    }
    long kernelEnd = load + Math.max(kernel.initialSize(), kernel.kernel().length);
    long top = Math.min(memoryBytes, kernel.initrdMax() + 1);
    this.initrdAddress = (top - initrd.length) & -PAGE;
    if (kernelEnd > memoryBytes || initrdAddress < kernelEnd) {
      throw new IllegalArgumentException(
          "the kernel and its initial RAM disk need more than the machine's "
              + (memoryBytes >> 20)
              + " MiB of memory");
    }
  }

  /** Everything, as images of a machine. */
  public List<Image> images() {
    List<Image> images = new ArrayList<>();
    byte[] rom = new EntryRom(kernel.preferredAddress(), kernel.is64Bit()).assemble();
    images.add(Image.rom("entry", FOUR_GIB - rom.length, rom));
    images.add(Image.ram("boot parameters", BOOT_PARAMETERS, bootParameters()));
    images.add(Image.ram("command line", COMMAND_LINE, commandLine));
    if (kernel.is64Bit()) {
      images.add(Image.ram("page tables", PAGE_TABLES, pageTables()));
    }
    images.add(Image.ram("kernel", kernel.preferredAddress(), kernel.kernel()));
    if (initrd.length > 0) {
      images.add(Image.ram("initrd", initrdAddress, initrd));
    }
    return images;
  }

  private byte[] bootParameters() {
    ByteBuffer p = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    p.put(BzImage.HEADER, kernel.header());
    p.putShort(0x1FA, NORMAL_VIDEO_MODE);
    p.put(0x210, UNKNOWN_LOADER);
    if (initrd.length > 0) {
      p.putInt(0x218, (int) initrdAddress);
      p.putInt(0x21C, initrd.length);
    }
    p.putInt(0x228, (int) COMMAND_LINE);
    p.put(E820_COUNT, (byte) 3);
    range(p, 0, 0, LOW_MEMORY_END, E820_RAM);
    range(p, 1, LOW_MEMORY_END, HIGH_MEMORY - LOW_MEMORY_END, E820_RESERVED);
    range(p, 2, HIGH_MEMORY, memoryBytes - HIGH_MEMORY, E820_RAM);
    return p.array();
  }

  private static void range(ByteBuffer p, int n, long start, long length, int type) {
    int at = E820_TABLE + n * 20;
    p.putLong(at, start).putLong(at + 8, length).putInt(at + 16, type);
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
