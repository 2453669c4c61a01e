package dev.hindsight.bus.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A 64-bit digest of bytes, not cryptographic. Two sequences of equal length that differ in one
 * 8-byte word have different digests for certain; others collide with probability 2^-64.
 */
public final class StateHash {
  private static final long MULTIPLIER = 0xE703_7ED1_A0B4_28DBL;

  private long state;

  /** The digest of nothing. */
  public StateHash() {
    state = 0x2545_F491_4F6C_DD1DL;
  }

  /** The digest of bytes. */
  public static long of(byte[] bytes) {
    return new StateHash().add(bytes).value();
  }

  /** Adds bytes and their number. */
  public StateHash add(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= 8) {
      add(in.getLong());
    }
    long rest = 0;
    for (int shift = 0; in.hasRemaining(); shift += 8) {
      rest |= (in.get() & 0xFFL) << shift;
    }
    return add(rest).add(bytes.length);
  }

  /** Adds a number. */
  public StateHash add(long value) {
    // a bijection of the value for a given state and of the state for a given value
    long x = (state ^ value) * MULTIPLIER;
    state = x ^ (x >>> 29);
    return this;
  }

  /** The digest of what was added so far. */
  public long value() {
    long x = state * MULTIPLIER;
    return x ^ (x >>> 32);
  }
}
