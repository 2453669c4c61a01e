package dev.hindsight.storage;

import dev.hindsight.memory.GuestRam;

/**
 * A disk whose image stays as it is: what is written goes to an overlay.
 *
 * <p>The overlay is a {@link GuestRam}, so that it is hashed, saved and forked as RAM is. It has a
 * page for each 4 KiB of the disk, and behind these a bit for each page that says whether the page
 * is in use.
 */
public final class CopyOnWriteDisk implements Disk {
  private static final int PAGE = GuestRam.PAGE_BYTES;
  private static final int SECTORS_PER_PAGE = PAGE / SECTOR;
  private static final int BITS_PER_PAGE = PAGE * Byte.SIZE;

  private final String serial;
  private final boolean readOnly;
  private final BlockStore image;
  private final GuestRam overlay;
  private final long mapStart;
  private final byte[] page = new byte[PAGE];
  private final byte[] bits = new byte[1];

  /**
   * A disk.
   *
   * @param image what it holds where nothing was written
   * @param overlay what was written; of {@link #overlayBytes} bytes
   */
  public CopyOnWriteDisk(String serial, boolean readOnly, BlockStore image, GuestRam overlay) {
    if (overlay.bytes() != overlayBytes(image.bytes())) {
      throw new IllegalArgumentException("the overlay is of another disk");
    }
    this.serial = serial;
    this.readOnly = readOnly;
    this.image = image;
    this.overlay = overlay;
    this.mapStart = pages(image.bytes()) * PAGE;
  }

  /** Size of the overlay of a disk of so many bytes. */
  public static long overlayBytes(long diskBytes) {
    long pages = pages(diskBytes);
    return (pages + Math.ceilDiv(pages, BITS_PER_PAGE)) * PAGE;
  }

  private static long pages(long diskBytes) {
    return Math.max(1, Math.ceilDiv(diskBytes, PAGE));
  }

  @Override
  public long sectors() {
    return image.bytes() / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public String serial() {
    return serial;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int sectors) {
    for (int done = 0; done < sectors; ) {
      long at = sector + done;
      boolean written = isWritten(at / SECTORS_PER_PAGE);
      int run = pieceOfPage(at, sectors - done);
      while (done + run < sectors && isWritten((at + run) / SECTORS_PER_PAGE) == written) {
        run += pieceOfPage(at + run, sectors - done - run);
      }
      int to = offset + done * SECTOR;
      if (written) {
        overlay.read(at * SECTOR, into, to, run * SECTOR);
      } else {
        image.read(at * SECTOR, into, to, run * SECTOR);
      }
      done += run;
    }
  }

  @Override
  public void write(long sector, byte[] from, int offset, int sectors) {
    if (readOnly) {
      throw new IllegalStateException("the disk is read-only");
    }
    long end = sector + sectors;
    adoptUnlessCovered(sector / SECTORS_PER_PAGE, sector, end);
    adoptUnlessCovered((end - 1) / SECTORS_PER_PAGE, sector, end);
    for (int done = 0; done < sectors; ) {
      long at = sector + done;
      int run = pieceOfPage(at, sectors - done);
      overlay.write(at * SECTOR, from, offset + done * SECTOR, run * SECTOR);
      setWritten(at / SECTORS_PER_PAGE);
      done += run;
    }
  }

  /** Sectors from one on that lie in the same page, at most {@code most}. */
  private static int pieceOfPage(long sector, int most) {
    return (int) Math.min(most, SECTORS_PER_PAGE - sector % SECTORS_PER_PAGE);
  }

  /** Brings a page into the overlay if only a part of it is about to be written. */
  private void adoptUnlessCovered(long number, long from, long end) {
    long first = number * SECTORS_PER_PAGE;
    boolean covered = from <= first && end >= first + SECTORS_PER_PAGE;
    if (!covered && !isWritten(number)) {
      long start = number * PAGE;
      int length = (int) Math.min(PAGE, image.bytes() - start);
      image.read(start, page, 0, length);
      overlay.write(start, page, 0, length);
      setWritten(number);
    }
  }

  private boolean isWritten(long number) {
    overlay.read(mapStart + number / Byte.SIZE, bits, 0, 1);
    return (bits[0] >>> number % Byte.SIZE & 1) != 0;
  }

  private void setWritten(long number) {
    long at = mapStart + number / Byte.SIZE;
    overlay.read(at, bits, 0, 1);
    bits[0] |= (byte) (1 << number % Byte.SIZE);
    overlay.write(at, bits, 0, 1);
  }
}
