package dev.hindsight.timeline;

import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.MachineDescription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A machine's description as text: a title, lines of "key = value", and a last line with the
 * checksum of all that precedes it.
 */
final class DescriptionFormat {
  private static final String TITLE = "hindsight recording 1";
  private static final String CHECKSUM = "crc32c";
  private static final String IMAGE = "image";

  private DescriptionFormat() {}

  static byte[] write(MachineDescription d) {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    line(text, "behaviour-version", d.behaviourVersion());
    line(text, "chipset", d.chipset());
    line(text, "cpu-model", d.cpuModel());
    line(text, "vcpus", d.vcpus());
    line(text, "memory-bytes", d.memoryBytes());
    line(text, "quantum", d.quantum());
    line(text, "ticks-per-second", d.ticksPerSecond());
    line(text, "power-on-time", d.powerOnTime());
    line(text, "seed", d.seed());
    for (ImageDescription i : d.images()) {
      line(
          text,
          IMAGE,
          "%s %d %d %s %s"
              .formatted(
                  i.place().name().toLowerCase(Locale.ROOT),
                  i.address(),
                  i.bytes(),
                  i.sha256(),
                  i.name()));
    }
    line(text, CHECKSUM, checksum(text.toString()));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String key, Object value) {
    String v = value.toString();
    if (v.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a description is written in lines");
    }
    text.append(key).append(" = ").append(v).append('\n');
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  static MachineDescription read(byte[] bytes) throws RecordingException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!text.startsWith("hindsight recording ")) {
      throw new RecordingException("This is not the description of a recording.");
    }
    if (!text.startsWith(TITLE + "\n")) {
      throw new RecordingException(
          "The recording has a format that this release cannot read: "
              + text.lines().findFirst().orElse("")
              + ".");
    }
    int last = text.lastIndexOf('\n' + CHECKSUM + " = ") + 1;
    if (last == 0
        || !text.substring(last)
            .equals(CHECKSUM + " = " + checksum(text.substring(0, last)) + "\n")) {
      throw new RecordingException("The description of the recording is damaged.");
    }
    Map<String, String> values = new TreeMap<>();
    List<ImageDescription> images = new ArrayList<>();
    try {
      for (String line : text.substring(TITLE.length() + 1, last).split("\n")) {
        int equals = line.indexOf(" = ");
        String value = line.substring(equals + 3);
        if (line.startsWith(IMAGE + " = ")) {
          images.add(image(value));
        } else {
          values.put(line.substring(0, equals), value);
        }
      }
      return description(values, images);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new RecordingException(
          "The description of the recording does not make sense: " + e.getMessage() + ".");
    }
  }

  private static ImageDescription image(String value) {
    String[] fields = value.split(" ", 5);
    return new ImageDescription(
        fields[4],
        ImageDescription.Place.valueOf(fields[0].toUpperCase(Locale.ROOT)),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        fields[3]);
  }

  private static MachineDescription description(
      Map<String, String> values, List<ImageDescription> images) {
    return new MachineDescription(
        (int) number(values, "behaviour-version"),
        text(values, "chipset"),
        text(values, "cpu-model"),
        (int) number(values, "vcpus"),
        number(values, "memory-bytes"),
        number(values, "quantum"),
        number(values, "ticks-per-second"),
        number(values, "power-on-time"),
        number(values, "seed"),
        images,
        List.of());
  }

  private static long number(Map<String, String> values, String key) {
    return Long.parseLong(text(values, key));
  }

  private static String text(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }
}
