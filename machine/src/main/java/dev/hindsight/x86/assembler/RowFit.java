package dev.hindsight.x86.assembler;

import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.OpcodeMap;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.OperandSize;
import dev.hindsight.x86.OperandSpec;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RelativeOperand;
import dev.hindsight.x86.RowAttribute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attempt to say an instruction with one row of the opcode table and one choice of sizes. */
final class RowFit {
  private final EncodingRequest request;
  private final OpcodeRow row;
  private final Sizes sizes;
  private final boolean is64;
  private final InstructionFields fields = new InstructionFields();
  private final boolean succeeds;
  // Whether some operand of a stated size fixes the operand size, or the address size.
  private boolean operandSizePinned;
  private boolean addressSizePinned;
  private int memoryBits;
  private @Nullable Register segmentOverride;

  RowFit(EncodingRequest request, OpcodeRow row, Sizes sizes) {
    this.request = request;
    this.row = row;
    this.sizes = sizes;
    this.is64 = Encoder.is64(request.mode());
    this.succeeds = prefixesFit() && putOpcode() && operandsFit() && sizesFit() && finish();
  }

  boolean succeeds() {
    return succeeds;
  }

  /** Size of the memory operand, 0 if there is none or it has none. */
  int memoryBits() {
    return memoryBits;
  }

  byte[] bytes() {
    return fields.bytes();
  }

  private boolean prefixesFit() {
    boolean repeats = (request.prefixes() & (Prefixes.REP | Prefixes.REPNE)) != 0;
    if (repeats && !row.has(RowAttribute.REPEAT)) {
      return false;
    }
    boolean locks = (request.prefixes() & Prefixes.LOCK) != 0;
    boolean memoryFirst =
        !request.operands().isEmpty() && request.operands().getFirst() instanceof MemoryOperand;
    return !locks || row.has(RowAttribute.LOCK) && memoryFirst;
  }

  private boolean putOpcode() {
    OpcodeMap map = row.map();
    if (map.isVex()) {
      fields.vex(sizes.vector256());
      fields.opcode(map.vexNumber(), row.opcode());
    } else {
      int number =
          switch (map) {
            case TWO_BYTE -> 1;
            case THREE_BYTE_38 -> 2;
            case THREE_BYTE_3A -> 3;
            default -> 0;
          };
      fields.opcode(number, row.opcode());
    }
    if (row.prefix().prefixByte() > 0) {
      fields.mandatoryPrefix(row.prefix().prefixByte());
    }
    if (sizes.w()) {
      fields.w();
    }
    if (row.modrm().present()) {
      fields.reg(Math.max(row.modrm().reg(), 0));
      if (!row.modrm().memory() || row.modrm().rm() >= 0) {
        fields.rmRegister(Math.max(row.modrm().rm(), 0));
      }
    }
    return true;
  }

  private boolean operandsFit() {
    List<Operand> operands = request.operands();
    List<OperandSpec> specs = row.operands();
    if (operands.size() > specs.size()) {
      return false;
    }
    for (int i = 0; i < specs.size(); i++) {
      OperandSpec spec = specs.get(i);
      boolean fits = i < operands.size() ? fits(spec, operands.get(i)) : isImplied(spec);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** What an assembler's source may leave out at the end. */
  private static boolean isImplied(OperandSpec spec) {
    return switch (spec.kind()) {
      case MEMORY_AT_RAX, MEMORY_AT_RBX, MEMORY_AT_RDI -> true;
      case FIXED -> spec.register() == Register.XMM0;
      default -> false;
    };
  }

  private boolean sizesFit() {
    boolean operand =
        request.operandBits() != 0
            ? request.operandBits() == sizes.operandBits()
            : operandSizePinned || sizes.isDefaultOperand();
    boolean fixedAddress =
        row.has(RowAttribute.ADDRESS_16)
            || row.has(RowAttribute.ADDRESS_32)
            || row.has(RowAttribute.ADDRESS_64);
    boolean address =
        addressSizePinned
            || (request.addressBits() != 0
                ? request.addressBits() == sizes.addressBits()
                : fixedAddress || sizes.isDefaultAddress());
    return operand && address;
  }

  private boolean finish() {
    if ((request.prefixes() & Prefixes.LOCK) != 0) {
      fields.legacyPrefix(0xF0);
    }
    if ((request.prefixes() & Prefixes.REP) != 0) {
      fields.legacyPrefix(0xF3);
    }
    if ((request.prefixes() & Prefixes.REPNE) != 0) {
      fields.legacyPrefix(0xF2);
    }
    if (segmentOverride != null) {
      fields.legacyPrefix(
          switch (segmentOverride) {
            case ES -> 0x26;
            case CS -> 0x2E;
            case SS -> 0x36;
            case DS -> 0x3E;
            case FS -> 0x64;
            default -> 0x65;
          });
    }
    if (sizes.addressPrefix()) {
      fields.legacyPrefix(0x67);
    }
    if (sizes.operandPrefix()) {
      fields.legacyPrefix(0x66);
    }
    return fields.isPossible(is64);
  }

  private int bits(OperandSpec spec) {
    return spec.size().bits(sizes.operandBits(), sizes.vectorBits(), request.mode());
  }

  private void pinOperandSize(OperandSpec spec) {
    switch (spec.size()) {
      case OPERAND, OPERAND_UP_TO_32, DWORD_OR_QWORD, FAR, BOUNDS -> operandSizePinned = true;
      default -> {}
    }
  }

  private boolean fits(OperandSpec spec, Operand operand) {
    return switch (operand) {
      case Register register -> fitsRegister(spec, register);
      case MemoryOperand memory -> fitsMemory(spec, memory);
      case ImmediateOperand immediate -> fitsImmediate(spec, immediate);
      case RelativeOperand relative -> fitsRelative(spec, relative);
      case FarPointerOperand pointer -> fitsFarPointer(spec, pointer);
    };
  }

  private boolean fitsRegister(OperandSpec spec, Register register) {
    int number = register.number();
    switch (spec.kind()) {
      case FIXED -> {
        return register == spec.register();
      }
      case ACCUMULATOR -> {
        pinOperandSize(spec);
        return register == Register.general(0, bits(spec));
      }
      case REG_GENERAL, VVVV_GENERAL, OPCODE_GENERAL, RM_GENERAL, RM_GENERAL_OR_MEMORY -> {
        return fitsGeneral(spec, register);
      }
      case CONTROL -> {
        fields.reg(number);
        return register.kind() == RegisterKind.CONTROL;
      }
      case DEBUG -> {
        fields.reg(number);
        return register.kind() == RegisterKind.DEBUG;
      }
      case SEGMENT -> {
        fields.reg(number);
        return register.kind() == RegisterKind.SEGMENT
            && (row.modrm().reg() < 0 || row.modrm().reg() == number);
      }
      case REG_MMX -> {
        fields.reg(number);
        return register.kind() == RegisterKind.MMX;
      }
      case RM_MMX, RM_MMX_OR_MEMORY -> {
        return register.kind() == RegisterKind.MMX && putRm(number);
      }
      case RM_X87 -> {
        return register.kind() == RegisterKind.X87 && putRm(number);
      }
      case REG_VECTOR, VVVV_VECTOR, RM_VECTOR, RM_VECTOR_OR_MEMORY, IMMEDIATE_VECTOR -> {
        return fitsVector(spec, register);
      }
      default -> {
        return false;
      }
    }
  }

  private boolean putRm(int number) {
    if (row.modrm().present() && !row.modrm().register()) {
      return false;
    }
    fields.rmRegister(number);
    return true;
  }

  private boolean fitsGeneral(OperandSpec spec, Register register) {
    boolean high = register.kind() == RegisterKind.HIGH_BYTE;
    if (!high && register.kind() != RegisterKind.GENERAL || register.bits() != bits(spec)) {
      return false;
    }
    pinOperandSize(spec);
    int number = register.number();
    if (high) {
      fields.forbidRex();
      number += 4;
    } else if (register.bits() == 8 && number >= 4 && number < 8) {
      fields.wantRex();
    }
    switch (spec.kind()) {
      case REG_GENERAL -> fields.reg(number);
      case VVVV_GENERAL -> fields.vvvv(number);
      case OPCODE_GENERAL -> {
        // 90 is NOP: XCHG of the accumulator with itself has the ModRM form only.
        if (row.opcode() == 0x90 && number == 0) {
          return false;
        }
        fields.opcodeRegister(number);
      }
      default -> {
        return putRm(number);
      }
    }
    return true;
  }

  private boolean fitsVector(OperandSpec spec, Register register) {
    boolean wide = bits(spec) == 256 && spec.size() != OperandSize.HALF_VECTOR;
    if (register.kind() != (wide ? RegisterKind.YMM : RegisterKind.XMM)) {
      return false;
    }
    int number = register.number();
    switch (spec.kind()) {
      case REG_VECTOR -> fields.reg(number);
      case VVVV_VECTOR -> fields.vvvv(number);
      case IMMEDIATE_VECTOR -> {
        fields.immediate((long) number << 4, 1);
        return is64 || number < 8;
      }
      default -> {
        return putRm(number);
      }
    }
    return true;
  }

  private boolean fitsMemory(OperandSpec spec, MemoryOperand memory) {
    if (!spec.kind().canBeMemory() || memory.addressBits() != sizes.addressBits()) {
      return false;
    }
    int bits = bits(spec);
    if (memory.bits() != 0 && memory.bits() != bits) {
      return false;
    }
    if (memory.bits() != 0) {
      pinOperandSize(spec);
    }
    memoryBits = bits;
    addressSizePinned = true;
    return switch (spec.kind()) {
      case SOURCE_STRING -> isAt(memory, 6) && putSegment(memory, Register.DS);
      case DESTINATION_STRING -> isAt(memory, 7) && memory.segment() == Register.ES;
      case MEMORY_AT_RAX -> isAt(memory, 0) && putSegment(memory, Register.DS);
      case MEMORY_AT_RBX -> isAt(memory, 3) && putSegment(memory, Register.DS);
      case MEMORY_AT_RDI -> isAt(memory, 7) && putSegment(memory, Register.DS);
      case MEMORY_OFFSET -> putOffset(memory) && putSegment(memory, Register.DS);
      case MEMORY_INDEXED_BY_XMM -> putModRm(memory, RegisterKind.XMM);
      case MEMORY_INDEXED_BY_YMM -> putModRm(memory, RegisterKind.YMM);
      default -> putModRm(memory, RegisterKind.GENERAL);
    };
  }

  private boolean isAt(MemoryOperand memory, int number) {
    return memory.base() == Register.general(number, sizes.addressBits())
        && memory.index() == null
        && memory.displacement() == 0;
  }

  private boolean putSegment(MemoryOperand memory, Register standard) {
    if (memory.segment() != standard) {
      segmentOverride = memory.segment();
    }
    return true;
  }

  private boolean putOffset(MemoryOperand memory) {
    long displacement = memory.displacement();
    int bits = sizes.addressBits();
    if (memory.base() != null
        || memory.index() != null
        || memory.ripRelative()
        || !isOfBits(displacement, bits)) {
      return false;
    }
    fields.immediate(displacement, bits / 8);
    return true;
  }

  private boolean putModRm(MemoryOperand memory, RegisterKind indexKind) {
    boolean vectorIndex = indexKind != RegisterKind.GENERAL;
    if (vectorIndex && (memory.index() == null || memory.index().kind() != indexKind)
        || !row.modrm().memory()) {
      return false;
    }
    boolean wide = request.wide().contains(WideField.DISPLACEMENT);
    return MemoryEncoding.put(fields, memory, vectorIndex, is64, wide)
        && putSegment(memory, Encoder.usesStackSegment(memory) ? Register.SS : Register.DS);
  }

  private boolean fitsImmediate(OperandSpec spec, ImmediateOperand immediate) {
    if (spec.kind() == OperandKind.ONE) {
      return immediate.value() == 1 && !request.wide().contains(WideField.IMMEDIATE);
    }
    boolean signedByte = spec.kind() == OperandKind.SIGNED_BYTE;
    if (!signedByte && spec.kind() != OperandKind.IMMEDIATE) {
      return false;
    }
    boolean ofOperandSize = signedByte || spec.size() == OperandSize.OPERAND_UP_TO_32;
    int actingBits = ofOperandSize ? sizes.operandBits() : bits(spec);
    int fieldBits = signedByte ? 8 : bits(spec);
    if (immediate.bits() != 0 && immediate.bits() != actingBits) {
      return false;
    }
    if (immediate.bits() != 0 && ofOperandSize) {
      operandSizePinned = true;
    }
    if (request.wide().contains(WideField.IMMEDIATE)
        && (signedByte || actingBits == 64 && (fieldBits == 64) != (immediate.bits() == 64))) {
      return false;
    }
    if (!isOfBits(immediate.value(), actingBits)) {
      return false;
    }
    long value = signExtended(immediate.value(), actingBits);
    fields.immediate(value, fieldBits / 8);
    return value == signExtended(value, fieldBits);
  }

  private boolean fitsRelative(OperandSpec spec, RelativeOperand relative) {
    if (spec.kind() != OperandKind.RELATIVE) {
      return false;
    }
    boolean isShort = spec.size() == OperandSize.BYTE;
    int fieldBits = bits(spec);
    if (isShort && request.wide().contains(WideField.RELATIVE)) {
      return false;
    }
    if (relative.bits() != 0) {
      operandSizePinned = true;
      if (relative.bits() != sizes.operandBits()) {
        return false;
      }
    }
    long value = relative.displacement();
    // A 16-bit instruction pointer wraps, so that every distance within the segment is in reach.
    boolean wraps = fieldBits == 16 && isOfBits(value, 16);
    fields.immediate(value, fieldBits / 8);
    return wraps || value == signExtended(value, fieldBits);
  }

  private boolean fitsFarPointer(OperandSpec spec, FarPointerOperand pointer) {
    if (spec.kind() != OperandKind.FAR_POINTER || pointer.bits() != sizes.operandBits()) {
      return false;
    }
    operandSizePinned = true;
    fields.immediate(pointer.offset(), pointer.bits() / 8);
    fields.immediate(pointer.selector(), 2);
    return isOfBits(pointer.offset(), pointer.bits());
  }

  /** Whether a value fits some bits as a signed or as an unsigned number. */
  private static boolean isOfBits(long value, int bits) {
    return bits == 64 || value >>> bits == 0 || value >> bits - 1 == -1;
  }

  private static long signExtended(long value, int bits) {
    return value << 64 - bits >> 64 - bits;
  }
}
