package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vector;

/**
 * Decimal adjustments (SDM volume 2, AAA to AAS, DAA, DAS), as functions of AX. What the manual
 * leaves undefined: after AAA and AAS, OF is 0 and SF, ZF and PF are those of AL; after DAA and
 * DAS, OF is 0; after AAD and AAM, CF, OF and AF are 0.
 */
public final class Decimal {
  private Decimal() {}

  /** AAA: the new AX. */
  public static int aaa(Flags f, int ax) {
    boolean adjust = (ax & 0xF) > 9 || f.af();
    int r = (adjust ? ax + 0x106 : ax) & 0xFF0F;
    f.set(r, 8, adjust, false, adjust);
    return r;
  }

  /** AAS: the new AX. */
  public static int aas(Flags f, int ax) {
    boolean adjust = (ax & 0xF) > 9 || f.af();
    int r = (adjust ? ax - 0x106 : ax) & 0xFF0F;
    f.set(r, 8, adjust, false, adjust);
    return r;
  }

  /**
   * AAM: the new AX.
   *
   * @param base the immediate, 10 as a rule
   * @throws GuestFault #DE if it is 0
   */
  public static int aam(Flags f, int ax, int base) {
    if (base == 0) {
      throw GuestFault.of(Vector.DE);
    }
    int al = ax & 0xFF;
    int r = ((al / base) << 8) | (al % base);
    f.afterLogic(r, 8);
    return r;
  }

  /** AAD: the new AX. */
  public static int aad(Flags f, int ax, int base) {
    int r = ((ax & 0xFF) + (ax >>> 8) * base) & 0xFF;
    f.afterLogic(r, 8);
    return r;
  }

  /** DAA: the new AL. */
  public static int daa(Flags f, int al) {
    boolean low = (al & 0xF) > 9 || f.af();
    boolean high = al > 0x99 || f.cf();
    int r = (al + (low ? 6 : 0) + (high ? 0x60 : 0)) & 0xFF;
    f.set(r, 8, high, false, low);
    return r;
  }

  /** DAS: the new AL. */
  public static int das(Flags f, int al) {
    boolean low = (al & 0xF) > 9 || f.af();
    boolean high = al > 0x99 || f.cf();
    boolean borrow = low && al < 6;
    int r = (al - (low ? 6 : 0) - (high ? 0x60 : 0)) & 0xFF;
    f.set(r, 8, high || borrow, false, low);
    return r;
  }
}
