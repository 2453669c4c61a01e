package dev.hindsight.timeline;

import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.instructions.system.ControlRegisterRules;
import dev.hindsight.cpu.instructions.system.MsrRules;
import dev.hindsight.cpu.instructions.x87.PendingError;
import dev.hindsight.x86.Feature;

/**
 * A register of a vCPU, of at most 64 bits, that somebody outside can write. Its number is the one
 * in recordings, and is never used anew.
 *
 * <p>A write does to the vCPU what an instruction that writes the register would do: the mode
 * follows CR0, CR4 and EFER, PDPTE registers are loaded under PAE paging. What no instruction could
 * write is refused.
 *
 * @param number 0 to 15 general registers, 16 to 35 those with names here, 64 to 127 quadwords of
 *     vector registers, 128 to 143 halves of x87 registers
 */
public record VcpuRegister(int number) {
  private static final String[] GENERAL = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
  };

  private static final String[] NAMED = {
    "rip",
    "rflags",
    "fs_base",
    "gs_base",
    "k_gs_base",
    "cr0",
    "cr2",
    "cr3",
    "cr4",
    "efer",
    "mxcsr",
    "fctrl",
    "fstat",
    "fempty",
    "fioff",
    "fiseg",
    "fooff",
    "foseg",
    "fop",
    "pkru"
  };

  private static final int FIRST_NAMED = 16;
  private static final int FIRST_VECTOR = 64;
  private static final int FIRST_X87 = 128;
  private static final int END = 144;
  private static final int QUADWORDS = 4;

  /** Instruction pointer. */
  public static final VcpuRegister RIP = new VcpuRegister(16);

  /** RFLAGS. VM cannot be changed. */
  public static final VcpuRegister RFLAGS = new VcpuRegister(17);

  /** Base of FS. */
  public static final VcpuRegister FS_BASE = new VcpuRegister(18);

  /** Base of GS. */
  public static final VcpuRegister GS_BASE = new VcpuRegister(19);

  /** The MSR whose value SWAPGS exchanges with the base of GS. */
  public static final VcpuRegister KERNEL_GS_BASE = new VcpuRegister(20);

  public static final VcpuRegister CR0 = new VcpuRegister(21);
  public static final VcpuRegister CR2 = new VcpuRegister(22);
  public static final VcpuRegister CR3 = new VcpuRegister(23);
  public static final VcpuRegister CR4 = new VcpuRegister(24);

  /** EFER. LMA follows LME and CR0.PG, and cannot be written. */
  public static final VcpuRegister EFER = new VcpuRegister(25);

  public static final VcpuRegister MXCSR = new VcpuRegister(26);

  /** The x87 control word. */
  public static final VcpuRegister X87_CONTROL = new VcpuRegister(27);

  /** The x87 status word with TOP. ES and B follow the exception flags and their masks. */
  public static final VcpuRegister X87_STATUS = new VcpuRegister(28);

  /** Bit n is set if the physical x87 register n is empty. */
  public static final VcpuRegister X87_EMPTY = new VcpuRegister(29);

  /** Offset of the last x87 instruction (FIP). */
  public static final VcpuRegister X87_INSTRUCTION_OFFSET = new VcpuRegister(30);

  /** Selector of the last x87 instruction (FCS). */
  public static final VcpuRegister X87_INSTRUCTION_SELECTOR = new VcpuRegister(31);

  /** Offset of the last x87 memory operand (FDP). */
  public static final VcpuRegister X87_DATA_OFFSET = new VcpuRegister(32);

  /** Selector of the last x87 memory operand (FDS). */
  public static final VcpuRegister X87_DATA_SELECTOR = new VcpuRegister(33);

  /** Low 11 bits of the last x87 opcode (FOP). */
  public static final VcpuRegister X87_OPCODE = new VcpuRegister(34);

  /** Rights by protection key. */
  public static final VcpuRegister PKRU = new VcpuRegister(35);

  private static final int WRITABLE_FLAGS =
      Flags.ARITHMETIC
          | Flags.TF
          | Flags.IF
          | Flags.DF
          | Flags.IOPL
          | Flags.NT
          | Flags.RF
          | Flags.AC
          | Flags.VIF
          | Flags.VIP
          | Flags.ID;

  /**
   * The register with a number.
   *
   * @throws IllegalArgumentException if there is none; the message is a sentence
   */
  public VcpuRegister {
    if (number < 0
        || number >= END
        || (number >= FIRST_NAMED + NAMED.length && number < FIRST_VECTOR)) {
      throw new IllegalArgumentException("There is no register with the number " + number + ".");
    }
  }

  /**
   * A general register.
   *
   * @param n 0 (RAX) to 15, as instructions encode them
   */
  public static VcpuRegister general(int n) {
    return new VcpuRegister(range(n, GENERAL.length));
  }

  /**
   * 64 bits of a vector register.
   *
   * @param n 0 to 15
   * @param quadword 0 (bits 63:0) to 3 (bits 255:192); 0 and 1 are XMM
   */
  public static VcpuRegister vector(int n, int quadword) {
    return new VcpuRegister(
        FIRST_VECTOR + QUADWORDS * range(n, GENERAL.length) + range(quadword, QUADWORDS));
  }

  /**
   * Bits 63:0 of an x87 register, which are also those of an MMX register.
   *
   * @param n physical number, 0 to 7: ST(i) is (TOP + i) mod 8, MMi is i
   */
  public static VcpuRegister x87Significand(int n) {
    return new VcpuRegister(FIRST_X87 + 2 * range(n, 8));
  }

  /**
   * Bits 79:64 of an x87 register: sign and exponent.
   *
   * @param n physical number, 0 to 7
   */
  public static VcpuRegister x87SignExponent(int n) {
    return new VcpuRegister(FIRST_X87 + 2 * range(n, 8) + 1);
  }

  private static int range(int n, int count) {
    if (n < 0 || n >= count) {
      throw new IllegalArgumentException("There is no register " + n + " of this kind.");
    }
    return n;
  }

  /** What debuggers call it; of vector and x87 registers with the part behind a dot. */
  public String name() {
    if (number < FIRST_NAMED) {
      return GENERAL[number];
    }
    if (number < FIRST_VECTOR) {
      return NAMED[number - FIRST_NAMED];
    }
    return number < FIRST_X87
        ? "ymm" + (number - FIRST_VECTOR) / QUADWORDS + "." + (number - FIRST_VECTOR) % QUADWORDS
        : "fpr" + (number - FIRST_X87) / 2 + ((number & 1) == 0 ? ".significand" : ".exponent");
  }

  /** Whether a model has it. */
  public boolean isIn(CpuModel model) {
    if (number >= FIRST_VECTOR && number < FIRST_X87) {
      boolean hasNumber = number < FIRST_VECTOR + 8 * QUADWORDS || model.has(Feature.LONG_MODE);
      boolean isUpper = (number - FIRST_VECTOR) % QUADWORDS >= 2;
      return hasNumber && model.has(isUpper ? Feature.AVX : Feature.SSE);
    }
    if (number >= FIRST_X87) {
      return model.has(Feature.FPU);
    }
    return switch (number) {
      case 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 25 -> model.has(Feature.LONG_MODE);
      case 26 -> model.has(Feature.SSE);
      case 27, 28, 29, 30, 31, 32, 33, 34 -> model.has(Feature.FPU);
      case 35 -> model.has(Feature.PKU);
      default -> true;
    };
  }

  /**
   * Checks that a model has it.
   *
   * @throws IllegalArgumentException if it does not; the message is a sentence
   */
  void check(CpuModel model) {
    if (!isIn(model)) {
      throw new IllegalArgumentException(
          "A CPU " + model.name() + " has no register " + name() + ".");
    }
  }

  /** Its value. */
  public long read(Vcpu cpu) {
    X87Registers x87 = cpu.x87();
    if (number < FIRST_NAMED) {
      return cpu.general().get64(number);
    }
    if (number >= FIRST_X87) {
      int n = (number - FIRST_X87) / 2;
      return (number & 1) == 0 ? x87.significand(n) : x87.signExponent(n);
    }
    if (number >= FIRST_VECTOR) {
      int at = number - FIRST_VECTOR;
      return cpu.vectors().get(at / QUADWORDS, at % QUADWORDS);
    }
    return switch (number) {
      case 16 -> cpu.rip();
      case 17 -> cpu.flags().get();
      case 18 -> cpu.segment(4).base();
      case 19 -> cpu.segment(5).base();
      case 20 -> cpu.msrs().get(ModelSpecificRegisters.KERNEL_GS_BASE);
      case 21 -> cpu.control().cr0() & 0xFFFF_FFFFL;
      case 22 -> cpu.control().cr2();
      case 23 -> cpu.control().cr3();
      case 24 -> cpu.control().cr4() & 0xFFFF_FFFFL;
      case 25 -> cpu.control().efer() & 0xFFFF_FFFFL;
      case 26 -> cpu.vectors().mxcsr() & 0xFFFF_FFFFL;
      case 27 -> x87.control();
      case 28 -> x87.status();
      case 29 -> x87.emptyMask();
      case 30 -> x87.instructionPointer();
      case 31 -> x87.instructionSelector();
      case 32 -> x87.dataPointer();
      case 33 -> x87.dataSelector();
      case 34 -> x87.opcode();
      default -> cpu.control().pkru() & 0xFFFF_FFFFL;
    };
  }

  /**
   * Writes it, between two steps.
   *
   * @throws IllegalArgumentException if the register does not take the value, or not now; nothing
   *     has changed then. The message is a sentence.
   */
  void write(Vcpu cpu, long value) {
    check(cpu.model());
    try {
      if (number < FIRST_NAMED) {
        require(value >>> 32 == 0 || cpu.model().has(Feature.LONG_MODE));
        cpu.general().set64(number, value);
      } else if (number < FIRST_VECTOR) {
        writeNamed(cpu, value);
      } else if (number < FIRST_X87) {
        int at = number - FIRST_VECTOR;
        cpu.vectors().set(at / QUADWORDS, at % QUADWORDS, value);
      } else {
        writeX87(cpu.x87(), value);
      }
    } catch (GuestFault f) {
      throw new IllegalArgumentException(
          "The register %s does not take the value 0x%x now.".formatted(name(), value), f);
    }
  }

  private void writeX87(X87Registers x87, long value) {
    int n = (number - FIRST_X87) / 2;
    if ((number & 1) == 0) {
      x87.set(n, x87.signExponent(n), value);
    } else {
      require(value >>> 16 == 0);
      x87.set(n, (int) value, x87.significand(n));
    }
  }

  private void writeNamed(Vcpu cpu, long value) {
    X87Registers x87 = cpu.x87();
    switch (number) {
      case 16 -> {
        require(cpu.is64Bit() ? LinearMemory.isCanonical(value) : value >>> 32 == 0);
        cpu.rip(value);
      }
      case 17 -> writeFlags(cpu, value);
      case 18 -> MsrRules.write(cpu, MsrRules.FS_BASE, value);
      case 19 -> MsrRules.write(cpu, MsrRules.GS_BASE, value);
      case 20 -> MsrRules.write(cpu, ModelSpecificRegisters.KERNEL_GS_BASE, value);
      case 21 -> ControlRegisterRules.writeCr0(cpu, value);
      case 22 -> {
        require(value >>> 32 == 0 || cpu.model().has(Feature.LONG_MODE));
        cpu.control().cr2(value);
      }
      case 23 -> {
        require(value >>> 32 == 0 || cpu.model().has(Feature.LONG_MODE));
        ControlRegisterRules.writeCr3(cpu, value);
      }
      case 24 -> ControlRegisterRules.writeCr4(cpu, value);
      case 25 -> MsrRules.write(cpu, MsrRules.EFER, value);
      case 26 -> {
        require(value >>> 16 == 0);
        cpu.vectors().mxcsr((int) value);
      }
      case 27 -> {
        require(value >>> 16 == 0);
        x87.control((int) value & 0x1F3F | 0x40);
        PendingError.update(cpu);
      }
      case 28 -> {
        require(value >>> 16 == 0);
        x87.status((int) value);
        PendingError.update(cpu);
      }
      case 29 -> {
        require(value >>> 8 == 0);
        x87.emptyMask((int) value);
      }
      case 30 -> x87.lastInstruction(value, x87.instructionSelector(), x87.opcode());
      case 31 -> {
        require(value >>> 16 == 0);
        x87.lastInstruction(x87.instructionPointer(), (int) value, x87.opcode());
      }
      case 32 -> x87.lastData(value, x87.dataSelector());
      case 33 -> {
        require(value >>> 16 == 0);
        x87.lastData(x87.dataPointer(), (int) value);
      }
      case 34 -> {
        require(value >>> 11 == 0);
        x87.lastInstruction(x87.instructionPointer(), x87.instructionSelector(), (int) value);
      }
      default -> {
        require(value >>> 32 == 0);
        cpu.control().pkru((int) value);
        cpu.updateMode();
      }
    }
  }

  /** Bit 1 is always set, so it may be given or not. */
  private static void writeFlags(Vcpu cpu, long value) {
    long vm = cpu.flags().get() & Flags.VM;
    require((value & ~(long) (WRITABLE_FLAGS | Flags.FIXED)) == vm);
    cpu.flags().set((int) value);
    cpu.updateMode();
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw GuestFault.generalProtection(0);
    }
  }
}
