package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.LinearMemory;

/** Memory accesses whose size is a number. */
final class SizedMemory {
  private SizedMemory() {}

  /** Reads 8, 16, 32 or 64 bits, zero-extended. */
  static long read(LinearMemory memory, long linear, int bits) {
    return switch (bits) {
      case 8 -> memory.read8(linear);
      case 16 -> memory.read16(linear);
      case 32 -> memory.read32(linear) & 0xFFFF_FFFFL;
      default -> memory.read64(linear);
    };
  }

  /** Writes the low 8, 16, 32 or 64 bits. */
  static void write(LinearMemory memory, long linear, int bits, long value) {
    switch (bits) {
      case 8 -> memory.write8(linear, (int) value);
      case 16 -> memory.write16(linear, (int) value);
      case 32 -> memory.write32(linear, (int) value);
      default -> memory.write64(linear, value);
    }
  }
}
