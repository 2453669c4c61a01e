package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** Addition to comparison, multiplication and division (SDM volume 1, sections 7.3.2 to 7.3.5). */
final class BinaryArithmeticInstructions {
  private BinaryArithmeticInstructions() {}

  /** A function of two operands that sets flags. */
  @FunctionalInterface
  interface Binary {
    long apply(Flags f, long a, long b, int bits);
  }

  /** A function of one operand that sets flags. */
  @FunctionalInterface
  interface Unary {
    long apply(Flags f, long a, int bits);
  }

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.ADD, binary(Arithmetic::add))
        .add(Mnemonic.ADC, binary(Arithmetic::adc))
        .add(Mnemonic.SUB, binary(Arithmetic::sub))
        .add(Mnemonic.SBB, binary(Arithmetic::sbb))
        .add(Mnemonic.AND, binary(Arithmetic::and))
        .add(Mnemonic.OR, binary(Arithmetic::or))
        .add(Mnemonic.XOR, binary(Arithmetic::xor))
        .add(Mnemonic.ADCX, binary(Arithmetic::adcx))
        .add(Mnemonic.ADOX, binary(Arithmetic::adox))
        .add(Mnemonic.CMP, BinaryArithmeticInstructions::cmp)
        .add(Mnemonic.TEST, BinaryArithmeticInstructions::test)
        .add(Mnemonic.NEG, unary(Arithmetic::neg))
        .add(Mnemonic.INC, unary(Arithmetic::inc))
        .add(Mnemonic.DEC, unary(Arithmetic::dec))
        .add(Mnemonic.NOT, unary((f, a, bits) -> ~a))
        .add(Mnemonic.MUL, BinaryArithmeticInstructions::mul)
        .add(Mnemonic.IMUL, BinaryArithmeticInstructions::imul)
        .add(Mnemonic.MULX, BinaryArithmeticInstructions::mulx)
        .add(Mnemonic.DIV, BinaryArithmeticInstructions::div)
        .add(Mnemonic.IDIV, BinaryArithmeticInstructions::idiv);
  }

  /** An operation that replaces its first operand. */
  static Semantic binary(Binary operation) {
    return (cpu, in) -> {
      long b = Operands.read(cpu, in, 1);
      long a = Operands.readForWrite(cpu, in, 0);
      Operands.write(cpu, in, 0, operation.apply(cpu.flags(), a, b, in.bits(0)));
    };
  }

  /** An operation that replaces its only operand. */
  static Semantic unary(Unary operation) {
    return (cpu, in) -> {
      long a = Operands.readForWrite(cpu, in, 0);
      Operands.write(cpu, in, 0, operation.apply(cpu.flags(), a, in.bits(0)));
    };
  }

  private static void cmp(Vcpu cpu, Instruction in) {
    long a = Operands.read(cpu, in, 0);
    long b = Operands.read(cpu, in, 1);
    Arithmetic.cmp(cpu.flags(), a, b, in.bits(0));
  }

  private static void test(Vcpu cpu, Instruction in) {
    long a = Operands.read(cpu, in, 0);
    long b = Operands.read(cpu, in, 1);
    cpu.flags().afterLogic(a & b, in.bits(0));
  }

  private static void mul(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    long a = cpu.general().get(GeneralRegisters.RAX, bits);
    long b = Operands.read(cpu, in, 0);
    long low = a * b;
    long high = Multiplication.unsignedHigh(a, b, bits);
    Multiplication.unsignedFlags(cpu.flags(), low, high, bits);
    writeProduct(cpu.general(), low, high, bits);
  }

  private static void imul(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    if (in.operands().size() == 1) {
      long a = signExtend(cpu.general().get(GeneralRegisters.RAX, bits), bits);
      long b = Operands.readSigned(cpu, in, 0);
      long low = a * b;
      long high = Multiplication.signedHigh(a, b, bits);
      Multiplication.signedFlags(cpu.flags(), low, high, bits);
      writeProduct(cpu.general(), low, high, bits);
      return;
    }
    boolean three = in.operands().size() == 3;
    long a = Operands.readSigned(cpu, in, three ? 1 : 0);
    long b = Operands.readSigned(cpu, in, three ? 2 : 1);
    Operands.write(cpu, in, 0, Multiplication.imul(cpu.flags(), a, b, bits));
  }

  private static void writeProduct(GeneralRegisters r, long low, long high, int bits) {
    if (bits == 8) {
      r.set16(GeneralRegisters.RAX, (int) ((low & 0xFF) | (high << 8)));
    } else {
      r.set(GeneralRegisters.RAX, bits, low);
      r.set(GeneralRegisters.RDX, bits, high);
    }
  }

  /** MULX: the low half goes to the second operand first, so that the high half wins. */
  private static void mulx(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    long a = cpu.general().get(GeneralRegisters.RDX, bits);
    long b = Operands.read(cpu, in, 2);
    Operands.write(cpu, in, 1, a * b);
    Operands.write(cpu, in, 0, Multiplication.unsignedHigh(a, b, bits));
  }

  private static void div(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    GeneralRegisters r = cpu.general();
    long divisor = Operands.read(cpu, in, 0);
    long low = r.get(GeneralRegisters.RAX, bits);
    long high = bits == 8 ? r.getHigh8(GeneralRegisters.RAX) : r.get(GeneralRegisters.RDX, bits);
    long quotient = Multiplication.divide(high, low, divisor, bits);
    writeQuotient(r, quotient, low - quotient * divisor, bits);
  }

  private static void idiv(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    GeneralRegisters r = cpu.general();
    long divisor = Operands.readSigned(cpu, in, 0);
    long low = r.get(GeneralRegisters.RAX, bits);
    long high =
        signExtend(
            bits == 8 ? r.getHigh8(GeneralRegisters.RAX) : r.get(GeneralRegisters.RDX, bits), bits);
    long quotient = Multiplication.divideSigned(high, low, divisor, bits);
    writeQuotient(r, quotient, low - quotient * divisor, bits);
  }

  private static void writeQuotient(GeneralRegisters r, long quotient, long remainder, int bits) {
    if (bits == 8) {
      r.set16(GeneralRegisters.RAX, (int) ((quotient & 0xFF) | (remainder << 8)));
    } else {
      r.set(GeneralRegisters.RAX, bits, quotient);
      r.set(GeneralRegisters.RDX, bits, remainder);
    }
  }

  private static long signExtend(long value, int bits) {
    return (value << (64 - bits)) >> (64 - bits);
  }
}
