package dev.hindsight.x86;

/**
 * Which ModRM bytes a row of the opcode table accepts.
 *
 * @param present whether there is a ModRM byte at all
 * @param memory whether memory forms (mod 0 to 2) match
 * @param register whether register forms (mod 3) match
 * @param reg the value that the reg field must have, or -1 for any
 * @param rm the value that the r/m field must have, or -1 for any
 */
public record ModrmForm(boolean present, boolean memory, boolean register, int reg, int rm) {
  /** No ModRM byte. */
  public static final ModrmForm ABSENT = new ModrmForm(false, false, false, -1, -1);

  /** Reads the table's notation: {@code -}, {@code /r}, {@code /rM}, {@code /3}, {@code /7R1}… */
  static ModrmForm parse(String text) {
    if (text.equals("-")) {
      return ABSENT;
    }
    int length = text.length();
    boolean valid =
        length >= 2
            && length <= 4
            && text.charAt(0) == '/'
            && "r01234567".indexOf(text.charAt(1)) >= 0
            && (length == 2 || "MR".indexOf(text.charAt(2)) >= 0)
            && (length < 4 || "01234567".indexOf(text.charAt(3)) >= 0);
    if (!valid) {
      throw new IllegalArgumentException("not a ModRM form: " + text);
    }
    int reg = text.charAt(1) == 'r' ? -1 : text.charAt(1) - '0';
    boolean any = length == 2;
    boolean memory = any || text.charAt(2) == 'M';
    boolean register = any || text.charAt(2) == 'R';
    int rm = length == 4 ? text.charAt(3) - '0' : -1;
    return new ModrmForm(true, memory, register, reg, rm);
  }

  /** Whether a ModRM byte of these fields is one of them. */
  boolean accepts(int mod, int regField, int rmField) {
    return (mod == 3 ? register : memory)
        && (reg < 0 || reg == regField)
        && (rm < 0 || rm == rmField);
  }
}
