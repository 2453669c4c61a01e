package dev.hindsight.x86;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings the text of objdump and that of our disassembler to one spelling, so that what remains
 * different is a difference in decoding.
 */
final class ObjdumpSyntax {
  private static final Set<String> PREFIXES =
      Set.of(
          "rep",
          "repz",
          "repnz",
          "repe",
          "repne",
          "bnd",
          "notrack",
          "xacquire",
          "xrelease",
          "data16",
          "data32",
          "addr16",
          "addr32",
          "cs",
          "ds",
          "es",
          "ss",
          "fs",
          "gs",
          "lock");
  private static final Pattern COMPARE =
      Pattern.compile(
          "(v?cmp)(eq|lt|le|unord|neq|nlt|nle|ord|eq_uq|nge|ngt|false|neq_oq|ge|gt|true|eq_os"
              + "|lt_oq|le_oq|unord_s|neq_us|nlt_uq|nle_uq|ord_s|eq_us|nge_uq|ngt_uq|false_os"
              + "|neq_os|ge_oq|gt_oq|true_us)(ps|pd|ss|sd)");
  private static final List<String> PREDICATES =
      List.of(
          "eq",
          "lt",
          "le",
          "unord",
          "neq",
          "nlt",
          "nle",
          "ord",
          "eq_uq",
          "nge",
          "ngt",
          "false",
          "neq_oq",
          "ge",
          "gt",
          "true",
          "eq_os",
          "lt_oq",
          "le_oq",
          "unord_s",
          "neq_us",
          "nlt_uq",
          "nle_uq",
          "ord_s",
          "eq_us",
          "nge_uq",
          "ngt_uq",
          "false_os",
          "neq_os",
          "ge_oq",
          "gt_oq",
          "true_us");
  private static final Pattern MULTIPLY = Pattern.compile("(v?pclmul)(l|h)q(l|h)qdq");

  private static final Pattern BARE_TARGET = Pattern.compile("[0-9a-f]+");

  private static final Pattern NEGATIVE = Pattern.compile("\\+0x(f{8}[0-9a-f]{8})\\]");

  private static final Pattern MEMORY_OFFSET =
      Pattern.compile("([er]?a[xl],)?([A-Z]+ PTR )?[c-gs]s:0x[0-9a-f]+(,[er]?a[xl])?");

  private static final Pattern MOVE_TO_SEGMENT = Pattern.compile("mov [c-gs]s,[a-z0-9]+");
  private static final Pattern ABSOLUTE =
      Pattern.compile("([c-gs]s:)?\\[[er]iz\\*\\d([+-])0x([0-9a-f]+)\\]");
  private static final Pattern LAST_REGISTER = Pattern.compile("(.*,)([a-z0-9]+)");

  private final CodeMode mode;
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> unsized = new HashSet<>();
  private final Set<String> implied = new HashSet<>();
  private final Set<String> words = new HashSet<>();

  /** Reads the synonyms and the instructions whose memory size objdump leaves out. */
  ObjdumpSyntax(CodeMode mode) {
    this.mode = mode;
    for (String line : lines("objdump-names.txt")) {
      String[] words = line.split("\\s+", -1);
      switch (words[0]) {
        case "unsized" -> unsized.add(words[1]);
        case "implied" -> implied.add(words[1]);
        case "word" -> this.words.add(words[1]);
        default -> names.put(words[0], words[1]);
      }
    }
  }

  /** The lines of a text file beside this class that are not empty and no comments. */
  static List<String> lines(String resource) {
    try (InputStream in = ObjdumpSyntax.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a line of objdump is prefixes that it could not attach to an instruction. */
  static boolean isPrefixOnly(String text) {
    for (String word : text.split("\\s+", -1)) {
      if (!isPrefix(word)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrefix(String word) {
    return PREFIXES.contains(word) || word.equals("rex") || word.startsWith("rex.");
  }

  /** The mnemonic of a line of objdump, without prefixes. */
  static String mnemonic(String text) {
    for (String word : text.split("\\s+", -1)) {
      if (!isPrefix(word)) {
        return word;
      }
    }
    return text;
  }

  /**
   * The common spelling of either disassembler's text.
   *
   * @param targetBits size of the instruction pointer that a branch writes, 0 for other
   *     instructions; objdump does not always wrap targets
   */
  String canonical(String text, int targetBits) {
    String rest =
        text.replaceAll("\\(8087 only\\)|\\(287 only\\)", "")
            .replaceAll("\\s*#.*", "")
            .replaceAll("\\s*<.*>", "")
            .strip();
    boolean lock = false;
    while (true) {
      int space = rest.indexOf(' ');
      String word = space < 0 ? rest : rest.substring(0, space);
      if (space < 0 || !isPrefix(word)) {
        break;
      }
      lock |= word.equals("lock");
      rest = rest.substring(space).strip();
    }
    int space = rest.indexOf(' ');
    String name = space < 0 ? rest : rest.substring(0, space);
    String operands = space < 0 ? "" : rest.substring(space).strip();
    Matcher compare = COMPARE.matcher(name);
    if (compare.matches()) {
      name = compare.group(1) + compare.group(3);
      operands += ",0x" + Integer.toHexString(PREDICATES.indexOf(compare.group(2)));
    }
    Matcher multiply = MULTIPLY.matcher(name);
    if (multiply.matches()) {
      name = multiply.group(1) + "qdq";
      int selector =
          (multiply.group(2).equals("h") ? 1 : 0) | (multiply.group(3).equals("h") ? 16 : 0);
      operands += ",0x" + Integer.toHexString(selector);
    }
    name = names.getOrDefault(name, name);
    if (BARE_TARGET.matcher(operands).matches()) {
      operands = "0x" + operands;
    }
    if (targetBits != 0 && operands.startsWith("0x")) {
      long target = Long.parseUnsignedLong(operands, 2, operands.length(), 16);
      operands =
          "0x" + Long.toHexString(targetBits == 64 ? target : target & (1L << targetBits) - 1);
    }
    if (name.equals("xchg") && operands.matches("[er]?ax,[er]?ax")) {
      return lock ? "lock nop " : "nop ";
    }
    if (implied.contains(name)) {
      operands = operands.replaceAll(",?([A-Z]+ PTR )?([c-gs]s:)?\\[.*", "");
    }
    if (words.contains(name) || MOVE_TO_SEGMENT.matcher(name + " " + operands).matches()) {
      operands = word(operands);
    }
    operands = address(operands.replace("OWORD PTR", "XMMWORD PTR"));
    if (unsized.contains(name) || MEMORY_OFFSET.matcher(operands).matches()) {
      operands = operands.replaceAll("[A-Z]+ PTR ", "");
    }
    Matcher negative = NEGATIVE.matcher(operands);
    if (negative.find()) {
      long value = -Long.parseUnsignedLong(negative.group(1), 16);
      operands = negative.replaceFirst("-0x" + Long.toHexString(value) + "]");
    }
    if (operands.endsWith(",1")) {
      operands = operands.substring(0, operands.length() - 1) + "0x1";
    }
    operands = operands.replaceAll("\\+0x0\\]", "]").replace("st(0)", "st").replace(" ", "");
    return (lock ? "lock " : "") + name + " " + operands;
  }

  /** Takes away what objdump shows of an address beyond its meaning. */
  private String address(String operands) {
    Matcher absolute = ABSOLUTE.matcher(operands);
    if (absolute.find()) {
      long value = Long.parseUnsignedLong(absolute.group(3), 16);
      if (absolute.group(2).equals("-")) {
        value = mode == CodeMode.BITS64 ? -value : -value & 0xFFFF_FFFFL;
      }
      String segment = absolute.group(1) == null ? "ds:" : absolute.group(1);
      operands = absolute.replaceFirst(segment + "0x" + Long.toHexString(value));
    }
    return operands
        .replaceAll("\\+[er]iz\\*\\d", "")
        .replaceAll("ss:\\[([er]?[bs]p)", "[$1")
        .replaceAll("ds:\\[(?![er]?[bs]p)", "[");
  }

  /** Names the last operand, if it is a general register, by its low 16 bits. */
  private static String word(String operands) {
    Matcher last = LAST_REGISTER.matcher(operands);
    if (!last.matches()) {
      return operands;
    }
    String register = last.group(2);
    if (register.matches("r\\d+[dw]?")) {
      return last.group(1) + register.replaceAll("[dw]", "") + "w";
    }
    return last.group(1) + (register.length() == 3 ? register.substring(1) : register);
  }
}
