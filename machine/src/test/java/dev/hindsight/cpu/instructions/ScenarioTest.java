package dev.hindsight.cpu.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.GuestFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Single instructions, one to a line of text: {@code model/mode | settings | bytes | expectation |
 * remark}. Settings and expectations are {@code name=value} in hexadecimal; an expectation may also
 * be a fault, {@code #GP(0)}. What the expectation does not mention must be as before; {@code
 * name=?} exempts something, {@code flags=?} the six arithmetic flags.
 */
class ScenarioTest {
  private static final List<String> ARITHMETIC = List.of("cf", "pf", "af", "zf", "sf", "of");

  @ParameterizedTest
  @CsvSource({"general.txt, 270", "system.txt, 380", "vector.txt, 70"})
  void scenariosHold(String file, int atLeast) throws IOException {
    List<String> failures = new ArrayList<>();
    int count = 0;
    for (String line : lines(file)) {
      count++;
      String failure = run(line);
      if (!failure.isEmpty()) {
        failures.add(line + "\n      " + failure);
      }
    }
    assertThat(failures).isEmpty();
    assertThat(count).isGreaterThanOrEqualTo(atLeast);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = ScenarioTest.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII))) {
      return reader.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
    }
  }

  /** What is wrong, or nothing. */
  private static String run(String line) {
    String[] columns = line.split("\\|", -1);
    String[] place = columns[0].trim().split("/", -1);
    boolean hasModel = place.length == 2;
    String mode = place[hasModel ? 1 : 0];
    try (ScenarioMachine machine =
        new ScenarioMachine(CpuModels.byName(hasModel ? place[0] : "v3"))) {
      ScenarioState state = new ScenarioState(machine);
      machine.enter(ScenarioMachine.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
      for (String word : words(columns[1])) {
        state.set(name(word), value(word));
      }
      machine.cpu().updateMode();
      Map<String, Long> before = new HashMap<>();
      for (String name : ScenarioState.WATCHED) {
        before.put(name, state.get(name));
      }
      byte[] code = HexFormat.of().parseHex(columns[2].replace(" ", ""));
      long next = machine.cpu().rip() + code.length;
      String fault = "";
      try {
        machine.execute(code);
      } catch (GuestFault e) {
        fault = describe(e);
      }
      return compare(state, before, words(columns[3]), fault, next);
    }
  }

  private static String compare(
      ScenarioState state,
      Map<String, Long> before,
      List<String> expected,
      String fault,
      long next) {
    StringBuilder wrong = new StringBuilder();
    Set<String> mentioned = new HashSet<>();
    String expectedFault = "";
    for (String word : expected) {
      if (word.startsWith("#")) {
        expectedFault = word;
      } else if (word.equals("flags=?")) {
        mentioned.addAll(ARITHMETIC);
      } else {
        String name = name(word);
        mentioned.add(ScenarioState.whole(name));
        mentioned.add(name);
        if (!word.endsWith("=?") && state.get(name) != value(word)) {
          wrong.append(name).append(" is ").append(Long.toHexString(state.get(name))).append(' ');
        }
      }
    }
    if (!fault.equals(expectedFault)) {
      wrong.append("fault is ").append(fault).append(' ');
    }
    if (fault.isEmpty() && !mentioned.contains("rip") && state.get("rip") != next) {
      wrong.append("rip is ").append(Long.toHexString(state.get("rip"))).append(' ');
    }
    for (String name : ScenarioState.WATCHED) {
      long old = Objects.requireNonNull(before.get(name));
      if (!mentioned.contains(name) && state.get(name) != old) {
        wrong.append(name).append(" became ").append(Long.toHexString(state.get(name))).append(' ');
      }
    }
    return wrong.toString();
  }

  private static String describe(GuestFault fault) {
    String code = "(" + Integer.toHexString(fault.errorCode()) + ")";
    return "#" + fault.vector() + (fault.vector().hasErrorCode() ? code : "");
  }

  private static List<String> words(String column) {
    String text = column.trim();
    return text.isEmpty() ? List.of() : List.of(text.split(" +"));
  }

  private static String name(String word) {
    return word.substring(0, word.indexOf('='));
  }

  private static long value(String word) {
    return Long.parseUnsignedLong(word.substring(word.indexOf('=') + 1), 16);
  }
}
