package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;
import static dev.hindsight.cpu.instructions.vector.PackedForms.binary;
import static dev.hindsight.cpu.instructions.vector.PackedForms.interleavingHigh;
import static dev.hindsight.cpu.instructions.vector.PackedForms.interleavingLow;
import static dev.hindsight.cpu.instructions.vector.PackedForms.lanes;
import static dev.hindsight.cpu.instructions.vector.PackedForms.unary;
import static dev.hindsight.cpu.instructions.vector.PackedForms.unaryLanes;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.LaneOperator;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/** Shuffles, unpacking, blends, and the bitwise logic of the floating-point mnemonics. */
final class Shuffles {
  private Shuffles() {}

  static void register(SemanticTable.Builder t) {
    registerUnpacking(t);
    registerShuffles(t);
    registerBlends(t);
    registerLogic(t);
  }

  private static void registerUnpacking(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PUNPCKLBW, interleavingLow(Shuffle::interleaveBytes));
    addWithVex(t, Mnemonic.PUNPCKLWD, interleavingLow(Shuffle::interleaveWords));
    addWithVex(t, Mnemonic.PUNPCKLDQ, interleavingLow(PackedForms::join));
    addWithVex(t, Mnemonic.PUNPCKLQDQ, lanes(Shuffle::lowQuadwords));
    addWithVex(t, Mnemonic.PUNPCKHBW, interleavingHigh(Shuffle::interleaveBytes));
    addWithVex(t, Mnemonic.PUNPCKHWD, interleavingHigh(Shuffle::interleaveWords));
    addWithVex(t, Mnemonic.PUNPCKHDQ, interleavingHigh(PackedForms::join));
    addWithVex(t, Mnemonic.PUNPCKHQDQ, lanes(Shuffle::highQuadwords));
    addWithVex(t, Mnemonic.UNPCKLPS, interleavingLow(PackedForms::join));
    addWithVex(t, Mnemonic.UNPCKHPS, interleavingHigh(PackedForms::join));
    addWithVex(t, Mnemonic.UNPCKLPD, lanes(Shuffle::lowQuadwords));
    addWithVex(t, Mnemonic.UNPCKHPD, lanes(Shuffle::highQuadwords));
  }

  private static void registerShuffles(SemanticTable.Builder t) {
    t.add(Mnemonic.PSHUFW, Shuffle.mmxWords());
    addWithVex(t, Mnemonic.PSHUFB, Shuffle.bytes());
    addWithVex(t, Mnemonic.PALIGNR, Shuffle.align());
    addWithVex(t, Mnemonic.PSHUFD, unaryLanes(Shuffle::doublewords));
    addWithVex(t, Mnemonic.PSHUFLW, unaryLanes(Shuffle::lowWords));
    addWithVex(t, Mnemonic.PSHUFHW, unaryLanes(Shuffle::highWords));
    addWithVex(t, Mnemonic.SHUFPS, lanes(Shuffle::shufflePs));
    addWithVex(t, Mnemonic.SHUFPD, lanes(Shuffle::shufflePd));
    addWithVex(t, Mnemonic.PSLLDQ, byteShift(Shuffle::leftBytes));
    addWithVex(t, Mnemonic.PSRLDQ, byteShift(Shuffle::rightBytes));
    addWithVex(t, Mnemonic.MOVHLPS, lanes(Shuffle::highToLow));
    addWithVex(t, Mnemonic.MOVLHPS, lanes(Shuffle::lowQuadwords));
    addWithVex(t, Mnemonic.MOVDDUP, unaryLanes(Shuffle::duplicateLow));
    addWithVex(t, Mnemonic.MOVSLDUP, unary(q -> PackedForms.join(q, q)));
    addWithVex(t, Mnemonic.MOVSHDUP, unary(q -> PackedForms.join(q >>> 32, q >>> 32)));
  }

  private static void registerBlends(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.BLENDPS, lanes(Blend::doublewords));
    addWithVex(t, Mnemonic.BLENDPD, lanes(Blend::quadwords));
    addWithVex(t, Mnemonic.PBLENDW, lanes(Blend::words));
    t.add(Mnemonic.VPBLENDD, lanes(Blend::doublewords));
    addWithVex(t, Mnemonic.BLENDVPS, Blend.variable(Blend::doublewordSigns));
    addWithVex(t, Mnemonic.BLENDVPD, Blend.variable(Blend::quadwordSign));
    addWithVex(t, Mnemonic.PBLENDVB, Blend.variable(Blend::byteSigns));
  }

  private static void registerLogic(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.ANDPS, binary((a, b) -> a & b));
    addWithVex(t, Mnemonic.ANDPD, binary((a, b) -> a & b));
    addWithVex(t, Mnemonic.ANDNPS, binary((a, b) -> ~a & b));
    addWithVex(t, Mnemonic.ANDNPD, binary((a, b) -> ~a & b));
    addWithVex(t, Mnemonic.ORPS, binary((a, b) -> a | b));
    addWithVex(t, Mnemonic.ORPD, binary((a, b) -> a | b));
    addWithVex(t, Mnemonic.XORPS, binary((a, b) -> a ^ b));
    addWithVex(t, Mnemonic.XORPD, binary((a, b) -> a ^ b));
  }

  /** Shifts of whole lanes, whose legacy form has no operand besides the destination. */
  private static Semantic byteShift(LaneOperator f) {
    long[] a = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, VectorOperands.firstSource(in), a);
      int count = VectorOperands.immediate(in);
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i += 2) {
        f.apply(r, a, a, i, count);
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }
}
