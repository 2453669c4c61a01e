package dev.hindsight.device;

import dev.hindsight.bus.BackDoor;

/** A vCPU that calls the machine, of which there are registers only; segments are flat. */
public abstract class CallerRegisters implements BackDoor.Caller {
  private static final int RAX = 0;
  private static final int RCX = 1;
  private static final int RBX = 3;

  private final long[] registers = new long[16];
  private final long addressSpace;

  protected CallerRegisters(long addressSpace, long rax, long rbx, long rcx) {
    this.addressSpace = addressSpace;
    registers[RAX] = rax;
    registers[RBX] = rbx;
    registers[RCX] = rcx;
  }

  @Override
  public final long register(int number) {
    return registers[number];
  }

  @Override
  public final void register32(int number, int value) {
    registers[number] = value & 0xFFFF_FFFFL;
  }

  @Override
  public final int vcpu() {
    return 0;
  }

  @Override
  public final long addressSpace() {
    return addressSpace;
  }

  @Override
  public final long linear(long offset) {
    return offset;
  }
}
