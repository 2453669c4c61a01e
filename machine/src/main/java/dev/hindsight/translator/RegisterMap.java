package dev.hindsight.translator;

import dev.hindsight.cpu.GeneralRegisters;

/**
 * Which register of the host holds which of the guest's. The ten that compilers use most have one
 * each; the others live in the {@link EngineArea}.
 *
 * <p>RCX and RDX are themselves, for instructions that imply them. RAX is not, for only the host's
 * RAX can take flags (LAHF).
 */
final class RegisterMap {
  /** In place of a register of the host: the guest's is in memory. */
  static final int NONE = -1;

  private static final int[] HOST = {
    HostRegister.R9, // RAX
    HostRegister.RCX,
    HostRegister.RDX,
    HostRegister.RBX,
    HostRegister.R13, // RSP
    HostRegister.RBP,
    HostRegister.RSI,
    HostRegister.RDI,
    HostRegister.R8,
    NONE, // R9
    NONE, // R10
    NONE, // R11
    HostRegister.R12,
    NONE, // R13
    NONE, // R14
    NONE, // R15
  };

  /** The host's register for the guest's RAX. */
  static final int RAX = HOST[GeneralRegisters.RAX];

  /** The host's register for the guest's RSP. */
  static final int RSP = HOST[GeneralRegisters.RSP];

  private RegisterMap() {}

  /** The host's register for a general register of the guest, or {@link #NONE}. */
  static int host(int guest) {
    return HOST[guest];
  }
}
