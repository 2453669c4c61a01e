package dev.hindsight.cpu.instructions.avx;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.floating.Binary32;
import dev.hindsight.cpu.floating.Binary64;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.cpu.instructions.vector.FloatForms;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/**
 * FMA: products and sums rounded once.
 *
 * <p>The digits of a mnemonic name operands: 132 multiplies the first by the third and adds the
 * second, 213 multiplies the second by the first and adds the third, 231 multiplies the second by
 * the third and adds the first.
 */
final class FusedMultiplyAdd {
  private FusedMultiplyAdd() {}

  /** Signs of one family: product negated, sum or difference in even and in odd elements. */
  private enum Family {
    VFMADD(false, false, false),
    VFMSUB(false, true, true),
    VFNMADD(true, false, false),
    VFNMSUB(true, true, true),
    VFMADDSUB(false, true, false),
    VFMSUBADD(false, false, true);

    private final boolean negateProduct;
    private final boolean subtractEven;
    private final boolean subtractOdd;

    Family(boolean negateProduct, boolean subtractEven, boolean subtractOdd) {
      this.negateProduct = negateProduct;
      this.subtractEven = subtractEven;
      this.subtractOdd = subtractOdd;
    }

    private boolean hasScalars() {
      return subtractEven == subtractOdd;
    }
  }

  /** Which operand is what, counted from 0. */
  private enum Order {
    ORDER_132("132", 0, 2, 1),
    ORDER_213("213", 1, 0, 2),
    ORDER_231("231", 1, 2, 0);

    private final String digits;
    private final int multiplicand;
    private final int multiplier;
    private final int addend;

    Order(String digits, int multiplicand, int multiplier, int addend) {
      this.digits = digits;
      this.multiplicand = multiplicand;
      this.multiplier = multiplier;
      this.addend = addend;
    }
  }

  static void register(SemanticTable.Builder t) {
    for (Family family : Family.values()) {
      for (Order order : Order.values()) {
        String name = family + order.digits;
        t.add(Mnemonic.valueOf(name + "PS"), packed(family, order, true));
        t.add(Mnemonic.valueOf(name + "PD"), packed(family, order, false));
        if (family.hasScalars()) {
          t.add(Mnemonic.valueOf(name + "SS"), scalar(family, order, true));
          t.add(Mnemonic.valueOf(name + "SD"), scalar(family, order, false));
        }
      }
    }
  }

  private static long compute(
      Family family, boolean single, int n, long x, long y, long z, FloatEnvironment e) {
    boolean negate = family.negateProduct;
    if (single) {
      int low = Binary32.fma((int) x, (int) y, (int) z, negate, family.subtractEven, e);
      int high =
          Binary32.fma(
              (int) (x >>> 32), (int) (y >>> 32), (int) (z >>> 32), negate, family.subtractOdd, e);
      return PackedForms.join(low, high);
    }
    boolean subtract = (n & 1) == 0 ? family.subtractEven : family.subtractOdd;
    return Binary64.fma(x, y, z, negate, subtract, e);
  }

  private static Semantic packed(Family family, Order order, boolean single) {
    long[][] operands = new long[3][4];
    long[] r = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      for (int i = 0; i < 3; i++) {
        VectorOperands.read(cpu, in, i, operands[i]);
      }
      long[] x = operands[order.multiplicand];
      long[] y = operands[order.multiplier];
      long[] z = operands[order.addend];
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        r[i] = compute(family, single, i, x[i], y[i], z[i], e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static Semantic scalar(Family family, Order order, boolean single) {
    long[] low = new long[3];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      for (int i = 0; i < 3; i++) {
        low[i] = VectorOperands.readLow(cpu, in, i);
      }
      int destination = VectorOperands.registerNumber(in, 0);
      long rest = cpu.vectors().get(destination, 0);
      long x = low[order.multiplicand];
      long y = low[order.multiplier];
      long z = low[order.addend];
      e.mxcsr(cpu.vectors().mxcsr());
      boolean negate = family.negateProduct;
      boolean subtract = family.subtractEven;
      long result =
          single
              ? PackedForms.join(
                  Binary32.fma((int) x, (int) y, (int) z, negate, subtract, e), rest >>> 32)
              : Binary64.fma(x, y, z, negate, subtract, e);
      FloatForms.report(cpu, e);
      VectorOperands.setXmm(cpu, in, destination, result, cpu.vectors().get(destination, 1));
    };
  }
}
