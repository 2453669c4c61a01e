package dev.hindsight.board.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Linux kernel as {@code bzImage}: the header of its real-mode part, and the rest. */
public final class BzImage {
  /** Where the setup header begins, in the file as in the boot parameters. */
  static final int HEADER = 0x1F1;

  /** Where the header says at which boundary the kernel lies. */
  static final int ALIGNMENT = 0x230;

  private static final int MAGIC = 0x5372_6448; // "HdrS"
  private static final int SECTOR = 512;
  private static final int PARAGRAPH = 16;

  /** What follows the longest header in the boot parameters. */
  private static final int HEADER_END = 0x290;

  private static final int OLDEST_PROTOCOL = 0x206;
  private static final int LOADED_HIGH = 1;
  private static final int XLF_KERNEL_64 = 1;
  private static final int ENTRY_64 = 0x200;
  private static final long ANYWHERE = 0x10_0000;

  private final byte[] bytes;
  private final ByteBuffer file;
  private final int protocol;

  private BzImage(byte[] bytes, ByteBuffer file, int protocol) {
    this.bytes = bytes;
    this.file = file;
    this.protocol = protocol;
  }

  /**
   * Reads a kernel.
   *
   * @throws IllegalArgumentException if it is none that can be booted; the message says why
   */
  public static BzImage read(byte[] file) {
    byte[] bytes = file.clone();
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 0x268 || fields.getInt(0x202) != MAGIC) {
      throw new IllegalArgumentException("it is no Linux bzImage");
    }
    int protocol = fields.getShort(0x206) & 0xFFFF;
    if (protocol < OLDEST_PROTOCOL || (fields.get(0x211) & LOADED_HIGH) == 0) {
      throw new IllegalArgumentException("it is a Linux kernel from before 2007");
    }
    if (fields.getInt(0x214) == 0) {
      throw new IllegalArgumentException(
          "it is a kernel that begins in real mode and needs a BIOS");
    }
    BzImage image = new BzImage(bytes, fields, protocol);
    if (image.kernelBytes() <= 0 || image.paragraphs() > image.presentParagraphs()) {
      throw new IllegalArgumentException("it is a Linux bzImage that was cut short");
    }
    return image;
  }

  /** Offset of the protected-mode part in the file. */
  private int kernelOffset() {
    int sectors = file.get(HEADER) & 0xFF;
    return ((sectors == 0 ? 4 : sectors) + 1) * SECTOR;
  }

  /** Size of the protected-mode part as the file has it. */
  int kernelBytes() {
    return bytes.length - kernelOffset();
  }

  /** Size of the protected-mode part in paragraphs, as its header says. */
  private long paragraphs() {
    return unsigned(0x1F4);
  }

  /** Paragraphs that are there; the last one may be incomplete, as in memtest86+. */
  private long presentParagraphs() {
    return Math.ceilDiv(kernelBytes(), PARAGRAPH);
  }

  private long unsigned(int offset) {
    return file.getInt(offset) & 0xFFFF_FFFFL;
  }

  private int headerEnd() {
    return Math.min(0x202 + (file.get(0x201) & 0xFF), Math.min(HEADER_END, bytes.length));
  }

  /** The setup header, which belongs at {@link #HEADER} of the boot parameters. */
  byte[] header() {
    return Arrays.copyOfRange(bytes, HEADER, headerEnd());
  }

  /** The protected-mode part. */
  byte[] kernel() {
    return Arrays.copyOfRange(bytes, kernelOffset(), bytes.length);
  }

  /** Physical address where it would like to be loaded, as the header says: any number. */
  long preferredAddress() {
    return protocol >= 0x20A ? file.getLong(0x258) : ANYWHERE;
  }

  /** Whether it runs wherever it is loaded. */
  boolean isRelocatable() {
    return file.get(0x234) != 0;
  }

  /**
   * Boundaries that it can be loaded at if it is relocatable, powers of two: the one that it likes,
   * and the lowest that it can do with.
   */
  List<Long> alignments() {
    List<Long> alignments = new ArrayList<>();
    long liked = unsigned(ALIGNMENT);
    if (Long.bitCount(liked) == 1) {
      alignments.add(liked);
    }
    int lowest = file.get(0x235) & 0xFF;
    if (protocol >= 0x20A && lowest < 32 && (alignments.isEmpty() || 1L << lowest < liked)) {
      alignments.add(1L << lowest);
    }
    return alignments;
  }

  /** Bytes of memory that it needs from there on until it has found its own memory. */
  long initialSize() {
    return Math.max(kernelBytes(), protocol >= 0x20A ? unsigned(0x260) : 0);
  }

  /** Highest address that the initial RAM disk's last byte may have. */
  long initrdMax() {
    return unsigned(0x22C);
  }

  /** Longest command line in bytes, without its final zero. */
  long longestCommandLine() {
    return unsigned(0x238);
  }

  /** Whether it has a 64-bit entry point. */
  boolean is64Bit() {
    return protocol >= 0x20C
        && (file.getShort(0x236) & XLF_KERNEL_64) != 0
        && kernelBytes() > ENTRY_64;
  }
}
