package dev.hindsight.cli.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the archive's index says of one package: fields with a name and a value (deb822(5)).
 *
 * @param fields values by the name of the field; a value that was folded over lines is joined by
 *     spaces
 */
record ControlParagraph(Map<String, String> fields) {
  private static final Pattern RELATION = Pattern.compile("\\s*([a-z0-9][a-z0-9+.-]*)");

  /** Reads the first paragraph of a text. */
  static ControlParagraph parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = "";
    for (String line : text.lines().toList()) {
      if (line.isBlank()) {
        if (fields.isEmpty()) {
          continue;
        }
        break;
      }
      if (Character.isWhitespace(line.charAt(0))) {
        fields.computeIfPresent(name, (k, value) -> value + " " + line.strip());
        continue;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        name = line.substring(0, colon);
        fields.put(name, line.substring(colon + 1).strip());
      }
    }
    return new ControlParagraph(fields);
  }

  /** A field's value; empty if it has none. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** The package's name. */
  String name() {
    return field("Package");
  }

  /** The package's version. */
  String version() {
    return field("Version");
  }

  /** The size of the package's file in bytes; 0 if the index does not say. */
  long size() {
    String size = field("Size");
    return size.matches("[0-9]{1,18}") ? Long.parseLong(size) : 0;
  }

  /** The names of the packages that it depends on; of alternatives the first. */
  List<String> dependencies() {
    List<String> names = new ArrayList<>();
    for (String relation : field("Depends").split(",")) {
      var matcher = RELATION.matcher(relation);
      if (matcher.lookingAt()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }
}
