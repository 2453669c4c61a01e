package dev.hindsight.bus.pci;

import dev.hindsight.bus.IoRegion;

/**
 * A base address register and what is behind it (PCI 3.0, 6.2.5.1).
 *
 * @param index 0 to 5; one of 64 bits takes the next index too
 * @param kind which address space it is in
 * @param size bytes that it decodes, a power of two: at least 16, in port space 8 to 256
 * @param widest the widest access in bytes that the registers take: 1, 2, 4 or 8
 * @param region the registers
 */
public record BaseAddressRegister(int index, Kind kind, long size, int widest, IoRegion region) {
  private static final int REGISTERS = 6;

  /** Which address space a register is in, and how wide its address is. */
  public enum Kind {
    /** Memory below 4 GiB, not prefetchable. */
    MEMORY_32(0),
    /** Memory anywhere, not prefetchable. */
    MEMORY_64(4),
    /** Ports. */
    IO(1);

    private final int typeBits;

    Kind(int typeBits) {
      this.typeBits = typeBits;
    }

    /** The read-only low bits of the register. */
    int typeBits() {
      return typeBits;
    }
  }

  /**
   * Checks that there can be such a register.
   *
   * @throws IllegalArgumentException if there cannot
   */
  public BaseAddressRegister {
    int last = kind == Kind.MEMORY_64 ? index + 1 : index;
    if (index < 0 || last >= REGISTERS) {
      throw new IllegalArgumentException("no such register");
    }
    boolean io = kind == Kind.IO;
    if (Long.bitCount(size) != 1 || size < (io ? 8 : 16) || io && size > 256) {
      throw new IllegalArgumentException("a register cannot decode " + size + " bytes");
    }
  }

  /** Offset of the register in configuration space. */
  int offset() {
    return 0x10 + 4 * index;
  }

  /** Bytes of the register. */
  int bytes() {
    return kind == Kind.MEMORY_64 ? 8 : 4;
  }
}
