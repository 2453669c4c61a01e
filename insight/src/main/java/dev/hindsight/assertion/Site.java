package dev.hindsight.assertion;

import dev.hindsight.cpu.Vcpu;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the recorded run was when it would have made a check.
 *
 * @param tick the tick of the step that reads the flag
 * @param steps steps of all vCPUs before it
 * @param vcpu number of the vCPU
 * @param addressSpace physical address of the root of its paging structures; 0 without paging
 * @param privilege its privilege level, 0 to 3
 * @param rip linear address of the instruction that reads the flag
 * @param flags RFLAGS
 * @param registers RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15
 * @param returns return addresses, from the innermost frame on, as frame pointers lead to them
 */
public record Site(
    long tick,
    long steps,
    int vcpu,
    long addressSpace,
    int privilege,
    long rip,
    long flags,
    List<Long> registers,
    List<Long> returns) {
  private static final int REGISTERS = 16;

  /** Copies its lists. */
  public Site {
    registers = List.copyOf(registers);
    returns = List.copyOf(returns);
  }

  static Site of(Vcpu cpu, long tick, long steps) {
    List<Long> registers = new ArrayList<>();
    for (int n = 0; n < REGISTERS; n++) {
      registers.add(cpu.general().get64(n));
    }
    return new Site(
        tick,
        steps,
        cpu.index(),
        cpu.caller().addressSpace(),
        cpu.cpl(),
        cpu.linearRip(),
        cpu.flags().get(),
        registers,
        Frames.returns(cpu));
  }
}
