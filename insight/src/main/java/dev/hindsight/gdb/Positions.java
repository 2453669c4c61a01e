package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;

/** Where vCPUs are. */
final class Positions {
  private Positions() {}

  /** Linear address of the instruction that a vCPU is about to execute. */
  static long linear(Vcpu cpu) {
    return cpu.is64Bit() ? cpu.rip() : cpu.cs().base() + cpu.rip() & 0xFFFF_FFFFL;
  }
}
