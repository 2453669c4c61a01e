package dev.hindsight.silicon;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * Contents for the data pages: lines of 64 bytes, each with numbers of one kind, and images for
 * FXRSTOR, XRSTOR, FRSTOR and FLDENV at the beginning of the first writable pages.
 */
final class PageFiller {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private PageFiller() {}

  /** Fills all pages that are there. */
  static DataPages fill(RandomGenerator r) {
    DataPages pages = DataPages.zeros();
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      if (Layout.mapped(page)) {
        byte[] b = pages.contents()[page];
        for (int line = 0; line < Layout.PAGE; line += 64) {
          line(r, b, line);
        }
        if (page == 1 || page == 6) {
          image(r, b, 0);
        }
      }
    }
    return pages;
  }

  private static void line(RandomGenerator r, byte[] b, int at) {
    int kind = r.nextInt(11);
    for (int i = at; i < at + 64; i += kind == 2 ? 16 : 8) {
      switch (kind) {
        case 0 -> {
          INT.set(b, i, Values.binary32(r));
          INT.set(b, i + 4, Values.binary32(r));
        }
        case 1 -> LONG.set(b, i, Values.binary64(r));
        case 2 -> {
          int signExponent = Values.signExponent(r);
          LONG.set(b, i, Values.significand(r, signExponent));
          LONG.set(b, i + 8, r.nextLong());
          SHORT.set(b, i + 8, (short) signExponent);
        }
        case 3 -> LONG.set(b, i, Layout.page(r.nextInt(1, 7)) + r.nextInt(Layout.PAGE));
        case 4 -> {
          INT.set(b, i, (int) Layout.CODE_BASE + r.nextInt(Layout.PAGE));
          INT.set(b, i + 4, r.nextBoolean() ? 0 : Values.selector(r));
        }
        case 5 -> {
          // packed decimal digits
          for (int j = 0; j < 8; j++) {
            b[i + j] = (byte) (r.nextInt(10) << 4 | r.nextInt(10));
          }
        }
        case 6 -> {
          INT.set(b, i, (int) Values.integer(r));
          INT.set(b, i + 4, (int) Values.integer(r));
        }
        case 7 -> {
          for (int j = 0; j < 8; j += 2) {
            SHORT.set(b, i + j, (short) Values.integer(r));
          }
        }
        case 8 -> {
          for (int j = 0; j < 8; j++) {
            b[i + j] = r.nextInt(6) == 0 ? 0 : (byte) Values.integer(r);
          }
        }
        default -> LONG.set(b, i, Values.integer(r));
      }
    }
  }

  /** An XSAVE image that XRSTOR and FXRSTOR accept, and FRSTOR and FLDENV more or less. */
  private static void image(RandomGenerator r, byte[] b, int at) {
    CpuState s = new CpuState();
    StateFiller.fillFloating(r, s, StateFiller.Lanes.ANY);
    System.arraycopy(s.xsave, 0, b, at, CpuState.XSAVE_BYTES);
    for (int i = 512; i < 576; i += 8) {
      LONG.set(b, at + i, i == 512 ? r.nextLong(8) : 0L);
    }
  }
}
