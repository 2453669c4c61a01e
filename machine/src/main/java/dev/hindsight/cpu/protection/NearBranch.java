package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;

/** Checks of the target of CALL, JMP, RET and Jcc: transfers within the code segment. */
public final class NearBranch {
  private NearBranch() {}

  /**
   * The new instruction pointer, truncated to the operand size; #GP(0) if it lies outside of the
   * code segment, or is not canonical in 64-bit mode. Changes nothing, so that CALL can push
   * afterwards.
   *
   * @param operandBits 16, 32 or 64
   */
  public static long check(Vcpu cpu, long target, int operandBits) {
    long ip =
        switch (operandBits) {
          case 16 -> target & 0xFFFF;
          case 32 -> target & 0xFFFF_FFFFL;
          default -> target;
        };
    if (cpu.is64Bit() ? !LinearMemory.isCanonical(ip) : ip > cpu.cs().limit()) {
      throw GuestFault.generalProtection(0);
    }
    return ip;
  }
}
