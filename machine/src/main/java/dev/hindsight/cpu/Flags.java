package dev.hindsight.cpu;

/**
 * RFLAGS. The six arithmetic flags are kept as what they derive from, and computed when asked.
 *
 * <p>{@code result} is the last result, sign-extended to 64 bits: ZF is {@code result == 0}, SF its
 * sign, PF the parity of its low byte. {@code carries} holds the carries out of and into the most
 * significant bit in bits 63 and 62 (CF is bit 63; OF is their exclusive or) and the carry out of
 * bit 3 in bit 3 (AF). Combinations that no result has (ZF with SF, say, after POPF) are made by
 * bit 0 of {@code carries}, which inverts SF, and bits 15:8, which are exclusive-ored to the byte
 * that parity is taken of.
 */
public final class Flags {
  public static final int CF = 1;
  public static final int PF = 1 << 2;
  public static final int AF = 1 << 4;
  public static final int ZF = 1 << 6;
  public static final int SF = 1 << 7;
  public static final int TF = 1 << 8;
  public static final int IF = 1 << 9;
  public static final int DF = 1 << 10;
  public static final int OF = 1 << 11;
  public static final int IOPL = 3 << 12;
  public static final int NT = 1 << 14;
  public static final int RF = 1 << 16;
  public static final int VM = 1 << 17;
  public static final int AC = 1 << 18;
  public static final int VIF = 1 << 19;
  public static final int VIP = 1 << 20;
  public static final int ID = 1 << 21;

  /** The six arithmetic flags. */
  public static final int ARITHMETIC = CF | PF | AF | ZF | SF | OF;

  /** Bit 1, which always reads as 1. */
  public static final int FIXED = 2;

  private static final long CARRY_OUT = 1L << 63;
  private static final long CARRY_IN = 1L << 62;
  private static final long AUXILIARY = 1L << 3;

  private long result = 1;
  private long carries;
  private int system = FIXED;

  /**
   * Sets the six flags after an addition, {@code r = a + b (+ carry)}.
   *
   * @param bits 8, 16, 32 or 64; the values may have anything above these
   */
  public void afterAdd(long a, long b, long r, int bits) {
    int shift = 64 - bits;
    long out = (a & b) | ((a | b) & ~r);
    result = (r << shift) >> shift;
    carries = ((out << shift) & (CARRY_OUT | CARRY_IN)) | (out & AUXILIARY);
  }

  /** Sets the six flags after a subtraction, {@code r = a - b (- borrow)}. */
  public void afterSub(long a, long b, long r, int bits) {
    int shift = 64 - bits;
    long out = (~a & b) | ((~a | b) & r);
    result = (r << shift) >> shift;
    carries = ((out << shift) & (CARRY_OUT | CARRY_IN)) | (out & AUXILIARY);
  }

  /**
   * Sets the six flags after AND, OR, XOR or TEST: CF, OF and (undefined by the manual) AF are 0.
   */
  public void afterLogic(long r, int bits) {
    int shift = 64 - bits;
    result = (r << shift) >> shift;
    carries = 0;
  }

  /** Like {@link #afterAdd} with 1, but CF stays (INC). */
  public void afterInc(long a, long r, int bits) {
    boolean cf = cf();
    afterAdd(a, 1, r, bits);
    cf(cf);
  }

  /** Like {@link #afterSub} with 1, but CF stays (DEC). */
  public void afterDec(long a, long r, int bits) {
    boolean cf = cf();
    afterSub(a, 1, r, bits);
    cf(cf);
  }

  /** SF, ZF and PF of a result; CF, OF and AF as given. */
  public void set(long r, int bits, boolean cf, boolean of, boolean af) {
    int shift = 64 - bits;
    result = (r << shift) >> shift;
    carries = (cf ? CARRY_OUT : 0) | (cf != of ? CARRY_IN : 0) | (af ? AUXILIARY : 0);
  }

  /** Whether CF is set. */
  public boolean cf() {
    return carries < 0;
  }

  /** Whether PF is set. */
  public boolean pf() {
    return (Long.bitCount((result ^ (carries >>> 8)) & 0xFF) & 1) == 0;
  }

  /** Whether AF is set. */
  public boolean af() {
    return (carries & AUXILIARY) != 0;
  }

  /** Whether ZF is set. */
  public boolean zf() {
    return result == 0;
  }

  /** Whether SF is set. */
  public boolean sf() {
    return (result ^ (carries << 63)) < 0;
  }

  /** Whether OF is set. */
  public boolean of() {
    return (carries ^ (carries << 1)) < 0;
  }

  /** Sets CF alone. */
  public void cf(boolean on) {
    if (on != cf()) {
      // both carries flip, so that OF stays
      carries ^= CARRY_OUT | CARRY_IN;
    }
  }

  /** Sets OF alone. */
  public void of(boolean on) {
    if (on != of()) {
      carries ^= CARRY_IN;
    }
  }

  /** Sets AF alone. */
  public void af(boolean on) {
    carries = on ? carries | AUXILIARY : carries & ~AUXILIARY;
  }

  /** Sets ZF alone. */
  public void zf(boolean on) {
    if (on != zf()) {
      arithmetic((arithmetic() & ~ZF) | (on ? ZF : 0));
    }
  }

  /** The six arithmetic flags at their places in RFLAGS. */
  public int arithmetic() {
    return (cf() ? CF : 0)
        | (pf() ? PF : 0)
        | (af() ? AF : 0)
        | (zf() ? ZF : 0)
        | (sf() ? SF : 0)
        | (of() ? OF : 0);
  }

  /** Sets the six arithmetic flags from their places in RFLAGS; other bits are ignored. */
  public void arithmetic(int f) {
    boolean cf = (f & CF) != 0;
    boolean of = (f & OF) != 0;
    boolean sf = (f & SF) != 0;
    boolean zf = (f & ZF) != 0;
    // with ZF the result is 0, whose sign is inverted if SF is wanted too
    result = zf ? 0 : sf ? -1L << 8 : 1L << 8;
    boolean invertSign = zf && sf;
    long parity = (f & PF) != 0 ? 0 : 1;
    carries =
        (cf ? CARRY_OUT : 0)
            | (cf != of ? CARRY_IN : 0)
            | ((f & AF) != 0 ? AUXILIARY : 0)
            | (invertSign ? 1 : 0)
            | (parity << 8);
  }

  /**
   * A condition by its encoding in the low four bits of Jcc, SETcc and CMOVcc: O 0, NO, B, NB, Z,
   * NZ, BE, NBE, S, NS, P, NP, L, NL, LE, NLE 15.
   */
  public boolean condition(int code) {
    boolean holds =
        switch (code >> 1) {
          case 0 -> of();
          case 1 -> cf();
          case 2 -> zf();
          case 3 -> cf() || zf();
          case 4 -> sf();
          case 5 -> pf();
          case 6 -> sf() != of();
          default -> zf() || sf() != of();
        };
    return holds != ((code & 1) != 0);
  }

  /**
   * What {@link #condition} asks of CF, ZF, SF and OF: bit {@code n} is set if it holds when they
   * are bits 0 to 3 of {@code n}. 0 for P and NP, which ask something else.
   */
  public static int combinations(int code) {
    int all = 0;
    for (int n = 0; n < 16; n++) {
      boolean cf = (n & 1) != 0;
      boolean zf = (n & 2) != 0;
      boolean sf = (n & 4) != 0;
      boolean of = (n & 8) != 0;
      boolean holds =
          switch (code >> 1) {
            case 0 -> of;
            case 1 -> cf;
            case 2 -> zf;
            case 3 -> cf || zf;
            case 4 -> sf;
            case 6 -> sf != of;
            case 7 -> zf || sf != of;
            default -> (code & 1) != 0;
          };
      all |= holds != ((code & 1) != 0) ? 1 << n : 0;
    }
    return all;
  }

  /** {@link #condition} without branches, for a condition by its {@link #combinations}. */
  public boolean holds(int combinations) {
    long zero = (result | -result) >>> 63 ^ 1;
    long sign = result >>> 63 ^ carries & 1;
    long overflow = (carries ^ carries << 1) >>> 63;
    int n = (int) (carries >>> 63 | zero << 1 | sign << 2 | overflow << 3);
    return (combinations >>> n & 1) != 0;
  }

  /** All of RFLAGS; bit 1 is set. */
  public int get() {
    return system | arithmetic();
  }

  /**
   * Writes all of RFLAGS as given, with bit 1 set and the reserved bits cleared. Which bits an
   * instruction may change is the instruction's business.
   */
  public void set(int value) {
    arithmetic(value);
    system = value & (TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID) | FIXED;
  }

  /** Whether a flag other than the arithmetic ones is set. */
  public boolean is(int flag) {
    return (system & flag) != 0;
  }

  /** Sets or clears flags other than the arithmetic ones. */
  public void put(int flag, boolean on) {
    system = on ? system | flag : system & ~flag;
  }

  /** All but the arithmetic flags at their places in RFLAGS; bit 1 is set. */
  public int system() {
    return system;
  }

  /**
   * Writes all but the arithmetic flags, which are ignored; reserved bits are the caller's
   * business.
   */
  public void system(int value) {
    system = value;
  }

  /** I/O privilege level, 0 to 3. */
  public int iopl() {
    return (system & IOPL) >>> 12;
  }

  /** Step of the string instructions: 1, or -1 with DF set. */
  public int direction() {
    return (system & DF) != 0 ? -1 : 1;
  }
}
