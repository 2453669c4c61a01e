package dev.hindsight.x86;

/** How instruction bytes are to be read: the default sizes that CS and EFER.LMA give. */
public enum CodeMode {
  /** Real mode, virtual-8086 mode and 16-bit protected or compatibility mode segments. */
  BITS16(16),
  /** 32-bit protected or compatibility mode segments. */
  BITS32(32),
  /** 64-bit mode. */
  BITS64(64);

  private final int bits;

  CodeMode(int bits) {
    this.bits = bits;
  }

  /** 16, 32 or 64. */
  public int bits() {
    return bits;
  }
}
