package dev.hindsight.cpu.instructions.mmx;

import static dev.hindsight.cpu.instructions.mmx.Swar.BYTES;
import static dev.hindsight.cpu.instructions.mmx.Swar.DOUBLEWORDS;
import static dev.hindsight.cpu.instructions.mmx.Swar.QUADWORDS;
import static dev.hindsight.cpu.instructions.mmx.Swar.WORDS;
import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;
import static dev.hindsight.cpu.instructions.vector.PackedForms.binary;
import static dev.hindsight.cpu.instructions.vector.PackedForms.narrowing;
import static dev.hindsight.cpu.instructions.vector.PackedForms.shift;
import static dev.hindsight.cpu.instructions.vector.PackedForms.unary;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.x86.Mnemonic;

/** Arithmetic, comparison, logic and shifts of packed integers. */
final class PackedIntegers {
  private PackedIntegers() {}

  static void register(SemanticTable.Builder t) {
    registerAddition(t);
    registerSaturation(t);
    registerComparison(t);
    registerMinimumAndMaximum(t);
    registerMultiplication(t);
    registerLogic(t);
    registerShifts(t);
    registerVariableShifts(t);
    registerHorizontal(t);
  }

  private static void registerAddition(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PADDB, binary((a, b) -> Swar.add(a, b, BYTES)));
    addWithVex(t, Mnemonic.PADDW, binary((a, b) -> Swar.add(a, b, WORDS)));
    addWithVex(t, Mnemonic.PADDD, binary((a, b) -> Swar.add(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PADDQ, binary((a, b) -> a + b));
    addWithVex(t, Mnemonic.PSUBB, binary((a, b) -> Swar.subtract(a, b, BYTES)));
    addWithVex(t, Mnemonic.PSUBW, binary((a, b) -> Swar.subtract(a, b, WORDS)));
    addWithVex(t, Mnemonic.PSUBD, binary((a, b) -> Swar.subtract(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PSUBQ, binary((a, b) -> a - b));
    addWithVex(t, Mnemonic.PAVGB, binary((a, b) -> Swar.average(a, b, BYTES)));
    addWithVex(t, Mnemonic.PAVGW, binary((a, b) -> Swar.average(a, b, WORDS)));
    addWithVex(t, Mnemonic.PABSB, unary(a -> Swar.absolute(a, BYTES)));
    addWithVex(t, Mnemonic.PABSW, unary(a -> Swar.absolute(a, WORDS)));
    addWithVex(t, Mnemonic.PABSD, unary(a -> Swar.absolute(a, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PSIGNB, binary((a, b) -> Swar.sign(a, b, BYTES)));
    addWithVex(t, Mnemonic.PSIGNW, binary((a, b) -> Swar.sign(a, b, WORDS)));
    addWithVex(t, Mnemonic.PSIGND, binary((a, b) -> Swar.sign(a, b, DOUBLEWORDS)));
  }

  private static void registerSaturation(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PADDUSB, binary((a, b) -> Swar.addSaturatingUnsigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PADDUSW, binary((a, b) -> Swar.addSaturatingUnsigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PADDSB, binary((a, b) -> Swar.addSaturatingSigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PADDSW, binary((a, b) -> Swar.addSaturatingSigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PSUBUSB, binary((a, b) -> Swar.subtractSaturatingUnsigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PSUBUSW, binary((a, b) -> Swar.subtractSaturatingUnsigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PSUBSB, binary((a, b) -> Swar.subtractSaturatingSigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PSUBSW, binary((a, b) -> Swar.subtractSaturatingSigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PACKSSWB, narrowing(Saturate::wordsToSignedBytes));
    addWithVex(t, Mnemonic.PACKUSWB, narrowing(Saturate::wordsToUnsignedBytes));
    addWithVex(t, Mnemonic.PACKSSDW, narrowing(Saturate::doublewordsToSignedWords));
    addWithVex(t, Mnemonic.PACKUSDW, narrowing(Saturate::doublewordsToUnsignedWords));
  }

  private static void registerComparison(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PCMPEQB, binary((a, b) -> Swar.equal(a, b, BYTES)));
    addWithVex(t, Mnemonic.PCMPEQW, binary((a, b) -> Swar.equal(a, b, WORDS)));
    addWithVex(t, Mnemonic.PCMPEQD, binary((a, b) -> Swar.equal(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PCMPEQQ, binary((a, b) -> Swar.equal(a, b, QUADWORDS)));
    addWithVex(t, Mnemonic.PCMPGTB, binary((a, b) -> Swar.greater(a, b, BYTES)));
    addWithVex(t, Mnemonic.PCMPGTW, binary((a, b) -> Swar.greater(a, b, WORDS)));
    addWithVex(t, Mnemonic.PCMPGTD, binary((a, b) -> Swar.greater(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PCMPGTQ, binary((a, b) -> Swar.greater(a, b, QUADWORDS)));
  }

  private static void registerMinimumAndMaximum(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PMINUB, binary((a, b) -> Swar.minUnsigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PMINUW, binary((a, b) -> Swar.minUnsigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PMINUD, binary((a, b) -> Swar.minUnsigned(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PMINSB, binary((a, b) -> Swar.minSigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PMINSW, binary((a, b) -> Swar.minSigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PMINSD, binary((a, b) -> Swar.minSigned(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PMAXUB, binary((a, b) -> Swar.maxUnsigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PMAXUW, binary((a, b) -> Swar.maxUnsigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PMAXUD, binary((a, b) -> Swar.maxUnsigned(a, b, DOUBLEWORDS)));
    addWithVex(t, Mnemonic.PMAXSB, binary((a, b) -> Swar.maxSigned(a, b, BYTES)));
    addWithVex(t, Mnemonic.PMAXSW, binary((a, b) -> Swar.maxSigned(a, b, WORDS)));
    addWithVex(t, Mnemonic.PMAXSD, binary((a, b) -> Swar.maxSigned(a, b, DOUBLEWORDS)));
  }

  private static void registerMultiplication(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PMULLW, binary(PackedMultiply::lowWords));
    addWithVex(t, Mnemonic.PMULHW, binary(PackedMultiply::highWords));
    addWithVex(t, Mnemonic.PMULHUW, binary(PackedMultiply::highWordsUnsigned));
    addWithVex(t, Mnemonic.PMULHRSW, binary(PackedMultiply::highWordsRounded));
    addWithVex(t, Mnemonic.PMADDWD, binary(PackedMultiply::addWordPairs));
    addWithVex(t, Mnemonic.PMADDUBSW, binary(PackedMultiply::addBytePairs));
    addWithVex(t, Mnemonic.PMULUDQ, binary(PackedMultiply::lowDoublewordsUnsigned));
    addWithVex(t, Mnemonic.PMULDQ, binary(PackedMultiply::lowDoublewordsSigned));
    addWithVex(
        t, Mnemonic.PMULLD, binary((a, b) -> PackedForms.doublewords(a, b, (x, y) -> x * y)));
    addWithVex(t, Mnemonic.PSADBW, binary(PackedMultiply::sumOfDifferences));
  }

  private static void registerLogic(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PAND, binary((a, b) -> a & b));
    addWithVex(t, Mnemonic.PANDN, binary((a, b) -> ~a & b));
    addWithVex(t, Mnemonic.POR, binary((a, b) -> a | b));
    addWithVex(t, Mnemonic.PXOR, binary((a, b) -> a ^ b));
  }

  private static void registerShifts(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PSLLW, shift(PackedShift::leftWords));
    addWithVex(t, Mnemonic.PSLLD, shift(PackedShift::leftDoublewords));
    addWithVex(t, Mnemonic.PSLLQ, shift(PackedShift::leftQuadword));
    addWithVex(t, Mnemonic.PSRLW, shift(PackedShift::rightWords));
    addWithVex(t, Mnemonic.PSRLD, shift(PackedShift::rightDoublewords));
    addWithVex(t, Mnemonic.PSRLQ, shift(PackedShift::rightQuadword));
    addWithVex(t, Mnemonic.PSRAW, shift(PackedShift::arithmeticWords));
    addWithVex(t, Mnemonic.PSRAD, shift(PackedShift::arithmeticDoublewords));
  }

  private static void registerVariableShifts(SemanticTable.Builder t) {
    t.add(
        Mnemonic.VPSLLVD, binary((a, b) -> PackedForms.doublewords(a, b, PackedShift::leftByOwn)));
    t.add(
        Mnemonic.VPSRLVD, binary((a, b) -> PackedForms.doublewords(a, b, PackedShift::rightByOwn)));
    t.add(
        Mnemonic.VPSRAVD,
        binary((a, b) -> PackedForms.doublewords(a, b, PackedShift::arithmeticByOwn)));
    t.add(Mnemonic.VPSLLVQ, binary(PackedShift::leftByOwn));
    t.add(Mnemonic.VPSRLVQ, binary(PackedShift::rightByOwn));
  }

  private static void registerHorizontal(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PHADDW, narrowing(Horizontal::addWords));
    addWithVex(t, Mnemonic.PHADDD, narrowing(Horizontal::addDoublewords));
    addWithVex(t, Mnemonic.PHADDSW, narrowing(Horizontal::addWordsSaturating));
    addWithVex(t, Mnemonic.PHSUBW, narrowing(Horizontal::subtractWords));
    addWithVex(t, Mnemonic.PHSUBD, narrowing(Horizontal::subtractDoublewords));
    addWithVex(t, Mnemonic.PHSUBSW, narrowing(Horizontal::subtractWordsSaturating));
  }
}
