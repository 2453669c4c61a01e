package dev.hindsight.silicon;

import dev.hindsight.x86.MandatoryPrefix;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.OperandSpec;
import dev.hindsight.x86.RowAttribute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes random bytes that a row of the opcode table matches: any registers, any addressing, any
 * immediates, and prefixes beyond the needed ones. With some odd prefixes they turn into another
 * instruction or none; the decoder tells.
 */
public final class RowEncoder {
  /** ModRM.rm of the registers that hold addresses in sequences, whatever REX.B is. */
  private static final int[] POINTERS = {3, 4, 5, 6, 7};

  private final RandomGenerator r;
  private final int mode;
  private final boolean calm;
  private final byte[] bytes = new byte[40];
  private int length;
  private int displacementAt;
  private int displacementBytes;

  /**
   * An encoder.
   *
   * @param mode 32 or 64
   * @param calm whether to leave out odd prefixes, and to address memory only absolutely or through
   *     registers that a sequence keeps for that
   */
  public RowEncoder(RandomGenerator r, int mode, boolean calm) {
    this.r = r;
    this.mode = mode;
    this.calm = calm;
  }

  /** Bytes for a row. */
  public Encoding encode(OpcodeRow row) {
    length = 0;
    displacementAt = -1;
    displacementBytes = 0;
    boolean vex = row.map().isVex();
    boolean address67 = addressPrefix(row);
    legacyPrefixes(row, address67, vex);
    int rex = 0;
    if (mode == 64) {
      rex = r.nextBoolean() ? r.nextInt(8) : 0;
      if (calm && !indexed(row)) {
        rex &= ~2;
      }
      if (row.has(RowAttribute.REX_B_CLEAR)) {
        rex &= ~1;
      }
      if (wide(row)) {
        rex |= 8;
      }
    }
    if (vex) {
      vexPrefix(row, rex);
    } else {
      if (mode == 64 && (rex != 0 || r.nextInt(8) == 0)) {
        put(0x40 | rex);
      }
      switch (row.map()) {
        case TWO_BYTE -> put(0x0F);
        case THREE_BYTE_38 -> put(0x0F, 0x38);
        case THREE_BYTE_3A -> put(0x0F, 0x3A);
        default -> {}
      }
    }
    put(row.opcode() + (row.registerInOpcode() ? r.nextInt(8) : 0));
    int addressBits = mode == 64 ? address67 ? 32 : 64 : address67 ? 16 : 32;
    if (row.modrm().present()) {
      modrm(row, addressBits);
    } else if (uses(row, OperandKind.MEMORY_OFFSET)) {
      displacement(addressBits / 8);
    }
    immediate();
    return new Encoding(bytes.clone(), displacementAt, displacementBytes);
  }

  private boolean addressPrefix(OpcodeRow row) {
    if (row.has(RowAttribute.ADDRESS_16) || row.has(RowAttribute.ADDRESS_32)) {
      return mode == 64 || row.has(RowAttribute.ADDRESS_16);
    }
    return !calm && !row.has(RowAttribute.ADDRESS_64) && r.nextInt(20) == 0;
  }

  private boolean wide(OpcodeRow row) {
    if (row.has(RowAttribute.OPERAND_64) || row.has(RowAttribute.W1)) {
      return true;
    }
    if (row.has(RowAttribute.W0)
        || row.has(RowAttribute.OPERAND_16)
        || row.has(RowAttribute.OPERAND_32)) {
      return !calm && r.nextInt(50) == 0;
    }
    return r.nextInt(3) == 0;
  }

  private void legacyPrefixes(OpcodeRow row, boolean address67, boolean vex) {
    List<Integer> prefixes = new ArrayList<>(6);
    MandatoryPrefix mandatory = row.prefix();
    boolean free = mandatory == MandatoryPrefix.ANY || mandatory == MandatoryPrefix.NO_REPEAT;
    if (row.has(RowAttribute.LOCK) ? r.nextInt(8) == 0 : !calm && r.nextInt(200) == 0) {
      prefixes.add(0xF0);
    }
    if (address67) {
      prefixes.add(0x67);
    }
    if (!calm && r.nextInt(12) == 0) {
      int[] segments = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
      prefixes.add(segments[r.nextInt(6)]);
    }
    if (!vex) {
      if (row.has(RowAttribute.REPEAT) && r.nextInt(3) != 0) {
        prefixes.add(r.nextBoolean() ? 0xF3 : 0xF2);
      } else if (!calm && r.nextInt(40) == 0) {
        prefixes.add(r.nextBoolean() ? 0xF3 : 0xF2);
      }
      boolean want16 = row.has(RowAttribute.OPERAND_16);
      boolean never16 =
          row.has(RowAttribute.OPERAND_32)
              || row.has(RowAttribute.OPERAND_64)
              || calm && uses(row, OperandKind.RELATIVE);
      if (free ? want16 || !never16 && r.nextInt(4) == 0 : !calm && r.nextInt(60) == 0) {
        prefixes.add(0x66);
      }
      if (mandatory.prefixByte() >= 0) {
        prefixes.add(mandatory.prefixByte());
      }
    } else if (!calm && r.nextInt(150) == 0) {
      int[] forbidden = {0x66, 0xF2, 0xF3, 0xF0, 0x48};
      prefixes.add(forbidden[r.nextInt(forbidden.length)]);
    }
    if (!calm && !prefixes.isEmpty() && r.nextInt(30) == 0) {
      prefixes.add(prefixes.get(r.nextInt(prefixes.size())));
    }
    for (int i = prefixes.size() - 1; i > 0; i--) {
      Collections.swap(prefixes, i, r.nextInt(i + 1));
    }
    prefixes.forEach(this::put);
  }

  private void vexPrefix(OpcodeRow row, int rex) {
    boolean usesVvvv = uses(row, OperandKind.VVVV_GENERAL) || uses(row, OperandKind.VVVV_VECTOR);
    int vvvv = usesVvvv || !calm && r.nextInt(100) == 0 ? r.nextInt(mode == 64 ? 16 : 8) : 0;
    if (mode == 32 && !calm && r.nextInt(60) == 0) {
      vvvv |= 8;
    }
    boolean w =
        row.has(RowAttribute.W1)
            || !row.has(RowAttribute.W0) && r.nextInt(3) == 0
            || !calm && r.nextInt(100) == 0;
    boolean wide = row.has(RowAttribute.L1) || !row.has(RowAttribute.L0) && r.nextBoolean();
    if (!calm && r.nextInt(150) == 0) {
      wide = !wide;
    }
    int last = (~vvvv & 15) << 3 | (wide ? 4 : 0) | row.prefix().vexPp();
    boolean canBeShort =
        row.map().vexNumber() == 1 && !w && (rex & 3) == 0 && !(mode == 32 && vvvv > 7);
    if (canBeShort && r.nextBoolean()) {
      put(0xC5, (rex & 4) != 0 ? last : last | 0x80);
    } else {
      // in 32-bit code R and X must be inverted ones, or it is LES
      put(0xC4, (~rex & 7) << 5 | row.map().vexNumber(), last | (w ? 0x80 : 0));
    }
  }

  private void modrm(OpcodeRow row, int addressBits) {
    int reg = row.modrm().reg() >= 0 ? row.modrm().reg() : r.nextInt(8);
    if (uses(row, OperandKind.SEGMENT)) {
      reg = r.nextInt(10) == 0 ? r.nextInt(8) : r.nextInt(6);
    }
    boolean memory =
        row.modrm().memory()
            && (!row.modrm().register() || r.nextInt(5) < 3)
            && !row.has(RowAttribute.MOD_IGNORED);
    if (!memory) {
      int rm = row.modrm().rm() >= 0 ? row.modrm().rm() : r.nextInt(8);
      put(0xC0 | reg << 3 | rm);
    } else if (addressBits == 16) {
      int mod = r.nextInt(3);
      int rm = r.nextInt(8);
      put(mod << 6 | reg << 3 | rm);
      int bytes = mod == 0 && rm == 6 ? 2 : mod;
      if (bytes > 0) {
        displacement(bytes);
      }
    } else if (calm) {
      calmMemory(reg, indexed(row));
    } else {
      memory(reg, indexed(row));
    }
  }

  private static boolean indexed(OpcodeRow row) {
    return uses(row, OperandKind.MEMORY_INDEXED_BY_XMM)
        || uses(row, OperandKind.MEMORY_INDEXED_BY_YMM);
  }

  private void memory(int reg, boolean needsIndex) {
    int mod = r.nextInt(3);
    int rm = needsIndex ? 4 : r.nextInt(8);
    put(mod << 6 | reg << 3 | rm);
    int base = rm;
    if (rm == 4) {
      int sib = r.nextInt(256);
      put(sib);
      base = sib & 7;
    }
    int bytes = mod == 1 ? 1 : mod == 2 || base == 5 ? 4 : 0;
    if (bytes > 0) {
      displacement(bytes);
    }
  }

  private void calmMemory(int reg, boolean needsIndex) {
    if (!needsIndex && r.nextInt(3) == 0) {
      put(reg << 3 | 5);
      displacement(4);
      return;
    }
    int pointer = POINTERS[r.nextInt(POINTERS.length)];
    if (needsIndex || pointer == 4) {
      put(0x40 | reg << 3 | 4);
      put(needsIndex ? r.nextInt(256) & 0xF8 | pointer : 0x20 | pointer);
    } else {
      put(0x40 | reg << 3 | pointer);
    }
    displacementAt = length;
    displacementBytes = 1;
    // aligned, as the registers are, but for some
    put(r.nextInt(6) == 0 ? r.nextInt(256) : r.nextInt(8) << 5);
  }

  private void displacement(int size) {
    displacementAt = length;
    displacementBytes = size;
    long value = r.nextBoolean() ? r.nextInt(-256, 257) : Values.integer(r);
    for (int i = 0; i < size; i++) {
      put((int) (value >> i * 8));
    }
  }

  private void immediate() {
    long value = r.nextInt(3) == 0 ? r.nextLong() : Values.integer(r);
    for (int i = 0; i < 12; i++) {
      put((int) (value >> (i & 7) * 8));
    }
  }

  private static boolean uses(OpcodeRow row, OperandKind kind) {
    for (OperandSpec operand : row.operands()) {
      if (operand.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  private void put(int... values) {
    for (int value : values) {
      bytes[length++] = (byte) value;
    }
  }
}
