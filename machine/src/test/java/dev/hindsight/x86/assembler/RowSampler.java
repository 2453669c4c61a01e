package dev.hindsight.x86.assembler;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.OperandSize;
import dev.hindsight.x86.OperandSpec;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RelativeOperand;
import dev.hindsight.x86.RowAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes random operands that a row of the opcode table can say. */
final class RowSampler {
  private final Random random;
  private final OpcodeRow row;
  private final CodeMode mode;
  private final Sizes sizes;

  RowSampler(Random random, OpcodeRow row, CodeMode mode, Sizes sizes) {
    this.random = random;
    this.row = row;
    this.mode = mode;
    this.sizes = sizes;
  }

  List<Operand> operands() {
    List<Operand> operands = new ArrayList<>();
    for (OperandSpec spec : row.operands()) {
      Operand operand = operand(spec);
      while (row.has(RowAttribute.DISTINCT) && clashes(operands, operand)) {
        operand = operand(spec);
      }
      operands.add(operand);
    }
    return operands;
  }

  private static boolean clashes(List<Operand> operands, Operand operand) {
    return operands.stream().anyMatch(it -> number(it) == number(operand));
  }

  private static int number(Operand operand) {
    return operand instanceof MemoryOperand memory
        ? Objects.requireNonNull(memory.index()).number()
        : ((Register) operand).number();
  }

  private int bits(OperandSpec spec) {
    return spec.size().bits(sizes.operandBits(), sizes.vectorBits(), mode);
  }

  private Operand operand(OperandSpec spec) {
    int bits = bits(spec);
    return switch (spec.kind()) {
      case FIXED -> Objects.requireNonNull(spec.register());
      case ONE -> new ImmediateOperand(1, 8);
      case ACCUMULATOR -> Register.general(0, bits);
      case FAR_POINTER ->
          new FarPointerOperand(
              random.nextInt(0x10000),
              random.nextLong(1L << sizes.operandBits()),
              sizes.operandBits());
      case VVVV_GENERAL, REG_GENERAL, RM_GENERAL -> general(bits);
      case OPCODE_GENERAL -> row.opcode() == 0x90 ? Register.general(3, bits) : general(bits);
      case RM_GENERAL_OR_MEMORY -> random.nextBoolean() ? general(bits) : memory(bits);
      case CONTROL -> Register.control(row.modrm().reg());
      case DEBUG -> Register.debug(random.nextInt(8));
      case SEGMENT ->
          Register.segment(row.modrm().reg() < 0 ? random.nextInt(6) : row.modrm().reg());
      case VVVV_VECTOR, REG_VECTOR, RM_VECTOR, IMMEDIATE_VECTOR -> vector(spec);
      case RM_VECTOR_OR_MEMORY -> random.nextBoolean() ? vector(spec) : memory(bits);
      case REG_MMX, RM_MMX -> Register.mmx(random.nextInt(8));
      case RM_MMX_OR_MEMORY ->
          random.nextBoolean() ? Register.mmx(random.nextInt(8)) : memory(bits);
      case RM_X87 -> Register.x87(random.nextInt(8));
      case IMMEDIATE, SIGNED_BYTE -> immediate(spec);
      case RELATIVE -> {
        int field = spec.size() == OperandSize.BYTE ? 8 : Math.min(sizes.operandBits(), 32);
        yield new RelativeOperand(signed(field), sizes.operandBits());
      }
      case MEMORY -> memory(bits);
      case MEMORY_OFFSET -> {
        int address = sizes.addressBits();
        long offset = signed(address);
        yield new MemoryOperand(segment(Register.DS), null, null, 1, offset, address, false, bits);
      }
      case SOURCE_STRING -> at(segment(Register.DS), 6, bits);
      case DESTINATION_STRING -> at(Register.ES, 7, bits);
      case MEMORY_AT_RAX -> at(segment(Register.DS), 0, bits);
      case MEMORY_AT_RBX -> at(segment(Register.DS), 3, bits);
      case MEMORY_AT_RDI -> at(segment(Register.DS), 7, bits);
      case MEMORY_INDEXED_BY_XMM -> indexed(bits, Register.xmm(number()));
      case MEMORY_INDEXED_BY_YMM -> indexed(bits, Register.ymm(number()));
    };
  }

  private int number() {
    return random.nextInt(mode == CodeMode.BITS64 ? 16 : 8);
  }

  private Register general(int bits) {
    int number = number();
    return bits == 8 && mode != CodeMode.BITS64 && number >= 4
        ? Register.highByte(number - 4)
        : Register.general(number, bits);
  }

  private Register vector(OperandSpec spec) {
    boolean wide = bits(spec) == 256 && spec.size() != OperandSize.HALF_VECTOR;
    return wide ? Register.ymm(number()) : Register.xmm(number());
  }

  private ImmediateOperand immediate(OperandSpec spec) {
    boolean signedByte = spec.kind() == OperandKind.SIGNED_BYTE;
    int field = signedByte ? 8 : bits(spec);
    boolean ofOperandSize = signedByte || spec.size() == OperandSize.OPERAND_UP_TO_32;
    return new ImmediateOperand(signed(field), ofOperandSize ? sizes.operandBits() : field);
  }

  /** A signed number of some bits: often small. */
  private long signed(int bits) {
    long value = random.nextInt(3) == 0 ? random.nextInt(-4, 4) : random.nextLong();
    return value << 64 - bits >> 64 - bits;
  }

  private Register segment(Register standard) {
    return switch (random.nextInt(8)) {
      case 0 -> Register.FS;
      case 1 -> Register.GS;
      case 2 -> mode == CodeMode.BITS64 ? standard : Register.ES;
      default -> standard;
    };
  }

  private MemoryOperand at(Register segment, int number, int bits) {
    int address = sizes.addressBits();
    Register base = Register.general(number, address);
    return new MemoryOperand(segment, base, null, 1, 0, address, false, bits);
  }

  private MemoryOperand memory(int bits) {
    int address = sizes.addressBits();
    if (address == 16) {
      return memory16(bits);
    }
    if (mode == CodeMode.BITS64 && random.nextInt(6) == 0) {
      return new MemoryOperand(
          segment(Register.DS), null, null, 1, signed(32), address, true, bits);
    }
    Register base = random.nextInt(5) == 0 ? null : Register.general(number(), address);
    Register index = random.nextBoolean() ? null : Register.general(number(), address);
    if (index != null && index.number() == 4) {
      index = null;
    }
    return memory(base, index, bits);
  }

  private MemoryOperand indexed(int bits, Register index) {
    return memory(Register.general(number(), sizes.addressBits()), index, bits);
  }

  private MemoryOperand memory(@Nullable Register base, @Nullable Register index, int bits) {
    int scale = index == null ? 1 : 1 << random.nextInt(4);
    boolean stack = base != null && (base.number() == 4 || base.number() == 5);
    long displacement = base == null ? signed(32) : signed(new int[] {8, 32, 1}[random.nextInt(3)]);
    return new MemoryOperand(
        segment(stack ? Register.SS : Register.DS),
        base,
        index,
        scale,
        displacement,
        sizes.addressBits(),
        false,
        bits);
  }

  private MemoryOperand memory16(int bits) {
    Register[][] bases = {
      {Register.BX, Register.SI},
      {Register.BX, Register.DI},
      {Register.BP, Register.SI},
      {Register.BP, Register.DI},
      {Register.SI, null},
      {Register.DI, null},
      {Register.BP, null},
      {Register.BX, null},
      {null, null}
    };
    Register[] chosen = bases[random.nextInt(bases.length)];
    Register standard = chosen[0] == Register.BP ? Register.SS : Register.DS;
    return new MemoryOperand(
        segment(standard), chosen[0], chosen[1], 1, signed(16), 16, false, bits);
  }
}
