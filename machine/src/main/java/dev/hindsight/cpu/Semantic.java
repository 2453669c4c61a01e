package dev.hindsight.cpu;

import dev.hindsight.x86.Instruction;

/**
 * What an instruction does.
 *
 * <p>When it is called, {@link Vcpu#rip} is the offset of the <em>next</em> instruction and
 * prefixes are decoded. It must do everything that can fault (reads, {@linkplain
 * LinearMemory#probeWrite probes} of what it will write) before it changes any state, and throw
 * {@link GuestFault}: the engine then puts RIP back and delivers it. A repeated string instruction
 * is one iteration; the engine repeats.
 */
@FunctionalInterface
public interface Semantic {
  /** Executes an instruction. */
  void execute(Vcpu cpu, Instruction in);
}
