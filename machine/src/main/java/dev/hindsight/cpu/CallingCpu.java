package dev.hindsight.cpu;

import dev.hindsight.bus.BackDoor;
import java.util.OptionalLong;

/** A vCPU as the {@linkplain BackDoor back door} sees it when it calls. */
final class CallingCpu implements BackDoor.Caller {
  private static final int DS = 3;

  private final Vcpu cpu;

  CallingCpu(Vcpu cpu) {
    this.cpu = cpu;
  }

  @Override
  public long register(int number) {
    return cpu.general().get64(number);
  }

  @Override
  public void register32(int number, int value) {
    cpu.general().set32(number, value);
  }

  @Override
  public int vcpu() {
    return cpu.index();
  }

  @Override
  public long addressSpace() {
    return cpu.control().pagingRoot();
  }

  @Override
  public long linear(long offset) {
    return cpu.is64Bit() ? offset : cpu.segment(DS).base() + (offset & 0xFFFF_FFFFL) & 0xFFFF_FFFFL;
  }

  @Override
  public OptionalLong physical(long linear) {
    return cpu.memory().look(linear);
  }
}
