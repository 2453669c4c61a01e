package dev.hindsight.device;

import dev.hindsight.storage.Disk;
import dev.hindsight.storage.StorageException;

/** A disk in an array, which fails when it is told to. */
public final class ArrayDisk implements Disk {
  private final byte[] bytes;
  private final boolean readOnly;
  private final boolean keeps;
  private int good = Integer.MAX_VALUE;

  private ArrayDisk(byte[] bytes, boolean readOnly, boolean keeps) {
    this.bytes = bytes;
    this.readOnly = readOnly;
    this.keeps = keeps;
  }

  /** A disk; its bytes are a pattern in which each sector is another. */
  public static ArrayDisk patterned(int sectors, boolean readOnly) {
    return new ArrayDisk(pattern(sectors), readOnly, true);
  }

  /** A disk that forgets what is written to it. */
  public static ArrayDisk forgetful(int sectors) {
    return new ArrayDisk(pattern(sectors), false, false);
  }

  private static byte[] pattern(int sectors) {
    byte[] bytes = new byte[sectors * SECTOR];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / SECTOR);
    }
    return bytes;
  }

  /** After so many more requests, the host fails. */
  public void failAfter(int requests) {
    good = requests;
  }

  private void countDown() {
    if (good-- <= 0) {
      throw new StorageException("The host cannot read the image.");
    }
  }

  /** What is on it. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public long sectors() {
    return bytes.length / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public String serial() {
    return "TEST-1";
  }

  @Override
  public void read(long sector, byte[] into, int offset, int sectors) {
    countDown();
    System.arraycopy(bytes, (int) sector * SECTOR, into, offset, sectors * SECTOR);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int sectors) {
    countDown();
    if (readOnly) {
      throw new IllegalStateException("written to a disk that is read-only");
    }
    if (keeps) {
      System.arraycopy(from, offset, bytes, (int) sector * SECTOR, sectors * SECTOR);
    }
  }
}
