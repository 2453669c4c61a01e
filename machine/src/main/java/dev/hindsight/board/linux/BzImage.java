package dev.hindsight.board.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A Linux kernel as {@code bzImage}: the header of its real-mode part, and the rest. */
public final class BzImage {
  /** Where the setup header begins, in the file as in the boot parameters. */
  static final int HEADER = 0x1F1;

  private static final int MAGIC = 0x5372_6448; // "HdrS"
  private static final int SECTOR = 512;
  private static final int OLDEST_PROTOCOL = 0x206;
  private static final int LOADED_HIGH = 1;
  private static final int XLF_KERNEL_64 = 1;
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
  public static BzImage read(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 0x268 || file.getInt(0x202) != MAGIC) {
      throw new IllegalArgumentException("it is no Linux bzImage");
    }
    int protocol = file.getShort(0x206) & 0xFFFF;
    if (protocol < OLDEST_PROTOCOL || (file.get(0x211) & LOADED_HIGH) == 0) {
      throw new IllegalArgumentException("it is a Linux kernel from before 2007");
    }
    BzImage image = new BzImage(bytes.clone(), file, protocol);
    if (image.kernelOffset() >= bytes.length || image.headerEnd() > bytes.length) {
      throw new IllegalArgumentException("it is a Linux bzImage that was cut short");
    }
    return image;
  }

  /** Offset of the protected-mode part in the file. */
  private int kernelOffset() {
    int sectors = file.get(HEADER) & 0xFF;
    return ((sectors == 0 ? 4 : sectors) + 1) * SECTOR;
  }

  private int headerEnd() {
    return 0x202 + (file.get(0x201) & 0xFF);
  }

  /** The setup header, which belongs at {@link #HEADER} of the boot parameters. */
  byte[] header() {
    return Arrays.copyOfRange(bytes, HEADER, headerEnd());
  }

  /** The protected-mode part. */
  byte[] kernel() {
    return Arrays.copyOfRange(bytes, kernelOffset(), bytes.length);
  }

  /** Physical address where it would like to be loaded. */
  long preferredAddress() {
    return protocol >= 0x20A ? file.getLong(0x258) : ANYWHERE;
  }

  /** Bytes of memory that it needs from there on until it has found its own memory. */
  long initialSize() {
    return protocol >= 0x20A ? file.getInt(0x260) & 0xFFFF_FFFFL : kernel().length;
  }

  /** Highest address that the initial RAM disk's last byte may have. */
  long initrdMax() {
    return file.getInt(0x22C) & 0xFFFF_FFFFL;
  }

  /** Longest command line in bytes, without its final zero. */
  int longestCommandLine() {
    return file.getInt(0x238);
  }

  /** Whether it has a 64-bit entry point. */
  boolean is64Bit() {
    return protocol >= 0x20C && (file.getShort(0x236) & XLF_KERNEL_64) != 0;
  }
}
