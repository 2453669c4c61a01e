package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;

/**
 * Addition, subtraction and logic with flags (SDM volume 2, ADC to XOR). {@code bits} is 8, 16, 32
 * or 64; operands and results may have anything above it.
 */
public final class Arithmetic {
  private Arithmetic() {}

  /** ADD. */
  public static long add(Flags f, long a, long b, int bits) {
    long r = a + b;
    f.afterAdd(a, b, r, bits);
    return r;
  }

  /** ADC: adds CF too. */
  public static long adc(Flags f, long a, long b, int bits) {
    long r = a + b + (f.cf() ? 1 : 0);
    f.afterAdd(a, b, r, bits);
    return r;
  }

  /** SUB. */
  public static long sub(Flags f, long a, long b, int bits) {
    long r = a - b;
    f.afterSub(a, b, r, bits);
    return r;
  }

  /** SBB: subtracts CF too. */
  public static long sbb(Flags f, long a, long b, int bits) {
    long r = a - b - (f.cf() ? 1 : 0);
    f.afterSub(a, b, r, bits);
    return r;
  }

  /** CMP: the flags of SUB and no result. */
  public static void cmp(Flags f, long a, long b, int bits) {
    f.afterSub(a, b, a - b, bits);
  }

  /** NEG. */
  public static long neg(Flags f, long a, int bits) {
    f.afterSub(0, a, -a, bits);
    return -a;
  }

  /** INC: CF stays. */
  public static long inc(Flags f, long a, int bits) {
    f.afterInc(a, a + 1, bits);
    return a + 1;
  }

  /** DEC: CF stays. */
  public static long dec(Flags f, long a, int bits) {
    f.afterDec(a, a - 1, bits);
    return a - 1;
  }

  /** AND, and TEST. */
  public static long and(Flags f, long a, long b, int bits) {
    long r = a & b;
    f.afterLogic(r, bits);
    return r;
  }

  /** OR. */
  public static long or(Flags f, long a, long b, int bits) {
    long r = a | b;
    f.afterLogic(r, bits);
    return r;
  }

  /** XOR. */
  public static long xor(Flags f, long a, long b, int bits) {
    long r = a ^ b;
    f.afterLogic(r, bits);
    return r;
  }

  /** ADCX: {@code a + b + CF}, and CF alone changes. */
  public static long adcx(Flags f, long a, long b, int bits) {
    long r = a + b + (f.cf() ? 1 : 0);
    f.cf(carryOut(a, b, r, bits));
    return r;
  }

  /** ADOX: {@code a + b + OF}, and OF alone changes. */
  public static long adox(Flags f, long a, long b, int bits) {
    long r = a + b + (f.of() ? 1 : 0);
    f.of(carryOut(a, b, r, bits));
    return r;
  }

  private static boolean carryOut(long a, long b, long r, int bits) {
    return ((((a & b) | ((a | b) & ~r)) >>> (bits - 1)) & 1) != 0;
  }
}
