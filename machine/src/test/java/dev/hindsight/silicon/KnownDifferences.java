package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The list of differences between processors that the manuals allow (differences.txt): at most
 * {@value #LIMIT} for the processors of a maker, each citing them.
 */
final class KnownDifferences {
  /** How long the list may be, as far as it is about a maker's processors. */
  static final int LIMIT = 20;

  private static final KnownDifferences STANDARD = new KnownDifferences(Maker.ofHost());

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Set<Mnemonic> mnemonics, List<String> when) {}

  /** The part of the list that is about the processors of a maker. */
  KnownDifferences(Maker maker) {
    for (List<String> row : TextTable.read("differences.txt", 4)) {
      Set<Mnemonic> mnemonics = EnumSet.noneOf(Mnemonic.class);
      for (String name : TextTable.list(row.getFirst(), ",")) {
        if (name.equals("*")) {
          mnemonics.addAll(EnumSet.allOf(Mnemonic.class));
        } else {
          mnemonics.add(Mnemonic.valueOf(name));
        }
      }
      if (row.get(3).isEmpty()) {
        throw new IllegalStateException("differences.txt: an entry without a citation");
      }
      if (concerns(row.get(1), maker)) {
        entries.add(new Entry(mnemonics, TextTable.list(row.get(2), "\\s+")));
      }
    }
    if (entries.size() > LIMIT) {
      throw new IllegalStateException(
          "differences.txt has more than " + LIMIT + " entries for " + maker);
    }
  }

  private static boolean concerns(String makers, Maker maker) {
    return makers.equals("any") || Maker.valueOf(makers) == maker;
  }

  static KnownDifferences standard() {
    return STANDARD;
  }

  /** Whether the list explains a difference. */
  boolean covers(GeneratedCase c, Outcome host, Outcome ours, List<String> differences) {
    for (Instruction in : suspects(c, host, ours)) {
      for (Entry entry : entries) {
        if (entry.mnemonics().contains(in.mnemonic())
            && entry.when().stream().allMatch(w -> holds(w, c, in, host, ours, differences))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The only instruction, or those of a sequence at which either processor stopped. */
  private static List<Instruction> suspects(GeneratedCase c, Outcome host, Outcome ours) {
    if (c.instructions().size() <= 1) {
      return c.instructions();
    }
    List<Instruction> some = new ArrayList<>();
    long at = c.test().start();
    for (Instruction in : c.instructions()) {
      if (at == host.state().rip || at == ours.state().rip) {
        some.add(in);
      }
      at += in.length();
    }
    return some;
  }

  private static boolean holds(
      String when,
      GeneratedCase c,
      Instruction in,
      Outcome host,
      Outcome ours,
      List<String> differences) {
    int equals = when.indexOf('=');
    String value = when.substring(equals + 1);
    return switch (when.substring(0, equals)) {
      case "mode" -> c.test().mode() == Integer.parseInt(value);
      case "host" ->
          TextTable.list(value, ",").contains(Integer.toString(host.vector()))
              || TextTable.list(value, ",").contains("done") && wentOn(in, host, ours);
      case "ours" -> TextTable.list(value, ",").contains(Integer.toString(ours.vector()));
      case "prefix" ->
          switch (value) {
            case "REP" -> in.has(Prefixes.REP) || in.has(Prefixes.REPNE);
            case "REPEAT" -> hasRepeat(c, in);
            default -> in.has(prefix(value));
          };
      case "operand" ->
          !in.operands().isEmpty()
              && switch (in.operand(0)) {
                case MemoryOperand m -> value.equals("memory");
                case Register r when r.kind() == RegisterKind.SEGMENT -> value.equals("segment");
                default -> value.equals("register");
              };
      case "count" ->
          (c.test().initial().gpr[1] & -1L >>> 64 - in.addressBits()) == Long.parseLong(value);
      case "wraps" ->
          (host.vector() == 12 || host.vector() == 13)
              && ours.vector() == 14
              && (int) ours.faultAddress() >= -64
              && (int) ours.faultAddress() < 64;
      case "near" ->
          Math.abs(distance(in, host.faultAddress(), ours.faultAddress()))
              < Integer.parseInt(value);
      case "slot" -> isBeyondSelector(c, ours, differences);
      case "pointers" -> in.addressBits() == 32 && areTruncated(host.state(), ours.state());
      case "x87" -> hasClearedTop(host.state(), ours.state());
      case "results" -> VectorDifferences.areNaNs(in, host, ours);
      case "mask" -> VectorDifferences.areOfSuspendedGather(in, host, ours);
      case "source" ->
          in.operands().isEmpty()
              ? isDenormalAlone(c.test().initial())
              : VectorDifferences.hasDenormal(in, ours.state());
      case "FCW" -> (c.test().initial().xsaveShort(CpuState.FCW) & 2) == 0;
      case "MXCSR" -> (host.state().xsaveInt(CpuState.MXCSR) & 1 << 17) != 0;
      case "only" -> {
        List<String> names = TextTable.list(value, ",");
        yield differences.stream().allMatch(d -> names.contains(name(d)));
      }
      default -> throw new IllegalStateException("differences.txt: " + when);
    };
  }

  /** Whether a single instruction has a repeat prefix that means nothing to it. */
  private static boolean hasRepeat(GeneratedCase c, Instruction in) {
    for (int i = 0; i < in.length() - 2 && c.instructions().size() == 1; i++) {
      int b = c.test().code()[i] & 0xFF;
      if (b == 0xF2 || b == 0xF3) {
        return true;
      }
    }
    return false;
  }

  /** Whether the host went on behind the instruction at which we stopped. */
  private static boolean wentOn(Instruction in, Outcome host, Outcome ours) {
    int breakpoint = host.vector() == 3 ? 1 : 0;
    return host.state().rip == ours.state().rip + in.length() + breakpoint;
  }

  /** From one address to another, where addresses wrap as the instruction's do. */
  private static long distance(Instruction in, long from, long to) {
    int unused = 64 - in.addressBits();
    return to - from << unused >> unused;
  }

  /**
   * Whether PUSH or POP of a segment register differ only in what lies beyond the selector: we
   * write it where the host does not, or fault there.
   */
  private static boolean isBeyondSelector(GeneratedCase c, Outcome ours, List<String> differences) {
    if (ours.vector() == 14 && differences.stream().anyMatch(d -> name(d).equals("exception"))) {
      long offset = ours.faultAddress() - ours.state().gpr[4];
      offset = c.test().mode() == 64 ? offset : (int) offset;
      return offset >= -2 && offset < 0 || offset >= 2 && offset < 8;
    }
    return differences.stream().allMatch(d -> name(d).equals("memory"));
  }

  /** Whether each of RCX, RSI and RDI that differs is the host's with bits 63:32 cleared. */
  private static boolean areTruncated(CpuState host, CpuState ours) {
    return IntStream.of(1, 6, 7)
        .allMatch(i -> host.gpr[i] == ours.gpr[i] || host.gpr[i] == (ours.gpr[i] & 0xFFFF_FFFFL));
  }

  /** Whether the host's TOP is 0 and nothing else of its x87 unit differs. */
  private static boolean hasClearedTop(CpuState host, CpuState ours) {
    int top = ours.xsaveShort(CpuState.FSW) >> 11 & 7;
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + 16 * i;
      int other = CpuState.ST0 + 16 * (i - top & 7);
      if (host.xsaveLong(at) != ours.xsaveLong(other)
          || host.xsaveShort(at + 8) != ours.xsaveShort(other + 8)) {
        return false;
      }
    }
    return host.xsaveShort(CpuState.FSW) == (ours.xsaveShort(CpuState.FSW) & ~0x3800);
  }

  /** Whether ST(0) is denormal and ST(1) infinite or 0. */
  private static boolean isDenormalAlone(CpuState s) {
    int exponent = s.xsaveShort(CpuState.ST0 + 8) & 0x7FFF;
    int other = s.xsaveShort(CpuState.ST0 + 24) & 0x7FFF;
    long significand = s.xsaveLong(CpuState.ST0 + 16);
    return exponent == 0
        && s.xsaveLong(CpuState.ST0) > 0
        && (other == 0 && significand == 0 || other == 0x7FFF && significand == Long.MIN_VALUE);
  }

  private static int prefix(String name) {
    return switch (name) {
      case "OPERAND_SIZE" -> Prefixes.OPERAND_SIZE;
      case "W" -> Prefixes.W;
      default -> throw new IllegalStateException("differences.txt: prefix " + name);
    };
  }

  /** What a line of differences is about: the part before the colon, without numbers. */
  private static String name(String difference) {
    if (difference.startsWith("[")) {
      return difference.contains("host 0002ffff") && difference.contains("ours 0000ffff")
          ? "MXCSR_MASK"
          : "memory";
    }
    String name = difference.substring(0, Math.max(0, difference.indexOf(':')));
    return name.startsWith("R") ? name : name.replaceAll("[0-9\\[\\]]", "");
  }
}
