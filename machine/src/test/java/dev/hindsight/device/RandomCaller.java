package dev.hindsight.device;

import dev.hindsight.bus.BackDoor;
import java.util.OptionalLong;

/** A vCPU that calls the machine, with registers made of a number that may be anything. */
public final class RandomCaller implements BackDoor.Caller {
  private static final int MAGIC = 0x564D_5868;
  private static final int OURS = 0x4853;
  private static final int VASSERT = 51;

  private final long[] registers = new long[16];
  private final long addressSpace;

  private RandomCaller(int group, int number, long value) {
    registers[0] = MAGIC;
    registers[1] = group | number << 16;
    registers[3] = value % 5 == 0 ? value : value << 12;
    addressSpace = value >>> 8 & 0x3000;
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
  public long register(int number) {
    return registers[number];
  }

  @Override
  public void register32(int number, int value) {
    registers[number] = value & 0xFFFF_FFFFL;
  }

  @Override
  public int vcpu() {
    return 0;
  }

  @Override
  public long addressSpace() {
    return addressSpace;
  }

  @Override
  public long linear(long offset) {
    return offset;
  }

  @Override
  public OptionalLong physical(long linear) {
    return linear % 3 == 0 ? OptionalLong.empty() : OptionalLong.of(linear ^ 0x5000);
  }
}
