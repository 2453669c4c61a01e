package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ModelSpecificRegisters;

/**
 * Values that PAT and the MTRRs take (SDM volume 3, sections 12.11 and 12.12). They are state only:
 * all memory behaves as write-back.
 */
final class MemoryTypes {
  private static final int UNCACHED_MINUS = 7;
  private static final int FIXED_AND_ALL_ENABLED = 0xC00;
  private static final int VALID = 0x800;

  private MemoryTypes() {}

  /** Whether PAT or an MTRR takes a value. */
  static boolean accepts(int number, long value, int physicalAddressBits) {
    if (number == ModelSpecificRegisters.PAT) {
      return allBytesAreTypes(value, true);
    }
    if (number == ModelSpecificRegisters.MTRR_DEF_TYPE) {
      return (value & ~(long) (FIXED_AND_ALL_ENABLED | 0xFF)) == 0 && isType((int) value & 0xFF);
    }
    int variable = number - ModelSpecificRegisters.MTRR_PHYSBASE0;
    if (variable >= 0 && variable < 2 * ModelSpecificRegisters.MTRR_PAIRS) {
      if (value >>> physicalAddressBits != 0) {
        return false;
      }
      boolean isMask = (variable & 1) != 0;
      return isMask
          ? (value & 0xFFF & ~VALID) == 0
          : (value & 0xF00) == 0 && isType((int) value & 0xFF);
    }
    return allBytesAreTypes(value, false);
  }

  private static boolean allBytesAreTypes(long value, boolean pat) {
    for (int shift = 0; shift < 64; shift += 8) {
      int type = (int) (value >>> shift) & 0xFF;
      if (!isType(type) && !(pat && type == UNCACHED_MINUS)) {
        return false;
      }
    }
    return true;
  }

  /** UC, WC, WT, WP or WB. */
  private static boolean isType(int type) {
    return type == 0 || type == 1 || (type >= 4 && type <= 6);
  }
}
