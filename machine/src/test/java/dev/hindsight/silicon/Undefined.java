package dev.hindsight.silicon;

import dev.hindsight.cpu.Flags;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The table of what the manual leaves undefined (undefined.txt). */
final class Undefined {
  private static final Undefined STANDARD = new Undefined();

  private final Map<Mnemonic, List<Row>> rows = new EnumMap<>(Mnemonic.class);

  /**
   * Something undefined.
   *
   * @param flags bits of RFLAGS
   * @param conditionCodes bits of the x87 status word
   * @param result whether the destination is undefined
   * @param when in which cases
   */
  private record Row(int flags, int conditionCodes, boolean result, String when) {}

  /**
   * What is undefined after an instruction.
   *
   * @param flags bits of RFLAGS
   * @param conditionCodes bits of the x87 status word
   * @param result whether the destination is
   */
  record Parts(int flags, int conditionCodes, boolean result) {
    static final Parts NONE = new Parts(0, 0, false);
  }

  private Undefined() {
    for (List<String> columns : TextTable.read("undefined.txt", 4)) {
      int flags = 0;
      int codes = 0;
      boolean result = false;
      for (String what : columns.get(1).split("\\s+")) {
        switch (what) {
          case "CF" -> flags |= Flags.CF;
          case "PF" -> flags |= Flags.PF;
          case "AF" -> flags |= Flags.AF;
          case "ZF" -> flags |= Flags.ZF;
          case "SF" -> flags |= Flags.SF;
          case "OF" -> flags |= Flags.OF;
          case "C0" -> codes |= 0x100;
          case "C1" -> codes |= 0x200;
          case "C2" -> codes |= 0x400;
          case "C3" -> codes |= 0x4000;
          case "RESULT" -> result = true;
          default -> throw new IllegalStateException("undefined.txt: " + what);
        }
      }
      Row row = new Row(flags, codes, result, columns.get(2));
      for (String mnemonic : TextTable.list(columns.getFirst(), ",")) {
        rows.computeIfAbsent(Mnemonic.valueOf(mnemonic), m -> new ArrayList<>()).add(row);
      }
    }
  }

  static Undefined standard() {
    return STANDARD;
  }

  /** Whether an instruction can leave flags of RFLAGS undefined. */
  boolean leavesFlagsUndefined(Mnemonic m) {
    return rows.getOrDefault(m, List.of()).stream().anyMatch(row -> row.flags() != 0);
  }

  /** Whether an instruction can leave its destination undefined. */
  boolean leavesResultUndefined(Mnemonic m) {
    return rows.getOrDefault(m, List.of()).stream().anyMatch(Row::result);
  }

  /** Bits of the x87 status word that an instruction leaves undefined. */
  int conditionCodes(Mnemonic m) {
    int codes = 0;
    for (Row row : rows.getOrDefault(m, List.of())) {
      codes |= row.conditionCodes();
    }
    return codes;
  }

  /**
   * What an instruction leaves undefined.
   *
   * @param before the registers that it finds
   * @param after the registers that the host leaves
   */
  Parts of(Instruction in, CpuState before, CpuState after) {
    List<Row> some = rows.get(in.mnemonic());
    if (some == null) {
      return Parts.NONE;
    }
    int flags = 0;
    int codes = 0;
    boolean result = false;
    for (Row row : some) {
      if (holds(row.when(), in, before, after)) {
        flags |= row.flags();
        codes |= row.conditionCodes();
        result |= row.result();
      }
    }
    return new Parts(flags, codes, result);
  }

  private static boolean holds(String when, Instruction in, CpuState before, CpuState after) {
    return switch (when) {
      case "always" -> true;
      case "count>0" -> count(in, before) > 0;
      case "count>1" -> count(in, before) > 1;
      case "count>=size" -> count(in, before) >= in.bits(0);
      case "count>size" -> count(in, before) > in.bits(0);
      // ZF tells of a zero source, be it in memory
      case "source=0" -> (after.rflags & Flags.ZF) != 0;
      case "st0>1" -> isAbove(before, 0x3FFF, 1L << 63);
      case "st0>0.2928" -> isAbove(before, 0x3FFD, 0x95F6_1998_0C43_36F7L);
      case "st0=nan" -> (after.xsaveShort(CpuState.ST0 + 8) & 0x7FFF) == 0x7FFF;
      case "c2=1" -> (after.xsaveShort(CpuState.FSW) & 0x400) != 0;
      default -> throw new IllegalStateException("undefined.txt: " + when);
    };
  }

  private static boolean isAbove(CpuState s, int exponent, long significand) {
    int e = s.xsaveShort(CpuState.ST0 + 8) & 0x7FFF;
    long bits = s.xsaveLong(CpuState.ST0);
    return e > exponent || e == exponent && Long.compareUnsigned(bits, significand) > 0;
  }

  private static int count(Instruction in, CpuState before) {
    Operand last = in.operands().getLast();
    long value =
        switch (last) {
          case ImmediateOperand i -> i.value();
          case Register cl -> before.gpr[cl.number()];
          default -> 0;
        };
    return (int) value & (in.bits(0) == 64 ? 63 : 31);
  }
}
