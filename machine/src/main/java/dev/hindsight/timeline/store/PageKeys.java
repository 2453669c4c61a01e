package dev.hindsight.timeline.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Finds stored pages by their contents: by the first 16 bytes of their SHA-256 digest, so that no
 * guest can write two pages that are taken for one another.
 */
final class PageKeys {
  /** Bytes of a key. */
  static final int BYTES = 16;

  private final MessageDigest sha256 = sha256();
  private long[] keys = new long[2 << 14];
  private int[] ids = new int[1 << 14];
  private int used;

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The key of a page. */
  byte[] key(byte[] page) {
    return Arrays.copyOf(sha256.digest(page), BYTES);
  }

  /** The number that was put last for a key; 0 if there is none. */
  int find(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    return ids[place(in.getLong(), in.getLong())];
  }

  /** Puts a number for a key. */
  void put(byte[] key, int id) {
    if (2 * used >= ids.length) {
      grow();
    }
    ByteBuffer in = ByteBuffer.wrap(key);
    put(in.getLong(), in.getLong(), id);
  }

  private void put(long high, long low, int id) {
    int i = place(high, low);
    if (ids[i] == 0) {
      used++;
    }
    keys[2 * i] = high;
    keys[2 * i + 1] = low;
    ids[i] = id;
  }

  /** Where a key is, or would be: digests are random, so any of their bits will do. */
  private int place(long high, long low) {
    int i = (int) low & ids.length - 1;
    while (ids[i] != 0 && (keys[2 * i] != high || keys[2 * i + 1] != low)) {
      i = i + 1 & ids.length - 1;
    }
    return i;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldIds = ids;
    keys = new long[2 * oldKeys.length];
    ids = new int[2 * oldIds.length];
    used = 0;
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != 0) {
        put(oldKeys[2 * i], oldKeys[2 * i + 1], oldIds[i]);
      }
    }
  }
}
