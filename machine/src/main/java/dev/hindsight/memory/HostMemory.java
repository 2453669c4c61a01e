package dev.hindsight.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Raw little-endian access to off-heap memory by host address.
 *
 * <p>Nothing is checked: an address must come from {@link GuestRam} or another owner of off-heap
 * memory, and be used only while that owner lives. Accesses need not be aligned.
 */
public final class HostMemory {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private HostMemory() {}

  /** Reads a byte, sign-extended by Java's rules. */
  public static byte getByte(long address) {
    return ALL.get(BYTE, address);
  }

  /** Reads two bytes. */
  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  /** Reads four bytes. */
  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  /** Reads eight bytes. */
  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  /** Writes a byte. */
  public static void putByte(long address, byte value) {
    ALL.set(BYTE, address, value);
  }

  /** Writes two bytes. */
  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  /** Writes four bytes. */
  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  /** Writes eight bytes. */
  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  /** Copies {@code length} bytes between two ranges that may overlap. */
  public static void copy(long from, long to, long length) {
    MemorySegment.copy(ALL, from, ALL, to, length);
  }

  /** Fills {@code length} bytes with one value. */
  public static void fill(long address, long length, byte value) {
    ALL.asSlice(address, length).fill(value);
  }

  /** Copies off-heap bytes into an array. */
  public static void copyOut(long from, byte[] to, int offset, int length) {
    MemorySegment.copy(ALL, BYTE, from, to, offset, length);
  }

  /** Copies bytes of an array to off-heap memory. */
  public static void copyIn(byte[] from, int offset, long to, int length) {
    MemorySegment.copy(from, offset, ALL, BYTE, to, length);
  }

  /** Allocates zeroed memory, aligned to a page, that lives as long as its arena. */
  public static long allocate(Arena arena, long bytes) {
    return arena.allocate(bytes, 4096).address();
  }
}
