package dev.hindsight.device.i8042;

/** Scan-code sets 1 and 2, and the translation from 2 to 1 that the controller does. */
final class ScanCodes {
  /** Prefix of a break code in set 2. */
  static final int BREAK = 0xF0;

  /** The code by which {@link dev.hindsight.bus.Input.Key} names the Pause key. */
  private static final int PAUSE = 0xE11477;

  private static final int EXTENDED = 0xE0;
  private static final int RELEASED = 0x80;
  private static final int[] NONE = {};

  /** Pause has no break code: it sends both when it is pressed, and never repeats. */
  private static final int[] PAUSE_SET_2 = {0xE1, 0x14, 0x77, 0xE1, BREAK, 0x14, BREAK, 0x77};

  private static final int[] PAUSE_SET_1 = {0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5};

  /** The translation table of the controller's ROM; what it does not list stays as it is. */
  private static final int[] TO_SET_1 = {
    0xFF, 0x43, 0x41, 0x3F, 0x3D, 0x3B, 0x3C, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3E, 0x0F, 0x29, 0x59,
    0x65, 0x38, 0x2A, 0x70, 0x1D, 0x10, 0x02, 0x5A, 0x66, 0x71, 0x2C, 0x1F, 0x1E, 0x11, 0x03, 0x5B,
    0x67, 0x2E, 0x2D, 0x20, 0x12, 0x05, 0x04, 0x5C, 0x68, 0x39, 0x2F, 0x21, 0x14, 0x13, 0x06, 0x5D,
    0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5E, 0x6A, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5F,
    0x6B, 0x33, 0x25, 0x17, 0x18, 0x0B, 0x0A, 0x60, 0x6C, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0C, 0x61,
    0x6D, 0x73, 0x28, 0x74, 0x1A, 0x0D, 0x62, 0x6E, 0x3A, 0x36, 0x1C, 0x1B, 0x75, 0x2B, 0x63, 0x76,
    0x55, 0x56, 0x77, 0x78, 0x79, 0x7A, 0x0E, 0x7B, 0x7C, 0x4F, 0x7D, 0x4B, 0x47, 0x7E, 0x7F, 0x6F,
    0x52, 0x53, 0x50, 0x4C, 0x4D, 0x48, 0x01, 0x45, 0x57, 0x4E, 0x51, 0x4A, 0x37, 0x49, 0x46, 0x54,
    0x80, 0x81, 0x82, 0x41, 0x54
  };

  private ScanCodes() {}

  /** What the controller makes of a byte from the keyboard. */
  static int translate(int value) {
    return value < TO_SET_1.length ? TO_SET_1[value] : value;
  }

  /** Whether a key repeats while it is held. */
  static boolean repeats(int code) {
    return code != PAUSE;
  }

  /**
   * What a keyboard sends for a key.
   *
   * @param set scan-code set: 1, or else 2
   * @return no bytes if there is no such key, or it has nothing to say
   */
  static int[] encode(int set, int code, boolean pressed) {
    if (code == PAUSE) {
      return !pressed ? NONE : set == 1 ? PAUSE_SET_1.clone() : PAUSE_SET_2.clone();
    }
    boolean extended = code >>> 8 == EXTENDED;
    int low = code & 0xFF;
    if ((!extended && code >>> 8 != 0) || !isKey(low)) {
      return NONE;
    }
    if (set == 1) {
      int one = translate(low) | (pressed ? 0 : RELEASED);
      return extended ? new int[] {EXTENDED, one} : new int[] {one};
    }
    if (pressed) {
      return extended ? new int[] {EXTENDED, low} : new int[] {low};
    }
    return extended ? new int[] {EXTENDED, BREAK, low} : new int[] {BREAK, low};
  }

  /** Keys have codes up to 84h that are below 80h in set 1. */
  private static boolean isKey(int low) {
    return low != 0 && low < TO_SET_1.length && TO_SET_1[low] < RELEASED;
  }
}
