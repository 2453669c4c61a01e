package dev.hindsight.translator;

/**
 * Where the guest's arithmetic flags are while a block is being emitted: in the host's flags, in
 * {@link HostRegister#FLAGS} (AH as LAHF leaves it, AL as SETO does), or in both.
 */
final class FlagTracker {
  /** Subtracted from 1 it overflows, from 0 it does not: OF becomes what SETO left. */
  private static final int OVERFLOW = 0x81;

  private final HostEmitter out;
  private boolean inHost;
  private boolean inRegister;

  FlagTracker(HostEmitter out) {
    this.out = out;
  }

  /** At the beginning of a block, and where Java hands over. */
  void begin() {
    inHost = false;
    inRegister = true;
  }

  boolean inHost() {
    return inHost;
  }

  /** Emits what it takes to have them in the register; then the host's may be overwritten. */
  void save() {
    if (!inRegister) {
      out.byte1(0x9F); // LAHF
      out.byte1(0x0F); // SETO AL
      out.byte1(0x90);
      out.byte1(0xC0);
      inRegister = true;
    }
  }

  /** Emits what it takes to have them in the host's flags. */
  void restore() {
    if (!inHost) {
      emitRestore();
      inHost = true;
    }
  }

  /** Loads the host's flags from the register, whatever is known. */
  void emitRestore() {
    out.byte1(0x3C); // CMP AL, imm8
    out.byte1(OVERFLOW);
    out.byte1(0x9E); // SAHF
  }

  /** Emits what it takes to have CF in the host's flags. */
  void restoreCarry() {
    if (!inHost) {
      out.register(Opcode.of0F(0xBA), 0, 4, HostRegister.FLAGS, false); // BT EAX, imm8
      out.byte1(8);
    }
  }

  /** The host's flags were overwritten with something that is none of the guest's business. */
  void hostClobbered() {
    inHost = false;
  }

  /** The instruction just emitted set the guest's flags. */
  void setInHost() {
    inHost = true;
    inRegister = false;
  }

  /** The guest's flags were just put into the register. */
  void setInRegister() {
    inHost = false;
    inRegister = true;
  }

  /** From flags as EFLAGS has them to what the register holds. */
  static long pack(int arithmetic) {
    return (arithmetic & 0xD5) << 8 | arithmetic >> 11 & 1;
  }

  /** The reverse of {@link #pack}. */
  static int unpack(long register) {
    return (int) (register >> 8 & 0xD5 | (register & 1) << 11);
  }
}
