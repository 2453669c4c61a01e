package dev.hindsight.gdb;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Numbers, bytes and texts as packets have them. */
final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();
  private static final int MOST_DIGITS = 16;

  private Hex() {}

  /**
   * An unsigned number of up to 64 bits.
   *
   * @throws PacketException if it is none
   */
  static long number(String digits) {
    if (digits.isEmpty()
        || digits.length() > MOST_DIGITS
        || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw PacketException.malformed();
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  /** A number that is a count or an index: what is larger than an int is the largest int. */
  static int count(String digits) {
    long value = number(digits);
    return value < 0 || value > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) value;
  }

  /**
   * Bytes of two digits each.
   *
   * @throws PacketException if they are none
   */
  static byte[] bytes(String digits) {
    try {
      return FORMAT.parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw PacketException.malformed();
    }
  }

  static String of(byte[] bytes) {
    return FORMAT.formatHex(bytes);
  }

  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(String digits) {
    return new String(bytes(digits), StandardCharsets.UTF_8);
  }
}
