package dev.hindsight.x86.assembler;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.RowAttribute;
import java.util.ArrayList;
import java.util.List;

/**
 * One choice of the prefixes that give an instruction its sizes.
 *
 * @param operandBits effective operand size: 16, 32 or 64
 * @param isDefaultOperand whether the operand size is the one without a prefix
 * @param operandPrefix whether 66 is there as the operand-size prefix
 * @param w whether REX.W or VEX.W is set
 * @param addressBits effective address size: 16, 32 or 64
 * @param addressPrefix whether 67 is there
 * @param vector256 whether VEX.L is set
 */
record Sizes(
    int operandBits,
    boolean isDefaultOperand,
    boolean operandPrefix,
    boolean w,
    int addressBits,
    boolean addressPrefix,
    boolean vector256) {

  /** The choices that a row admits in a mode, the one without prefixes first. */
  static List<Sizes> candidates(OpcodeRow row, CodeMode mode) {
    List<Sizes> found = new ArrayList<>();
    for (Sizes operand : operandSizes(row, mode)) {
      int defaultAddress = mode.bits();
      int otherAddress = defaultAddress == 32 ? 16 : 32;
      if (admitsAddress(row, defaultAddress)) {
        found.add(operand.withAddress(defaultAddress, false));
      }
      if (admitsAddress(row, otherAddress)) {
        found.add(operand.withAddress(otherAddress, true));
      }
    }
    if (row.map().isVex()) {
      return vectorSizes(row, found);
    }
    return found;
  }

  private static List<Sizes> operandSizes(OpcodeRow row, CodeMode mode) {
    boolean is64 = mode == CodeMode.BITS64;
    boolean force64 = is64 && row.has(RowAttribute.FORCE_64);
    boolean default64 = force64 || is64 && row.has(RowAttribute.DEFAULT_64);
    int plain = default64 ? 64 : is64 ? 32 : mode.bits();
    List<Sizes> found = new ArrayList<>();
    boolean vex = row.map().isVex();
    boolean prefixIsFree =
        !vex
            && switch (row.prefix()) {
              case ANY, NO_REPEAT, PF2, PF3 -> true;
              case NONE, P66 -> false;
            };
    if (!row.has(RowAttribute.W1)) {
      addOperand(found, row, plain, true, false, false);
      if (prefixIsFree && !force64) {
        addOperand(found, row, plain == 16 ? 32 : 16, false, true, false);
      }
    }
    if (!row.has(RowAttribute.W0)) {
      if (is64) {
        addOperand(found, row, 64, default64 || row.has(RowAttribute.W1), false, true);
      } else if (vex && row.has(RowAttribute.W1)) {
        addOperand(found, row, plain, true, false, true);
      }
    }
    return found;
  }

  private static void addOperand(
      List<Sizes> to, OpcodeRow row, int bits, boolean isDefault, boolean prefix, boolean w) {
    boolean only16 = row.has(RowAttribute.OPERAND_16);
    boolean only32 = row.has(RowAttribute.OPERAND_32);
    boolean only64 = row.has(RowAttribute.OPERAND_64);
    boolean fixed = only16 || only32 || only64;
    int wanted = only16 ? 16 : only32 ? 32 : 64;
    if (!fixed || bits == wanted) {
      to.add(new Sizes(bits, isDefault || fixed, prefix, w, 0, false, false));
    }
  }

  private static boolean admitsAddress(OpcodeRow row, int bits) {
    boolean only16 = row.has(RowAttribute.ADDRESS_16);
    boolean only32 = row.has(RowAttribute.ADDRESS_32);
    boolean only64 = row.has(RowAttribute.ADDRESS_64);
    return !(only16 || only32 || only64) || bits == (only16 ? 16 : only32 ? 32 : 64);
  }

  private static List<Sizes> vectorSizes(OpcodeRow row, List<Sizes> scalar) {
    List<Sizes> found = new ArrayList<>();
    for (Sizes sizes : scalar) {
      if (!row.has(RowAttribute.L1)) {
        found.add(sizes);
      }
      if (!row.has(RowAttribute.L0)) {
        found.add(sizes.with256());
      }
    }
    return found;
  }

  private Sizes withAddress(int bits, boolean prefix) {
    return new Sizes(operandBits, isDefaultOperand, operandPrefix, w, bits, prefix, vector256);
  }

  private Sizes with256() {
    return new Sizes(
        operandBits, isDefaultOperand, operandPrefix, w, addressBits, addressPrefix, true);
  }

  /** Address size without a prefix in a mode is the mode's own. */
  boolean isDefaultAddress() {
    return !addressPrefix;
  }

  /** 128 or 256. */
  int vectorBits() {
    return vector256 ? 256 : 128;
  }
}
