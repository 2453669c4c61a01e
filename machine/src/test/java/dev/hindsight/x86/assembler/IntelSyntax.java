package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Feeds an assembler with single lines of Intel syntax, as far as test lines use it. */
final class IntelSyntax {
  private static final Map<String, Integer> BYTES =
      Map.of(
          "byte", 1, "word", 2, "dword", 4, "fword", 6, "qword", 8, "tbyte", 10, "xmmword", 16,
          "ymmword", 32);

  private IntelSyntax() {}

  static void assemble(Assembler a, String line) {
    String rest = line.toUpperCase(Locale.ROOT);
    if (rest.startsWith("LOCK ")) {
      a.lock();
      rest = rest.substring(5);
    }
    String[] parts = rest.split(" ", 2);
    Mnemonic mnemonic = Mnemonic.valueOf(parts[0]);
    List<Argument> arguments = new ArrayList<>();
    if (parts.length > 1) {
      for (String operand : parts[1].split(", *")) {
        arguments.add(operand(operand, takesSize(mnemonic)));
      }
    }
    a.emit(mnemonic, arguments.toArray(new Argument[0]));
  }

  /** Whether a memory operand of the instruction has a size at all in our tables. */
  private static boolean takesSize(Mnemonic mnemonic) {
    return mnemonic != Mnemonic.INVLPG;
  }

  private static Argument operand(String text, boolean sized) {
    int bracket = text.indexOf('[');
    if (bracket < 0) {
      return registerOrNumber(text);
    }
    Pointer pointer = Pointer.NOTHING;
    String head = text.substring(0, bracket);
    if (head.contains(":")) {
      int colon = head.indexOf(':');
      pointer = pointer.segment(Register.valueOf(head.substring(colon - 2, colon)));
    }
    if (head.contains("PTR") && sized) {
      String unit = head.substring(0, head.indexOf(' ')).toLowerCase(Locale.ROOT);
      pointer = pointer.bytes(BYTES.getOrDefault(unit, 0));
    }
    String inside = text.substring(bracket + 1, text.length() - 1).replace("-", "+-");
    for (String term : inside.split("\\+")) {
      if (term.contains("*")) {
        String[] factors = term.split("\\*");
        pointer = pointer.plus(Register.valueOf(factors[0]), Integer.parseInt(factors[1]));
      } else if (isRegister(term)) {
        pointer = pointer.plus(Register.valueOf(term));
      } else {
        pointer = pointer.plus(number(term));
      }
    }
    return pointer;
  }

  private static Argument registerOrNumber(String text) {
    String name = text.replaceAll("ST\\((\\d)\\)", "ST$1");
    return isRegister(name) ? Register.valueOf(name) : Arguments.imm(number(text));
  }

  private static boolean isRegister(String text) {
    for (Register register : Register.values()) {
      if (register.name().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private static long number(String text) {
    return Long.decode(text.replace("0X", "0x"));
  }
}
