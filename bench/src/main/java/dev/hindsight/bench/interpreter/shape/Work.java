package dev.hindsight.bench.interpreter.shape;

/**
 * What an operation does: one of 12 functions with operands in one of 10 forms. All shapes call
 * this; where function and form are constants, the compiler leaves only their part of it.
 */
final class Work {
  static final int FUNCTIONS = 12;
  static final int FORMS = 10;

  /** Number of different operations. */
  static final int KINDS = FUNCTIONS * FORMS;

  private static final int COMPARE = 5;

  private Work() {}

  /**
   * Executes an operation.
   *
   * @param a the first register
   * @param b the second register
   */
  static void apply(SyntheticCpu cpu, int function, int form, int a, int b, long immediate) {
    long[] r = cpu.registers;
    int bits = (form & 1) == 0 ? 32 : 64;
    switch (form >> 1) {
      case 0 -> set(r, a, compute(cpu, function, r[a], r[b], bits), bits, function);
      case 1 -> set(r, a, compute(cpu, function, r[a], immediate, bits), bits, function);
      case 2 -> {
        long y = cpu.load(SyntheticCpu.address(r[b], immediate), bits >> 3);
        set(r, a, compute(cpu, function, r[a], y, bits), bits, function);
      }
      case 3 -> {
        long at = SyntheticCpu.address(r[b], immediate);
        long v = compute(cpu, function, cpu.load(at, bits >> 3), r[a], bits);
        if (function != COMPARE) {
          cpu.store(at, bits >> 3, v);
        }
      }
      default -> set(r, a, compute(cpu, function, r[b], r[b] + immediate, bits), bits, function);
    }
  }

  private static void set(long[] r, int a, long v, int bits, int function) {
    if (function != COMPARE) {
      r[a] = bits == 32 ? v & 0xFFFF_FFFFL : v;
    }
  }

  private static long compute(SyntheticCpu cpu, int function, long x, long y, int bits) {
    return switch (function) {
      case 0 -> add(cpu, x, y, bits);
      case 1 -> subtract(cpu, x, y, bits);
      case 2 -> logic(cpu, x & y, bits);
      case 3 -> logic(cpu, x | y, bits);
      case 4 -> logic(cpu, x ^ y, bits);
      case COMPARE -> subtract(cpu, x, y, bits);
      case 6 -> logic(cpu, x << (y & (bits - 1)), bits);
      case 7 -> logic(cpu, x >>> (y & (bits - 1)), bits);
      case 8 -> logic(cpu, x * y, bits);
      case 9 -> y;
      case 10 -> cpu.result == 0 ? y : x;
      default -> add(cpu, x, y + (cpu.carries >>> 63), bits);
    };
  }

  private static long add(SyntheticCpu cpu, long x, long y, int bits) {
    long r = x + y;
    flags(cpu, (x & y) | ((x | y) & ~r), r, bits);
    return r;
  }

  private static long subtract(SyntheticCpu cpu, long x, long y, int bits) {
    long r = x - y;
    flags(cpu, (~x & y) | ((~x | y) & r), r, bits);
    return r;
  }

  private static void flags(SyntheticCpu cpu, long out, long r, int bits) {
    int shift = 64 - bits;
    cpu.result = (r << shift) >> shift;
    cpu.carries = ((out << shift) & (3L << 62)) | (out & 8);
  }

  private static long logic(SyntheticCpu cpu, long r, int bits) {
    int shift = 64 - bits;
    cpu.result = (r << shift) >> shift;
    cpu.carries = 0;
    return r;
  }
}
