package dev.hindsight.timeline;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.MachineDescription;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A machine's description and its sources as text: a title, lines of "key = value", and a last line
 * with the checksum of all that precedes it.
 */
final class DescriptionFormat {
  private static final String TITLE = "hindsight recording ";
  private static final int FORMAT = 2;
  private static final String CHECKSUM = "crc32c";
  private static final String SOURCES = "[sources]\n";
  private static final String ORIGIN = "[origin]\n";

  /** Physical addresses below 4 GiB that chips have, so that RAM cannot. */
  private static final long DEVICES = 1L << 30;

  private static final String IMAGE = "image";
  private static final String DISK = "disk";
  private static final String READ_ONLY = "ro";
  private static final String WRITABLE = "rw";

  private DescriptionFormat() {}

  /** What a description's file says. */
  record Content(MachineDescription machine, Sources sources, Optional<Origin> origin) {}

  static byte[] write(MachineDescription d, Sources sources, Optional<Origin> origin) {
    StringBuilder text = new StringBuilder(TITLE).append(FORMAT).append('\n');
    machine(d, text);
    text.append(SOURCES);
    SourcesFormat.write(sources, (key, value) -> line(text, key, value));
    if (origin.isPresent()) {
      text.append(ORIGIN);
      line(text, "recording", origin.get().recording());
      line(text, "tick", origin.get().tick());
      line(text, "steps", origin.get().steps());
      line(text, "past", origin.get().past());
    }
    line(text, CHECKSUM, checksum(text.toString()));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The section of the machine alone. */
  static byte[] machine(MachineDescription d) {
    StringBuilder text = new StringBuilder();
    machine(d, text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void machine(MachineDescription d, StringBuilder text) {
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
      String place = i.place().name().toLowerCase(Locale.ROOT);
      line(
          text,
          IMAGE,
          String.join(" ", place, "" + i.address(), "" + i.bytes(), i.sha256(), i.name()));
    }
    for (DiskDescription disk : d.disks()) {
      String mode = disk.readOnly() ? READ_ONLY : WRITABLE;
      line(text, DISK, String.join(" ", "" + disk.bytes(), mode, disk.name()));
    }
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

  static Content read(byte[] bytes) throws RecordingException {
    String text = decode(bytes);
    int titleEnd = text.indexOf('\n');
    if (titleEnd < 0 || !text.startsWith(TITLE)) {
      throw new RecordingException("This is not the description of a recording.");
    }
    FormatNumber.check("description", FORMAT, text.substring(TITLE.length(), titleEnd));
    int last = text.lastIndexOf('\n' + CHECKSUM + " = ") + 1;
    if (last == 0
        || !text.substring(last)
            .equals(CHECKSUM + " = " + checksum(text.substring(0, last)) + "\n")) {
      throw damaged();
    }
    int sources = text.indexOf('\n' + SOURCES) + 1;
    if (sources == 0) {
      throw damaged();
    }
    int origin = text.indexOf('\n' + ORIGIN, sources) + 1;
    try {
      return new Content(
          machine(entries(text.substring(titleEnd + 1, sources))),
          SourcesFormat.read(
              entries(text.substring(sources + SOURCES.length(), origin == 0 ? last : origin))),
          origin == 0
              ? Optional.empty()
              : Optional.of(origin(entries(text.substring(origin + ORIGIN.length(), last)))));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      String why = e.getMessage() == null ? "" : e.getMessage();
      throw new RecordingException(
          "The description of the recording does not make sense: "
              + (why.endsWith(".") ? why : why + "."));
    }
  }

  private static String decode(byte[] bytes) throws RecordingException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw damaged();
    }
  }

  private static RecordingException damaged() {
    return new RecordingException("The description of the recording is damaged.");
  }

  /** A line of the text. */
  record Entry(String key, String value) {}

  private static List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      int equals = text.indexOf(" = ", at);
      if (equals < 0 || equals > end) {
        throw new IllegalArgumentException("a line has no value");
      }
      entries.add(new Entry(text.substring(at, equals), text.substring(equals + 3, end)));
      at = end + 1;
    }
    return entries;
  }

  private static Origin origin(List<Entry> entries) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Entry e : entries) {
      if (values.put(e.key, e.value) != null) {
        throw new IllegalArgumentException("there are two values of " + e.key);
      }
    }
    Origin origin =
        new Origin(
            text(values, "recording"),
            number(values, "tick"),
            number(values, "steps"),
            text(values, "past"));
    checkAllUsed(values);
    return origin;
  }

  private static void checkAllUsed(SortedMap<String, String> values) {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("nothing is called " + values.firstKey());
    }
  }

  private static MachineDescription machine(List<Entry> entries) {
    SortedMap<String, String> values = new TreeMap<>();
    List<ImageDescription> images = new ArrayList<>();
    List<DiskDescription> disks = new ArrayList<>();
    for (Entry e : entries) {
      switch (e.key) {
        case IMAGE -> images.add(image(e.value));
        case DISK -> disks.add(disk(e.value));
        default -> {
          if (values.put(e.key, e.value) != null) {
            throw new IllegalArgumentException("there are two values of " + e.key);
          }
        }
      }
    }
    MachineDescription machine =
        new MachineDescription(
            small(values, "behaviour-version"),
            text(values, "chipset"),
            text(values, "cpu-model"),
            small(values, "vcpus"),
            number(values, "memory-bytes"),
            number(values, "quantum"),
            number(values, "ticks-per-second"),
            number(values, "power-on-time"),
            number(values, "seed"),
            images,
            disks);
    checkAllUsed(values);
    if (machine.memoryBytes() > (1L << machine.model().physicalAddressBits()) - DEVICES) {
      throw new IllegalArgumentException("its processors cannot address so much memory");
    }
    return machine;
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

  private static DiskDescription disk(String value) {
    String[] fields = value.split(" ", 3);
    boolean readOnly = fields[1].equals(READ_ONLY);
    if (!readOnly && !fields[1].equals(WRITABLE)) {
      throw new IllegalArgumentException("a disk is ro or rw");
    }
    return new DiskDescription(fields[2], Long.parseLong(fields[0]), readOnly);
  }

  private static int small(SortedMap<String, String> values, String key) {
    return Integer.parseInt(text(values, key));
  }

  private static long number(SortedMap<String, String> values, String key) {
    return Long.parseLong(text(values, key));
  }

  private static String text(SortedMap<String, String> values, String key) {
    String value = values.remove(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }
}
