package dev.hindsight.translator;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.silicon.Encoding;
import dev.hindsight.silicon.RowEncoder;
import dev.hindsight.silicon.RowPool;
import dev.hindsight.silicon.Values;
import dev.hindsight.translator.FuzzCase.Registers;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandSpec;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RelativeOperand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes cases from a seed: case {@code n} depends on the seed and {@code n} alone.
 *
 * <p>Code is a sequence of instructions that jump to one another, with operands in pages of every
 * kind, among them the code itself and the page tables that map it.
 */
final class FuzzGenerator {
  /** Cases that share the contents of the data frames. */
  static final int BATCH = 1024;

  /** Opcodes of MOVS, CMPS, STOS, LODS and SCAS of a byte; MOVS and STOS are drawn more often. */
  private static final int[] STRINGS = {0xA4, 0xA4, 0xAA, 0xAA, 0xA6, 0xAC, 0xAE};

  private static final int MOST_CODE = 600;

  private static final Set<Mnemonic> USUAL =
      EnumSet.of(
          Mnemonic.ADD,
          Mnemonic.OR,
          Mnemonic.ADC,
          Mnemonic.SBB,
          Mnemonic.AND,
          Mnemonic.SUB,
          Mnemonic.XOR,
          Mnemonic.CMP,
          Mnemonic.TEST,
          Mnemonic.MOV,
          Mnemonic.MOVZX,
          Mnemonic.MOVSX,
          Mnemonic.MOVSXD,
          Mnemonic.LEA,
          Mnemonic.XCHG,
          Mnemonic.INC,
          Mnemonic.DEC,
          Mnemonic.NOT,
          Mnemonic.NEG,
          Mnemonic.ROL,
          Mnemonic.ROR,
          Mnemonic.RCL,
          Mnemonic.RCR,
          Mnemonic.SHL,
          Mnemonic.SHR,
          Mnemonic.SAR,
          Mnemonic.SHLD,
          Mnemonic.SHRD,
          Mnemonic.IMUL,
          Mnemonic.MUL,
          Mnemonic.DIV,
          Mnemonic.IDIV,
          Mnemonic.BT,
          Mnemonic.BTS,
          Mnemonic.BTR,
          Mnemonic.BTC,
          Mnemonic.BSF,
          Mnemonic.BSR,
          Mnemonic.TZCNT,
          Mnemonic.LZCNT,
          Mnemonic.POPCNT,
          Mnemonic.CMPXCHG,
          Mnemonic.XADD,
          Mnemonic.SETB,
          Mnemonic.SETO,
          Mnemonic.CMOVBE,
          Mnemonic.CMOVS,
          Mnemonic.MOVAPS,
          Mnemonic.MOVDQU,
          Mnemonic.ADDPS,
          Mnemonic.MULSD,
          Mnemonic.CVTSI2SD,
          Mnemonic.UCOMISD,
          Mnemonic.PXOR,
          Mnemonic.MOVD,
          Mnemonic.LAHF,
          Mnemonic.SAHF,
          Mnemonic.CMC);

  private static final Set<Mnemonic> STACK =
      EnumSet.of(
          Mnemonic.PUSH,
          Mnemonic.POP,
          Mnemonic.LEAVE,
          Mnemonic.RET,
          Mnemonic.CALL,
          Mnemonic.JMP,
          Mnemonic.PUSHF,
          Mnemonic.POPF,
          Mnemonic.ENTER);

  private static final Pattern VECTOR =
      Pattern.compile("V?(P.*|MOV.*|CVT.*|U?COMI.*|.*[PS][SD]|INSERT.*|EXTRACT.*|BROADCAST.*)");

  private static final Pattern X87 = Pattern.compile("F.*|EMMS");

  /** After what these load, the host's unit is most often not the guest's any more. */
  private static final Set<Mnemonic> LOADS_X87 =
      EnumSet.of(
          Mnemonic.FLDCW,
          Mnemonic.FLDENV,
          Mnemonic.FRSTOR,
          Mnemonic.FXRSTOR,
          Mnemonic.XRSTOR,
          Mnemonic.XRSTORS);

  private final long seed;
  private final Decoder decoder = new Decoder(CpuModels.V3.features());
  private final Pools pools64 = new Pools(CodeMode.BITS64);
  private final Pools pools32 = new Pools(CodeMode.BITS32);

  private static final class Pools {
    private final RowPool all;
    private final RowPool usual;
    private final RowPool stack;
    private final RowPool vector;
    private final RowPool x87;

    Pools(CodeMode mode) {
      all = new RowPool(mode, m -> true);
      usual = new RowPool(mode, USUAL::contains);
      stack = new RowPool(mode, STACK::contains);
      vector = new RowPool(mode, m -> VECTOR.matcher(m.name()).matches());
      x87 = new RowPool(mode, m -> X87.matcher(m.name()).matches());
    }
  }

  FuzzGenerator(long seed) {
    this.seed = seed;
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + number);
  }

  /** What the data frames hold in the batch that a case belongs to. */
  byte[] data(long number) {
    SplittableRandom r = random(-1 - number / BATCH);
    byte[] data = new byte[FuzzMachine.DATA_FRAMES * FuzzMachine.PAGE];
    for (int i = 0; i < data.length; i += 8) {
      long value =
          switch (r.nextInt(4)) {
            case 0 -> Values.binary64(r);
            case 1 -> (long) Values.binary32(r) << 32 | Values.binary32(r) & 0xFFFF_FFFFL;
            case 2 -> FuzzMachine.CODE_BASE + r.nextInt(2 * FuzzMachine.PAGE);
            default -> Values.integer(r);
          };
      for (int b = 0; b < 8; b++) {
        data[i + b] = (byte) (value >> 8 * b);
      }
    }
    return data;
  }

  /** A case by its number. */
  FuzzCase make(long number) {
    return new Maker(random(number), number).make();
  }

  /** The instruction that bytes begin with, or null. */
  @Nullable Instruction decode(int mode, byte[] bytes) {
    Decoded d =
        decoder.decode(
            mode == 64 ? CodeMode.BITS64 : CodeMode.BITS32,
            at -> at < bytes.length ? bytes[at] & 0xFF : FuzzMachine.FILL & 0xFF);
    return d instanceof Instruction in ? in : null;
  }

  /** What one case is made with. */
  private final class Maker {
    private final SplittableRandom r;
    private final long number;
    private final int mode;
    private final int cpl;
    private final Pools pools;

    /** Whether half of the instructions are x87's and MMX's. */
    private final boolean floating;

    /** Whether many of the instructions are stores to others. */
    private final boolean modifying;

    private final List<FuzzCase.Segment> segments;

    /** Of what was added later: all else is drawn as before. */
    private final SplittableRandom later;

    private final RowEncoder calm;
    private final RowEncoder wild;
    private final byte[] code = new byte[MOST_CODE];
    private int length;
    private int offset;
    private final List<Integer> starts = new ArrayList<>();

    // displacements of branches: where, and how many bytes
    private final List<int[]> branches = new ArrayList<>();

    Maker(SplittableRandom r, long number) {
      this.r = r;
      this.number = number;
      mode = r.nextInt(3) == 0 ? 32 : 64;
      cpl = r.nextInt(4) == 0 ? 0 : 3;
      floating = r.nextInt(4) == 0;
      modifying = r.nextInt(8) == 0;
      pools = mode == 64 ? pools64 : pools32;
      later = random(number ^ 1L << 40);
      segments = mode == 32 && later.nextInt(3) != 0 ? List.of(segment(), segment()) : List.of();
      calm = new RowEncoder(r, mode, true);
      wild = new RowEncoder(r, mode, false);
    }

    FuzzCase make() {
      offset =
          r.nextInt(3) == 0
              ? FuzzMachine.PAGE - r.nextInt(200)
              : r.nextInt(FuzzMachine.PAGE - MOST_CODE);
      int instructions = r.nextInt(20, 36);
      while (starts.size() < instructions && length < MOST_CODE - 64) {
        instruction();
      }
      aimBranches();
      int[] begins = starts.stream().mapToInt(Integer::intValue).toArray();
      Registers[] registers = new Registers[FuzzMachine.VCPUS];
      for (int i = 0; i < registers.length; i++) {
        registers[i] = registers(begins);
      }
      return new FuzzCase(
          number,
          mode,
          cpl,
          Arrays.copyOf(code, length),
          begins,
          offset,
          registers,
          segments,
          dataEntries(),
          codeEntries(),
          cr0(),
          cr4(),
          r.nextInt(20) == 0 ? 1 + 2 * r.nextInt(2) : 7,
          r.nextLong(),
          r.nextInt(12) == 0 ? r.nextInt(60, 200) : r.nextInt(12, 36));
    }

    /** FS or GS, most often of 4 GiB and not far from 0. */
    private FuzzCase.Segment segment() {
      long base =
          switch (later.nextInt(6)) {
            case 0 -> 0;
            case 1 -> later.nextInt() & 0xFFFF_FFFFL;
            case 2 -> FuzzMachine.DATA_BASE - FuzzMachine.CODE_BASE & 0xFFFF_FFFFL;
            case 3 -> FuzzMachine.PAGE * later.nextInt(-2, 3) & 0xFFFF_FFFFL;
            default -> later.nextInt(-100, 100) & 0xFFFF_FFFFL;
          };
      long limit =
          switch (later.nextInt(6)) {
            case 0 -> FuzzMachine.DATA_BASE + later.nextInt(16 * FuzzMachine.PAGE);
            case 1 -> FuzzMachine.CODE_BASE + later.nextInt(2 * FuzzMachine.PAGE);
            case 2 -> 0xFFFF_FFFEL;
            default -> 0xFFFF_FFFFL;
          };
      int type =
          switch (later.nextInt(8)) {
            case 0 -> 0xF1;
            case 1 -> 0xF5;
            case 2 -> 0xF7;
            case 3 -> 0xF9;
            case 4 -> 0xFB;
            case 5 -> later.nextInt(4) == 0 ? 0 : 0xF3;
            default -> 0xF3;
          };
      return new FuzzCase.Segment(
          later.nextInt(1 << 16), base, limit, type, later.nextInt(4) == 0 ? 0x8 : 0xC);
    }

    private int cr0() {
      int changed = r.nextInt(16) == 0 ? ControlRegisters.CR0_TS : 0;
      changed |= r.nextInt(32) == 0 ? ControlRegisters.CR0_EM : 0;
      return changed | (r.nextInt(8) == 0 ? ControlRegisters.CR0_WP : 0);
    }

    private int cr4() {
      int changed = r.nextInt(32) == 0 ? ControlRegisters.CR4_OSFXSR : 0;
      changed |= r.nextInt(32) == 0 ? ControlRegisters.CR4_OSXSAVE : 0;
      changed |= r.nextInt(16) == 0 ? ControlRegisters.CR4_SMEP : 0;
      return changed | (r.nextInt(16) == 0 ? ControlRegisters.CR4_SMAP : 0);
    }

    // ---- pages

    private long[] dataEntries() {
      long[] e = new long[FuzzMachine.DATA_PAGES];
      e[1] = FuzzMachine.DATA | 7;
      e[2] = FuzzMachine.DATA + 0x1000 | 7;
      e[3] = FuzzMachine.DATA + 0x2000 | 5;
      e[4] = FuzzMachine.DATA + 0x3000 | 3;
      e[5] = FuzzMachine.CODE | 7;
      e[6] = FuzzMachine.REGISTERS | 7;
      e[7] = FuzzMachine.DATA + 0x4000 | 7 | 1L << 63;
      e[8] = FuzzMachine.ROM | 7;
      e[9] = FuzzMachine.DATA_PT | 7;
      e[10] = FuzzMachine.CODE_PT | 7;
      e[11] = FuzzMachine.DATA + 0x5000 | 7;
      e[12] = FuzzMachine.DATA + 0x5000 | 7;
      e[14] = FuzzMachine.CODE + 0x1000 | 7;
      e[15] = FuzzMachine.DATA + 0x6000 | 7;
      return e;
    }

    private long[] codeEntries() {
      long[] e = new long[FuzzMachine.CODE_PAGES];
      int rights = r.nextInt(3) == 0 ? 5 : 7;
      e[0] = FuzzMachine.CODE | rights;
      e[1] = FuzzMachine.CODE + 0x1000 | rights;
      e[2] =
          switch (r.nextInt(8)) {
            case 0 -> FuzzMachine.ROM | 5;
            case 1 -> FuzzMachine.REGISTERS | 5;
            case 2 -> FuzzMachine.CODE | 5;
            case 3 -> FuzzMachine.CODE + 0x2000 | 3;
            case 4 -> 0;
            default -> FuzzMachine.CODE + 0x2000 | 7;
          };
      if (r.nextInt(12) == 0) {
        e[1] = e[2];
      }
      return e;
    }

    /** An address in a page of some kind, most often a datum that fits into a writable one. */
    private long target() {
      int page =
          switch (r.nextInt(16)) {
            case 0 -> r.nextInt(FuzzMachine.DATA_PAGES);
            case 1 -> 3;
            case 2 -> 6;
            case 3 -> 5;
            case 4 -> 11 + r.nextInt(2);
            case 5, 6 -> 7;
            case 7 -> -1;
            default -> 1 + r.nextInt(2);
          };
      long base =
          page < 0
              ? FuzzMachine.CODE_BASE + offset + r.nextInt(MOST_CODE)
              : FuzzMachine.DATA_BASE + (long) page * FuzzMachine.PAGE;
      if (page == 5) {
        return base + offset + r.nextInt(MOST_CODE);
      }
      return page < 0
          ? base
          : switch (r.nextInt(8)) {
            case 0 -> base - r.nextInt(40);
            case 1 -> base + r.nextInt(FuzzMachine.PAGE);
            default -> base + r.nextInt(8, 120) * 32;
          };
    }

    // ---- registers

    private Registers registers(int[] begins) {
      long[] general = new long[16];
      for (int i = 0; i < 16; i++) {
        boolean pointer = i >= 3 && i <= 7 || i >= 11;
        general[i] =
            switch (r.nextInt(8)) {
              case 0 -> Values.integer(r);
              case 1 -> codeAddress(begins);
              case 2 -> target();
              default -> pointer ? target() : Values.integer(r);
            };
      }
      general[4] =
          r.nextInt(12) == 0
              ? target()
              : FuzzMachine.DATA_BASE + 15 * FuzzMachine.PAGE + r.nextInt(64, 440) * 8;
      long[] vectors = new long[64];
      for (int i = 0; i < 64; i++) {
        vectors[i] =
            switch (r.nextInt(3)) {
              case 0 -> Values.binary64(r);
              case 1 -> (long) Values.binary32(r) << 32 | Values.binary32(r) & 0xFFFF_FFFFL;
              default -> Values.integer(r);
            };
      }
      int mxcsr = 0x1F80 | r.nextInt() & 0x603F;
      if (r.nextInt(4) == 0) {
        mxcsr |= r.nextInt() & 0x8040;
      }
      if (r.nextInt(16) == 0) {
        mxcsr &= ~(r.nextInt() & 0x1F80);
      }
      int flags = r.nextInt() & 0x8D5 | 0x202;
      flags |= r.nextInt(8) == 0 ? 0x400 : 0;
      flags |= r.nextInt(24) == 0 ? 0x4_0000 : 0;
      return new Registers(general, flags, vectors, mxcsr, x87(), target() & -16, target() & -16);
    }

    private VcpuState.X87 x87() {
      long[] significands = new long[8];
      int[] signExponents = new int[8];
      for (int i = 0; i < 8; i++) {
        signExponents[i] = Values.signExponent(r);
        significands[i] = Values.significand(r, signExponents[i]);
      }
      int control = controlWord();
      int status = r.nextInt() & 0x7F7F;
      if ((status & ~control & 0x3F) != 0) {
        status |= 0x8080;
      }
      int empty =
          switch (r.nextInt(4)) {
            case 0 -> r.nextInt() & 0xFF;
            case 1 -> 0xFF;
            default -> 0xFF << r.nextInt(9) >> r.nextInt(8) & 0xFF;
          };
      return new VcpuState.X87(
          significands,
          signExponents,
          control,
          status,
          empty,
          r.nextLong(),
          r.nextInt() & 0xFFFF,
          r.nextLong(),
          r.nextInt() & 0xFFFF,
          r.nextInt() & 0x7FF);
    }

    private int controlWord() {
      return switch (r.nextInt(8)) {
        case 0 -> r.nextInt() & 0x1F3F | 0x40;
        case 1, 2 -> 0x37F;
        default -> r.nextInt() & 0x1F00 | 0x7F;
      };
    }

    private long codeAddress(int[] begins) {
      return FuzzMachine.CODE_BASE
          + offset
          + begins[r.nextInt(begins.length)]
          + (r.nextInt(16) == 0 ? 1 : 0);
    }

    // ---- code

    private void put(int... bytes) {
      for (int b : bytes) {
        code[length++] = (byte) b;
      }
    }

    private void put32(long value) {
      put((int) value, (int) value >> 8, (int) value >> 16, (int) value >> 24);
    }

    private void instruction() {
      int start = length;
      int choice = floating && r.nextBoolean() ? 32 + r.nextInt(8) : r.nextInt(32);
      switch (modifying && r.nextInt(3) == 0 ? 16 : choice) {
        case 0, 1, 2, 3, 4 -> row(calm, pools.all);
        case 5, 6, 7 -> row(calm, pools.vector);
        case 8 -> row(wild, pools.all);
        case 9, 10 -> row(wild, pools.usual);
        case 11, 12 -> row(calm, pools.stack);
        case 13, 14, 15 -> branch();
        case 16 -> storeToCode();
        case 17 -> {
          switch (r.nextInt(3)) {
            case 0 -> storeToTable();
            case 1 -> repeated();
            default -> {}
          }
        }
        case 18 -> {
          if (mode == 64 && r.nextInt(3) == 0) {
            exchangePair();
          }
        }
        case 32, 33, 34, 35, 36 -> row(calm, pools.x87);
        case 37, 38 -> row(calm, this::mmxRow);
        case 39 -> loadControlWord();
        default -> row(calm, pools.usual);
      }
      if (length > start) {
        starts.add(start);
      }
    }

    private OpcodeRow mmxRow() {
      while (true) {
        OpcodeRow row = pools.vector.draw(r);
        for (OperandSpec operand : row.operands()) {
          switch (operand.kind()) {
            case REG_MMX, RM_MMX, RM_MMX_OR_MEMORY -> {
              return row;
            }
            default -> {}
          }
        }
      }
    }

    /** CMPXCHG16B, of which one half or both are often equal to what they are compared with. */
    private void exchangePair() {
      long target = target() & (r.nextInt(6) == 0 ? -8 : -16);
      if (r.nextInt(4) != 0) {
        put(0x48, 0x8B, 0x05); // MOV RAX, [target]
        address(target, 0);
      }
      if (r.nextInt(4) != 0) {
        put(0x48, 0x8B, 0x15); // MOV RDX, [target + 8]
        address(target + 8, 0);
      }
      put(0xF0, 0x48, 0x0F, 0xC7, 0x0D);
      address(target, 0);
    }

    /** FLDCW of the immediate operand of a MOV. */
    private void loadControlWord() {
      int word = controlWord();
      put(0x66, 0xB8, word, word >> 8);
      long at = FuzzMachine.CODE_BASE + offset + length - 2;
      put(0xD9, 0x2D);
      address(at, 0);
    }

    /** A string instruction that is repeated a few times, in either direction. */
    private void repeated() {
      if (r.nextBoolean()) {
        put(0xFC | r.nextInt(2)); // CLD, STD
      }
      put(0xB9); // MOV ECX
      put32(r.nextInt(1, 24));
      put(0xF2 | (r.nextInt(8) == 0 ? 0 : 1));
      if (r.nextInt(4) == 0) {
        put(0x66);
      }
      if (mode == 64 && r.nextInt(3) == 0) {
        put(0x48);
      }
      put(STRINGS[r.nextInt(STRINGS.length)] | r.nextInt(2));
    }

    private void row(RowEncoder encoder, RowPool pool) {
      row(encoder, () -> pool.draw(r));
    }

    private void row(RowEncoder encoder, Supplier<OpcodeRow> rows) {
      Encoding e = encoder.encode(rows.get());
      Instruction in = decode(mode, e.bytes());
      if (in == null
          || r.nextInt(8) != 0
              && (losesPointer(in) || repeats(in) || LOADS_X87.contains(in.mnemonic()))) {
        return;
      }
      boolean override =
          !segments.isEmpty()
              && in.length() < Instruction.MAX_LENGTH
              && in.operands().stream().anyMatch(MemoryOperand.class::isInstance)
              && later.nextInt(3) == 0;
      if (override) {
        put(0x64 + later.nextInt(2));
      }
      long end = FuzzMachine.CODE_BASE + offset + length + in.length();
      for (Operand operand : in.operands()) {
        if (operand instanceof MemoryOperand m) {
          if (m.ripRelative()) {
            e.displacement(target() - end);
          } else if (m.base() == null && m.index() == null && e.displacementAt() >= 0) {
            e.displacement(target());
          }
        } else if (operand instanceof RelativeOperand) {
          return;
        }
      }
      System.arraycopy(e.bytes(), 0, code, length, in.length());
      length += in.length();
    }

    /** It would take all ticks there are. */
    private static boolean repeats(Instruction in) {
      return in.has(Prefixes.REP) || in.has(Prefixes.REPNE);
    }

    private static boolean losesPointer(Instruction in) {
      for (int i = 0; i < in.operands().size(); i++) {
        if (in.operand(i) instanceof Register register
            && (i == 0 || in.mnemonic() == Mnemonic.XCHG || in.mnemonic() == Mnemonic.XADD)
            && in.mnemonic() != Mnemonic.PUSH
            && in.mnemonic() != Mnemonic.CMP
            && in.mnemonic() != Mnemonic.TEST
            && isPointer(register)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isPointer(Register register) {
      int n = register.number();
      return register.kind() == RegisterKind.GENERAL && (n >= 3 && n <= 7 || n >= 11);
    }

    private void branch() {
      switch (r.nextInt(12)) {
        case 0, 1 -> put(0xE9);
        case 2, 3 -> put(0xE8);
        case 4 -> {
          put(0xE0 + r.nextInt(4), 0);
          branches.add(new int[] {length - 1, 1});
          return;
        }
        case 5 -> {
          put(0xEB, 0);
          branches.add(new int[] {length - 1, 1});
          return;
        }
        case 6, 7, 8 -> {
          put(0x70 + r.nextInt(16), 0);
          branches.add(new int[] {length - 1, 1});
          return;
        }
        default -> put(0x0F, 0x80 + r.nextInt(16));
      }
      put32(0);
      branches.add(new int[] {length - 4, 4});
    }

    private void aimBranches() {
      for (int[] b : branches) {
        int end = b[0] + b[1];
        int to = starts.get(r.nextInt(starts.size()));
        if (to < end && r.nextBoolean()) {
          to = starts.get(r.nextInt(starts.size()));
        }
        int displacement = to - end;
        if (r.nextInt(16) == 0) {
          displacement++;
        } else if (r.nextInt(24) == 0) {
          displacement = b[1] == 4 ? r.nextInt(-9000, 9000) : r.nextInt(-128, 128);
        }
        if (b[1] == 1 && displacement != (byte) displacement) {
          displacement = r.nextInt(1, 60);
        }
        for (int i = 0; i < b[1]; i++) {
          code[b[0] + i] = (byte) (displacement >> 8 * i);
        }
      }
    }

    /** MOV, XOR or ADD of an immediate to a byte or doubleword close by. */
    private void storeToCode() {
      int at = Math.max(0, length + r.nextInt(-60, 60));
      long alias = offset + at < FuzzMachine.PAGE ? 5 : 14;
      long target =
          r.nextBoolean()
              ? FuzzMachine.CODE_BASE + offset + at
              : FuzzMachine.DATA_BASE
                  + alias * FuzzMachine.PAGE
                  + (offset + at & FuzzMachine.PAGE - 1);
      switch (r.nextInt(3)) {
        case 0 -> {
          put(0xC6, 0x05);
          address(target, 1);
          put(r.nextBoolean() ? 0x90 : r.nextInt());
        }
        case 1 -> {
          put(0x80, r.nextBoolean() ? 0x35 : 0x05);
          address(target, 1);
          put(1 << r.nextInt(8));
        }
        default -> {
          put(0x89, 0x05 | r.nextInt(8) << 3);
          address(target, 0);
        }
      }
    }

    /** Writes an entry of the tables that map data or code. */
    private void storeToTable() {
      boolean ofCode = r.nextBoolean();
      int page = r.nextInt(ofCode ? 3 : FuzzMachine.DATA_PAGES);
      int frame =
          ofCode
              ? FuzzMachine.CODE + r.nextInt(FuzzMachine.CODE_FRAMES) * FuzzMachine.PAGE
              : FuzzMachine.DATA
                  + r.nextInt(FuzzMachine.DATA_FRAMES + FuzzMachine.CODE_FRAMES) * FuzzMachine.PAGE;
      int rights = r.nextInt(4) == 0 ? r.nextInt(8) : 7;
      put(0xC7, 0x05);
      address(FuzzMachine.DATA_BASE + (ofCode ? 10 : 9) * FuzzMachine.PAGE + 8L * page, 4);
      put32(frame | rights);
    }

    /** A displacement of 32 bits that addresses a target, with so many bytes behind it. */
    private void address(long target, int behind) {
      long end = FuzzMachine.CODE_BASE + offset + length + 4 + behind;
      put32(mode == 64 ? target - end : target);
    }
  }
}
