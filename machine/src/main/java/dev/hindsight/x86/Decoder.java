package dev.hindsight.x86;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into {@linkplain Instruction instructions}, for a CPU that has certain extensions.
 *
 * <p>Where the manuals of Intel and AMD differ, this is Intel's: near branches in 64-bit mode
 * ignore 66, and far pointers in memory have 64-bit offsets with REX.W. A decoder has no state and
 * may be shared.
 */
public final class Decoder {
  static final Decoded TOO_LONG = new Decoded.TooLong();

  private final DecodeIndex[] indexes = new DecodeIndex[CodeMode.values().length];

  /**
   * A decoder.
   *
   * @param features the extensions that the CPU has; rows of the opcode table that need others do
   *     not exist
   */
  public Decoder(Set<Feature> features) {
    for (CodeMode mode : CodeMode.values()) {
      indexes[mode.ordinal()] = new DecodeIndex(OpcodeTable.standard(), mode, features);
    }
  }

  /**
   * Decodes one instruction.
   *
   * @param mode default sizes of the code
   * @param source its bytes, demanded in order and only as far as they are needed
   */
  public Decoded decode(CodeMode mode, CodeSource source) {
    DecodeIndex index = indexes[mode.ordinal()];
    Encoding in = new Encoding(mode, source);
    int first = readPrefixes(in);
    int modrm = readOpcode(in, index, first);
    if (in.failed()) {
      return failure(in);
    }
    DecodeIndex.Slot slot = modrm == NO_OPCODE ? null : index.slot(in.map, in.opcode);
    if (slot == null) {
      return invalid(in);
    }
    if (slot.modrm) {
      in.modrm(modrm == NOT_READ ? in.next() : modrm);
      if (in.failed()) {
        return failure(in);
      }
    }
    in.addressBits = addressBits(in);
    DecodeRow row = match(in, slot.candidates(in));
    return row == null ? invalid(in) : finish(in, row);
  }

  private static Decoded failure(Encoding in) {
    Decoded failure = in.failure();
    return failure == null ? invalid(in) : failure;
  }

  private static Decoded invalid(Encoding in) {
    return new Decoded.Invalid(in.length());
  }

  /** Reads prefixes and returns the byte after them. */
  private static int readPrefixes(Encoding in) {
    int rex = 0;
    while (true) {
      int value = in.next();
      switch (value) {
        case 0xF0 -> in.lock = true;
        case 0xF2, 0xF3 -> in.repeat = value;
        case 0x66 -> in.operandSize = true;
        case 0x67 -> in.addressSize = true;
        case 0x26, 0x2E, 0x36, 0x3E -> {
          in.segmentOverride = true;
          if (!in.is64()) {
            in.segment = Register.segment(value >> 3 & 3);
          }
        }
        case 0x64, 0x65 -> {
          in.segmentOverride = true;
          in.segment = value == 0x64 ? Register.FS : Register.GS;
        }
        default -> {
          if (in.is64() && (value & 0xF0) == 0x40) {
            rex = value;
            continue;
          }
          // only a REX prefix right before the opcode counts
          if (rex != 0) {
            in.rex = true;
            in.w = (rex & 8) != 0;
            in.r = (rex & 4) << 1;
            in.x = (rex & 2) << 2;
            in.b = (rex & 1) << 3;
          }
          return value;
        }
      }
      rex = 0;
    }
  }

  private static final int NOT_READ = -1;
  private static final int NO_OPCODE = -2;

  /**
   * Reads the opcode, the escape bytes or a VEX prefix before it included.
   *
   * @return the ModRM byte if it had to be read to tell LES and LDS from VEX, else NOT_READ, or
   *     NO_OPCODE
   */
  private static int readOpcode(Encoding in, DecodeIndex index, int first) {
    switch (first) {
      case 0x0F -> {
        int second = in.next();
        switch (second) {
          case 0x38 -> {
            in.map = OpcodeMap.THREE_BYTE_38;
            in.opcode = in.next();
          }
          case 0x3A -> {
            in.map = OpcodeMap.THREE_BYTE_3A;
            in.opcode = in.next();
          }
          default -> {
            in.map = OpcodeMap.TWO_BYTE;
            in.opcode = second;
          }
        }
        return NOT_READ;
      }
      case 0xC4, 0xC5 -> {
        return readVexOrFarLoad(in, index, first);
      }
      default -> {
        in.opcode = first;
        return NOT_READ;
      }
    }
  }

  private static int readVexOrFarLoad(Encoding in, DecodeIndex index, int first) {
    in.opcode = first;
    if (in.is64() && !index.hasVex()) {
      return NO_OPCODE;
    }
    int second = in.next();
    if (!in.is64() && (second < 0xC0 || !index.hasVex())) {
      return second;
    }
    int last = second;
    in.vex = true;
    in.r = (second & 0x80) == 0 ? 8 : 0;
    int map = 1;
    if (first == 0xC4) {
      map = second & 0x1F;
      in.x = (second & 0x40) == 0 ? 8 : 0;
      in.b = in.is64() && (second & 0x20) == 0 ? 8 : 0;
      last = in.next();
      in.w = (last & 0x80) != 0;
    }
    in.rawVvvv = last >> 3 & 15;
    in.vvvv = ~in.rawVvvv & (in.is64() ? 15 : 7);
    in.vexL = (last & 4) != 0;
    in.pp = last & 3;
    if (map < 1 || map > 3) {
      return NO_OPCODE;
    }
    in.map = map == 1 ? OpcodeMap.VEX_1 : map == 2 ? OpcodeMap.VEX_2 : OpcodeMap.VEX_3;
    in.opcode = in.next();
    return NOT_READ;
  }

  private static int addressBits(Encoding in) {
    return switch (in.mode) {
      case BITS16 -> in.addressSize ? 32 : 16;
      case BITS32 -> in.addressSize ? 16 : 32;
      case BITS64 -> in.addressSize ? 32 : 64;
    };
  }

  private static int operandBits(Encoding in, boolean ignore66) {
    if (in.is64() && in.w) {
      return 64;
    }
    if (in.vex) {
      return 32;
    }
    boolean small = in.mode == CodeMode.BITS16;
    return small ^ (in.operandSize && !ignore66) ? 16 : 32;
  }

  private static @Nullable DecodeRow match(Encoding in, DecodeRow[] candidates) {
    int properties =
        switch (operandBits(in, false)) {
          case 16 -> DecodeRow.OPERAND_16;
          case 32 -> DecodeRow.OPERAND_32;
          default -> DecodeRow.OPERAND_64;
        };
    properties |=
        switch (in.addressBits) {
          case 16 -> DecodeRow.ADDRESS_16;
          case 32 -> DecodeRow.ADDRESS_32;
          default -> DecodeRow.ADDRESS_64;
        };
    properties |= in.w ? DecodeRow.W_SET : DecodeRow.W_CLEAR;
    properties |= in.vexL ? DecodeRow.L_SET : DecodeRow.L_CLEAR;
    properties |= in.b != 0 ? DecodeRow.B_SET : 0;
    for (DecodeRow row : candidates) {
      if ((row.excluded & properties) == 0 && (row.rm < 0 || row.rm == in.rm)) {
        return row;
      }
    }
    return null;
  }

  private static Decoded finish(Encoding in, DecodeRow row) {
    in.operandBits = effectiveOperandBits(in, row);
    if (row.modIgnored) {
      in.mod = 3;
    }
    boolean valid = true;
    if (row.row.modrm().present() && in.mod != 3) {
      valid = readMemory(in, row);
    }
    int count = row.operands.length;
    Operand[] operands = new Operand[count];
    for (int i = 0; i < count; i++) {
      Operand operand = OperandReader.read(in, row.operands[i]);
      if (operand == null) {
        valid = false;
      } else {
        operands[i] = operand;
      }
    }
    if (in.failed()) {
      return failure(in);
    }
    if (!valid || !isLegal(in, row, operands)) {
      return invalid(in);
    }
    return new Instruction(
        row.row.mnemonic(),
        row.row,
        in.length(),
        in.operandBits,
        in.addressBits,
        prefixes(in, row),
        in.mod << 6 | in.reg << 3 | in.rm,
        list(operands));
  }

  private static List<Operand> list(Operand[] operands) {
    return switch (operands.length) {
      case 0 -> List.of();
      case 1 -> List.of(operands[0]);
      case 2 -> List.of(operands[0], operands[1]);
      default -> List.of(operands);
    };
  }

  private static int effectiveOperandBits(Encoding in, DecodeRow row) {
    if (in.is64()) {
      if (row.force64) {
        return 64;
      }
      if (row.default64) {
        return in.operandSize && !in.w ? 16 : 64;
      }
    }
    return operandBits(in, row.mandatory66);
  }

  private static boolean readMemory(Encoding in, DecodeRow row) {
    for (OperandSpec spec : row.operands) {
      int vectorIndexBits =
          switch (spec.kind()) {
            case MEMORY_INDEXED_BY_XMM -> 128;
            case MEMORY_INDEXED_BY_YMM -> 256;
            default -> 0;
          };
      if (vectorIndexBits != 0 || spec.kind().isModrmMemory()) {
        int bits = spec.size().bits(in.operandBits, in.vectorBits(), in.mode);
        in.memory = MemoryOperandReader.read(in, bits, vectorIndexBits);
        return in.memory != null;
      }
    }
    return false;
  }

  private static boolean isLegal(Encoding in, DecodeRow row, Operand[] operands) {
    if (in.lock && !(row.lock && operands[0] instanceof MemoryOperand)) {
      return false;
    }
    if (in.vex) {
      if (in.lock || in.rex || in.operandSize || in.repeat != 0) {
        return false;
      }
      if (!row.usesVvvv && in.rawVvvv != 15) {
        return false;
      }
    }
    return !row.distinct || areDistinct(operands);
  }

  private static boolean areDistinct(Operand[] operands) {
    if (!(operands[0] instanceof Register destination)
        || !(operands[1] instanceof MemoryOperand memory)
        || !(operands[2] instanceof Register mask)
        || memory.index() == null) {
      return false;
    }
    int index = memory.index().number();
    return destination.number() != mask.number()
        && destination.number() != index
        && mask.number() != index;
  }

  private static int prefixes(Encoding in, DecodeRow row) {
    int bits = 0;
    if (in.lock) {
      bits |= Prefixes.LOCK;
    }
    if (row.repeat && in.repeat != 0) {
      bits |= in.repeat == 0xF3 ? Prefixes.REP : Prefixes.REPNE;
    }
    if (in.operandSize) {
      bits |= Prefixes.OPERAND_SIZE;
    }
    if (in.addressSize) {
      bits |= Prefixes.ADDRESS_SIZE;
    }
    if (in.segmentOverride) {
      bits |= Prefixes.SEGMENT;
    }
    if (in.rex) {
      bits |= Prefixes.REX;
    }
    if (in.w) {
      bits |= Prefixes.W;
    }
    if (in.vex) {
      bits |= Prefixes.VEX;
    }
    if (in.vexL) {
      bits |= Prefixes.VEX_L;
    }
    return bits;
  }
}
