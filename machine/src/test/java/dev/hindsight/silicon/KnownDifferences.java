package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The list of differences between processors that the manuals allow (differences.txt): at most
 * {@value #LIMIT}, each citing them.
 */
final class KnownDifferences {
  /** How long the list may be. */
  static final int LIMIT = 20;

  private static final KnownDifferences STANDARD = new KnownDifferences();

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Set<Mnemonic> mnemonics, List<String> when) {}

  private KnownDifferences() {
    for (List<String> row : TextTable.read("differences.txt", 3)) {
      Set<Mnemonic> mnemonics = EnumSet.noneOf(Mnemonic.class);
      for (String name : TextTable.list(row.getFirst(), ",")) {
        if (name.equals("*")) {
          mnemonics.addAll(EnumSet.allOf(Mnemonic.class));
        } else {
          mnemonics.add(Mnemonic.valueOf(name));
        }
      }
      if (row.get(2).isEmpty()) {
        throw new IllegalStateException("differences.txt: an entry without a citation");
      }
      entries.add(new Entry(mnemonics, TextTable.list(row.get(1), "\\s+")));
    }
    if (entries.size() > LIMIT) {
      throw new IllegalStateException("differences.txt has more than " + LIMIT + " entries");
    }
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
      case "host" -> TextTable.list(value, ",").contains(Integer.toString(host.vector()));
      case "ours" -> TextTable.list(value, ",").contains(Integer.toString(ours.vector()));
      case "prefix" -> value.equals("REPEAT") ? hasRepeat(c, in) : in.has(prefix(value));
      case "operand" ->
          !in.operands().isEmpty()
              && in.operand(0) instanceof MemoryOperand == value.equals("memory");
      case "count" ->
          (c.test().initial().gpr[1] & -1L >>> 64 - in.addressBits()) == Long.parseLong(value);
      case "wraps" ->
          (host.vector() == 12 || host.vector() == 13)
              && ours.vector() == 14
              && (int) ours.faultAddress() >= -64
              && (int) ours.faultAddress() < 64;
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
