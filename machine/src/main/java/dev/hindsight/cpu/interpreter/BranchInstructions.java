package dev.hindsight.cpu.interpreter;

import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which instructions performance counters count as branches, taken or not: jumps, calls, returns
 * and loops, near and far, software interrupts and system calls, and the returns from them. The
 * delivery of an interrupt or exception is no instruction.
 */
final class BranchInstructions {
  private static final Set<Mnemonic> ALL = all();

  private BranchInstructions() {}

  private static Set<Mnemonic> all() {
    Set<Mnemonic> all =
        EnumSet.of(
            Mnemonic.JMP,
            Mnemonic.JMPF,
            Mnemonic.CALL,
            Mnemonic.CALLF,
            Mnemonic.RET,
            Mnemonic.RETF,
            Mnemonic.IRET,
            Mnemonic.JCXZ,
            Mnemonic.JECXZ,
            Mnemonic.JRCXZ,
            Mnemonic.LOOP,
            Mnemonic.LOOPE,
            Mnemonic.LOOPNE,
            Mnemonic.INT,
            Mnemonic.INT1,
            Mnemonic.INT3,
            Mnemonic.INTO,
            Mnemonic.SYSCALL,
            Mnemonic.SYSRET,
            Mnemonic.SYSENTER,
            Mnemonic.SYSEXIT);
    all.addAll(
        EnumSet.of(
            Mnemonic.JO,
            Mnemonic.JNO,
            Mnemonic.JB,
            Mnemonic.JAE,
            Mnemonic.JE,
            Mnemonic.JNE,
            Mnemonic.JBE,
            Mnemonic.JA,
            Mnemonic.JS,
            Mnemonic.JNS,
            Mnemonic.JP,
            Mnemonic.JNP,
            Mnemonic.JL,
            Mnemonic.JGE,
            Mnemonic.JLE,
            Mnemonic.JG));
    return all;
  }

  static boolean contains(Mnemonic mnemonic) {
    return ALL.contains(mnemonic);
  }
}
