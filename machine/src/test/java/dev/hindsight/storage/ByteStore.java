package dev.hindsight.storage;

import java.util.Random;

/** A disk image in an array. */
public record ByteStore(byte[] content) implements BlockStore {
  /** An image of random bytes. */
  public static ByteStore random(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return new ByteStore(content);
  }

  @Override
  public long bytes() {
    return content.length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int length) {
    System.arraycopy(content, (int) position, into, offset, length);
  }
}
