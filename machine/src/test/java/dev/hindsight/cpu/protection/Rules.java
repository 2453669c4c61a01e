package dev.hindsight.cpu.protection;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manual's checks as a text file: for each kind of transfer a list of conditions, in the order
 * in which the manual lists them, and what the first one that holds leads to.
 *
 * <p>A line is {@code kind | condition & condition … | result}. A condition is {@code name}, {@code
 * !name}, or two names or numbers with one of {@code = != < > <= >=} between them; {@code always}
 * holds. In a result, {@code (name)} stands for the error code that names the selector of that
 * name, {@code (name+ext)} for the same with the value of {@code ext} as its EXT bit. {@code goto
 * kind} goes on with another list.
 */
final class Rules {
  private static final Pattern COMPARISON = Pattern.compile("(\\w+)\\s*(=|!=|<=|>=|<|>)\\s*(\\w+)");
  private static final Pattern ERROR_CODE = Pattern.compile("\\((\\w+)(?:\\+(\\w+))?\\)");

  private record Rule(String kind, List<String> conditions, String result) {}

  private final List<Rule> rules = new ArrayList<>();

  private Rules() {}

  /** Reads a file that lies beside this class. */
  static Rules load(String file) {
    Rules r = new Rules();
    try (InputStream in = Objects.requireNonNull(Rules.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().map(line -> line.replaceFirst("#(?![A-Z]).*", "")).forEach(r::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return r;
  }

  private void add(String line) {
    if (line.isBlank()) {
      return;
    }
    String[] parts = line.split("\\|", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(line);
    }
    List<String> conditions = new ArrayList<>();
    for (String c : parts[1].split("&", -1)) {
      conditions.add(c.trim());
    }
    rules.add(new Rule(parts[0].trim(), conditions, parts[2].trim()));
  }

  /** What a case is to end with. */
  String expect(String kind, Map<String, Integer> values) {
    for (Rule rule : rules) {
      if (rule.kind.equals(kind) && rule.conditions.stream().allMatch(c -> holds(c, values))) {
        return rule.result.startsWith("goto ")
            ? expect(rule.result.substring(5), values)
            : resolve(rule.result, values);
      }
    }
    throw new IllegalArgumentException("no rule for " + kind + " " + values);
  }

  private static boolean holds(String condition, Map<String, Integer> values) {
    if (condition.equals("always")) {
      return true;
    }
    Matcher m = COMPARISON.matcher(condition);
    if (m.matches()) {
      int a = value(m.group(1), values);
      int b = value(m.group(3), values);
      return switch (m.group(2)) {
        case "=" -> a == b;
        case "!=" -> a != b;
        case "<" -> a < b;
        case ">" -> a > b;
        case "<=" -> a <= b;
        default -> a >= b;
      };
    }
    boolean negated = condition.startsWith("!");
    return (value(negated ? condition.substring(1) : condition, values) != 0) != negated;
  }

  private static int value(String name, Map<String, Integer> values) {
    if (Character.isDigit(name.charAt(0))) {
      return Integer.decode(name);
    }
    return Objects.requireNonNull(values.get(name), name);
  }

  private static String resolve(String result, Map<String, Integer> values) {
    Matcher m = ERROR_CODE.matcher(result);
    if (!m.find()) {
      return result;
    }
    int code = value(m.group(1), values);
    if (!Character.isDigit(m.group(1).charAt(0)) && !m.group(1).equals("idt")) {
      code &= 0xFFFC;
    }
    if (m.group(2) != null) {
      code |= value(m.group(2), values);
    }
    return m.replaceFirst("(%04x)".formatted(code));
  }
}
