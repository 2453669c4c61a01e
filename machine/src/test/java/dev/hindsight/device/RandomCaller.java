package dev.hindsight.device;

import java.util.OptionalLong;

/** A vCPU that calls the machine, with registers made of a number that may be anything. */
public final class RandomCaller extends CallerRegisters {
  private static final int MAGIC = 0x564D_5868;
  private static final int OURS = 0x4853;
  private static final int VASSERT = 51;

  private RandomCaller(int group, int number, long value) {
    super(value >>> 8 & 0x3000, MAGIC, value % 5 == 0 ? value : value << 12, group | number << 16);
  }

  /** One that makes a call of ours. */
  public static RandomCaller ours(long value) {
    return new RandomCaller(OURS, (int) (value & 3), value >>> 2 & 0xFFFF);
  }

  /** One that makes a call of VMware's. */
  public static RandomCaller vmwares(long value) {
    return new RandomCaller(VASSERT, (int) (value & 3), value >>> 2 & 0xFFFF);
  }

  @Override
  public OptionalLong physical(long linear) {
    return linear % 3 == 0 ? OptionalLong.empty() : OptionalLong.of(linear ^ 0x5000);
  }
}
