package dev.hindsight.x86;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The opcode table: every encoding that any of our CPU models knows, as data. The rows stand in
 * text files beside this class; {@code format.txt} explains the columns.
 */
public final class OpcodeTable {
  private static final List<String> FILES =
      List.of("one-byte.txt", "two-byte.txt", "x87.txt", "sse.txt", "vex.txt");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private static final OpcodeTable STANDARD = load();

  private final List<OpcodeRow> rows;
  private final Map<Mnemonic, List<OpcodeRow>> byMnemonic = new EnumMap<>(Mnemonic.class);

  private OpcodeTable(List<OpcodeRow> rows) {
    this.rows = List.copyOf(rows);
    for (OpcodeRow row : rows) {
      byMnemonic.computeIfAbsent(row.mnemonic(), m -> new ArrayList<>()).add(row);
    }
    byMnemonic.replaceAll((mnemonic, list) -> List.copyOf(list));
  }

  /** The table. */
  public static OpcodeTable standard() {
    return STANDARD;
  }

  /** All rows, in the order of the files: where several match, the first counts. */
  public List<OpcodeRow> rows() {
    return rows;
  }

  /** The rows of an instruction, in the order of the files. */
  public List<OpcodeRow> rows(Mnemonic mnemonic) {
    return byMnemonic.getOrDefault(mnemonic, List.of());
  }

  private static OpcodeTable load() {
    List<OpcodeRow> rows = new ArrayList<>();
    Map<String, OperandSpec> specs = new HashMap<>();
    for (String file : FILES) {
      try (InputStream in = OpcodeTable.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("the opcode table lacks " + file);
        }
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (!line.isBlank() && line.charAt(0) != '#') {
            rows.add(parse(line, file, number, specs));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new OpcodeTable(rows);
  }

  private static OpcodeRow parse(
      String line, String file, int number, Map<String, OperandSpec> specs) {
    try {
      return parse(List.of(BLANKS.split(line.strip())), specs);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalStateException(file + " line " + number + ": " + line, e);
    }
  }

  private static OpcodeRow parse(List<String> columns, Map<String, OperandSpec> specs) {
    String opcode = columns.get(2);
    boolean registerInOpcode = opcode.endsWith("+r");
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    for (String feature : columns.get(4).split("\\+")) {
      features.add(Feature.valueOf(feature));
    }
    List<OperandSpec> operands = new ArrayList<>();
    if (columns.size() > 6 && !columns.get(6).equals("-")) {
      for (String operand : columns.get(6).split(",")) {
        operands.add(specs.computeIfAbsent(operand, OperandSpec::parse));
      }
    }
    Set<RowAttribute> attributes = EnumSet.noneOf(RowAttribute.class);
    for (int i = 7; i < columns.size(); i++) {
      attributes.add(RowAttribute.parse(columns.get(i)));
    }
    return new OpcodeRow(
        map(columns.get(0)),
        prefix(columns.get(1)),
        Integer.parseInt(opcode.substring(0, 2), 16),
        registerInOpcode,
        ModrmForm.parse(columns.get(3)),
        Collections.unmodifiableSet(features),
        Mnemonic.valueOf(columns.get(5)),
        List.copyOf(operands),
        RowAttributes.of(attributes));
  }

  private static OpcodeMap map(String text) {
    for (OpcodeMap map : OpcodeMap.values()) {
      if (map.notation().equals(text)) {
        return map;
      }
    }
    throw new IllegalArgumentException("not an opcode map: " + text);
  }

  private static MandatoryPrefix prefix(String text) {
    for (MandatoryPrefix prefix : MandatoryPrefix.values()) {
      if (prefix.notation().equals(text)) {
        return prefix;
      }
    }
    throw new IllegalArgumentException("not a prefix: " + text);
  }
}
