package dev.hindsight.silicon;

import java.util.random.RandomGenerator;

/** Random registers. */
final class StateFiller {
  private StateFiller() {}

  /** What vector registers are mostly filled with. */
  enum Lanes {
    /** Each register with something else. */
    ANY,
    BINARY32,
    BINARY64,
    INTEGER
  }

  /** General registers, flags and bases. */
  static void fillGeneral(RandomGenerator r, CpuState s) {
    for (int i = 0; i < 16; i++) {
      s.gpr[i] = r.nextInt(24) == 0 ? Values.selector(r) : Values.integer(r);
    }
    // CF PF AF ZF SF OF; DF now and then; IF and bit 1 always
    int flags = r.nextInt() & 0x8D5;
    s.rflags = flags | (r.nextInt(8) == 0 ? 0x400 : 0) | 0x202;
    s.fsBase = r.nextInt(4) == 0 ? 0 : Layout.page(1) + r.nextInt(0x2000);
    s.gsBase = r.nextInt(4) == 0 ? 0 : Layout.page(2) - r.nextInt(0x1000);
  }

  /** x87, MMX, SSE and AVX registers with their control and status words. */
  static void fillFloating(RandomGenerator r, CpuState s, Lanes lanes) {
    fillX87(r, s);
    int mxcsr = r.nextInt() & 0x603F | 0x1F80;
    if (r.nextInt(4) == 0) {
      mxcsr |= r.nextInt() & 0x8040;
    }
    if (r.nextInt(10) == 0) {
      mxcsr &= ~(r.nextInt() & 0x1F80);
    }
    s.xsaveInt(CpuState.MXCSR, mxcsr);
    s.xsaveInt(CpuState.MXCSR + 4, 0);
    for (int register = 0; register < 16; register++) {
      Lanes kind = lanes;
      if (lanes == Lanes.ANY || r.nextInt(6) == 0) {
        kind = Lanes.values()[r.nextInt(1, 4)];
      }
      for (int n = 0; n < 4; n++) {
        s.ymm(register, n, lane(r, kind));
      }
    }
  }

  private static long lane(RandomGenerator r, Lanes kind) {
    return switch (kind) {
      case BINARY32 -> (long) Values.binary32(r) << 32 | Values.binary32(r) & 0xFFFF_FFFFL;
      case BINARY64 -> Values.binary64(r);
      default ->
          r.nextInt(3) == 0
              ? Values.integer(r)
              : Values.integer(r) << 32 | Values.integer(r) & 0xFFFF_FFFFL;
    };
  }

  /** Masks the x87 unit's denormal-operand exception. */
  static void maskDenormals(CpuState s) {
    int control = s.xsaveShort(CpuState.FCW) | 2;
    s.xsaveShort(CpuState.FCW, control);
    if ((s.xsaveShort(CpuState.FSW) & ~control & 0x3F) == 0) {
      // ES and B are set if and only if something unmasked is flagged
      s.xsaveShort(CpuState.FSW, s.xsaveShort(CpuState.FSW) & ~0x8080);
    }
  }

  private static void fillX87(RandomGenerator r, CpuState s) {
    int control = 0x7F | r.nextInt(16) << 8;
    if (r.nextInt(3) != 0) {
      control |= 0x300;
    }
    if (r.nextInt(12) == 0) {
      control &= ~(r.nextInt() & 0x3F);
    }
    int status = r.nextInt() & 0x7F00 | r.nextInt() & 0x3F;
    if (r.nextInt(3) == 0) {
      status &= ~0x3F;
    }
    status &= ~0x8080;
    if ((status & ~control & 0x3F) != 0) {
      // an unmasked exception is pending: mostly take it back
      if (r.nextInt(4) == 0) {
        status |= 0x8080;
      } else {
        status &= control | ~0x3F;
      }
    }
    if (r.nextInt(8) != 0) {
      status &= ~0x40;
    }
    int tags =
        switch (r.nextInt(6)) {
          case 0 -> r.nextInt() & 0xFF;
          case 1 -> 0;
          default -> 0xFF;
        };
    s.xsaveShort(CpuState.FCW, control);
    s.xsaveShort(CpuState.FSW, status);
    s.xsaveShort(CpuState.FTW, tags);
    s.xsaveShort(CpuState.FOP, 0);
    s.xsaveLong(CpuState.FIP, 0);
    s.xsaveLong(CpuState.FDP, 0);
    boolean mmx = r.nextInt(4) == 0;
    for (int i = 0; i < 8; i++) {
      int signExponent = mmx ? 0xFFFF : Values.signExponent(r);
      s.xsaveLong(
          CpuState.ST0 + i * 16, mmx ? Values.integer(r) : Values.significand(r, signExponent));
      s.xsaveLong(CpuState.ST0 + i * 16 + 8, signExponent);
    }
  }
}
