package dev.hindsight.x86;

import java.util.Locale;

/**
 * Writes instructions in Intel's syntax, lower case: {@code add DWORD PTR [rbx+rcx*4-0x8],eax}.
 *
 * <p>The size of a memory operand is always shown where it has one; its segment only where it is
 * not the default or there is no base register, and with string instructions.
 */
public final class Disassembler {
  private Disassembler() {}

  /**
   * The text of an instruction.
   *
   * @param address offset of its first byte, from which branch targets are counted
   */
  public static String text(Instruction in, long address) {
    StringBuilder text = new StringBuilder();
    if (in.has(Prefixes.LOCK)) {
      text.append("lock ");
    }
    if (in.has(Prefixes.REP)) {
      text.append(comparesStrings(in) ? "repe " : "rep ");
    } else if (in.has(Prefixes.REPNE)) {
      text.append("repne ");
    }
    text.append(name(in));
    for (int i = 0; i < in.operands().size(); i++) {
      text.append(i == 0 ? ' ' : ',');
      append(text, in, in.operand(i), address);
    }
    return text.toString();
  }

  private static boolean comparesStrings(Instruction in) {
    return in.mnemonic() == Mnemonic.CMPS || in.mnemonic() == Mnemonic.SCAS;
  }

  /** The mnemonic as assemblers spell it: the size of an implied stack operand is part of it. */
  private static String name(Instruction in) {
    return switch (in.mnemonic()) {
      case CALLF -> "call";
      case JMPF -> "jmp";
      case IRET -> sized("iret", in, "", "d", "q");
      case PUSHF -> sized("pushf", in, "", "d", "q");
      case POPF -> sized("popf", in, "", "d", "q");
      case PUSHA -> sized("pusha", in, "", "d", "");
      case POPA -> sized("popa", in, "", "d", "");
      default -> in.mnemonic().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String sized(String name, Instruction in, String w, String d, String q) {
    return name
        + switch (in.operandBits()) {
          case 16 -> w;
          case 32 -> d;
          default -> q;
        };
  }

  private static void append(StringBuilder text, Instruction in, Operand operand, long address) {
    switch (operand) {
      case Register register -> appendRegister(text, register);
      case ImmediateOperand immediate -> appendHex(text, mask(immediate.value(), immediate.bits()));
      case RelativeOperand target ->
          appendHex(text, mask(address + in.length() + target.displacement(), target.bits()));
      case FarPointerOperand far -> {
        appendHex(text, far.selector());
        text.append(':');
        appendHex(text, far.offset());
      }
      case MemoryOperand memory -> appendMemory(text, in, memory);
    }
  }

  private static void appendRegister(StringBuilder text, Register register) {
    if (register.kind() == RegisterKind.X87) {
      text.append("st(").append(register.number()).append(')');
    } else {
      text.append(register.lowerCaseName());
    }
  }

  private static void appendMemory(StringBuilder text, Instruction in, MemoryOperand memory) {
    text.append(pointer(memory.bits()));
    boolean bare = memory.base() == null && memory.index() == null && !memory.ripRelative();
    if (bare || isShown(in, memory)) {
      text.append(memory.segment().lowerCaseName()).append(':');
    }
    if (bare) {
      appendHex(text, mask(memory.displacement(), memory.addressBits()));
      return;
    }
    text.append('[');
    String plus = "";
    if (memory.ripRelative()) {
      text.append(memory.addressBits() == 64 ? "rip" : "eip");
      plus = "+";
    }
    if (memory.base() != null) {
      text.append(memory.base().lowerCaseName());
      plus = "+";
    }
    if (memory.index() != null) {
      text.append(plus).append(memory.index().lowerCaseName());
      if (memory.addressBits() != 16) {
        text.append('*').append(memory.scale());
      }
      plus = "+";
    }
    if (memory.displacement() < 0) {
      text.append('-');
      appendHex(text, -memory.displacement());
    } else if (memory.displacement() > 0 || memory.ripRelative()) {
      text.append(plus);
      appendHex(text, memory.displacement());
    }
    text.append(']');
  }

  private static boolean isShown(Instruction in, MemoryOperand memory) {
    return switch (in.mnemonic()) {
      case MOVS, CMPS, STOS, LODS, SCAS, INS, OUTS, XLAT -> true;
      default -> memory.segment() != defaultSegment(memory);
    };
  }

  private static Register defaultSegment(MemoryOperand memory) {
    Register base = memory.base();
    return base != null && base.kind() == RegisterKind.GENERAL && (base.number() & ~1) == 4
        ? Register.SS
        : Register.DS;
  }

  private static String pointer(int bits) {
    return switch (bits) {
      case 8 -> "BYTE PTR ";
      case 16 -> "WORD PTR ";
      case 32 -> "DWORD PTR ";
      case 48 -> "FWORD PTR ";
      case 64 -> "QWORD PTR ";
      case 80 -> "TBYTE PTR ";
      case 128 -> "XMMWORD PTR ";
      case 256 -> "YMMWORD PTR ";
      default -> "";
    };
  }

  private static long mask(long value, int bits) {
    return bits == 64 ? value : value & (1L << bits) - 1;
  }

  private static void appendHex(StringBuilder text, long value) {
    text.append("0x").append(Long.toHexString(value));
  }
}
