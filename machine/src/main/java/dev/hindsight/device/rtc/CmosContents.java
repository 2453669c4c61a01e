package dev.hindsight.device.rtc;

/** What a PC's firmware keeps in the CMOS memory, and finds there. */
public final class CmosContents {
  /** Bytes of CMOS memory, those of the clock's registers included. */
  public static final int LENGTH = 128;

  private static final int MEBIBYTE = 1 << 20;
  private static final int BASE_KIBIBYTES = 640;

  private CmosContents() {}

  /**
   * Contents that say how much memory there is, and nothing else: base memory (15h and 16h), memory
   * above 1 MiB in KiB (17h and 18h, again at 30h and 31h), above 16 MiB in units of 64 KiB (34h
   * and 35h), and above 4 GiB in units of 64 KiB (5Bh to 5Dh). The shutdown status (0Fh) is that of
   * an ordinary power-on, 0.
   *
   * @param below4GiB bytes of RAM that end below 4 GiB, counted from address 0
   * @param above4GiB bytes of RAM from 4 GiB on
   */
  public static byte[] ofMemory(long below4GiB, long above4GiB) {
    byte[] cmos = new byte[LENGTH];
    put(cmos, 0x15, 2, BASE_KIBIBYTES);
    long extended = atMost16Bits((below4GiB - MEBIBYTE) / 1024);
    put(cmos, 0x17, 2, extended);
    put(cmos, 0x30, 2, extended);
    put(cmos, 0x34, 2, atMost16Bits((below4GiB - 16 * MEBIBYTE) / 0x1_0000));
    put(cmos, 0x5B, 3, Math.min(above4GiB / 0x1_0000, 0xFF_FFFF));
    return cmos;
  }

  private static long atMost16Bits(long value) {
    return Math.clamp(value, 0, 0xFFFF);
  }

  private static void put(byte[] cmos, int at, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      cmos[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
