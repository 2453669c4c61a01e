package dev.hindsight.cli.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A loadable module of a Linux kernel: an ELF object whose section {@code .modinfo} has strings of
 * the form {@code key=value}, each ended by NUL.
 *
 * @param path in the file system, such as {@code lib/modules/6.1.0/kernel/fs/ext4/ext4.ko}
 * @param content the file, not compressed
 * @param information the strings of {@code .modinfo}
 */
record KernelModule(String path, byte[] content, List<String> information) {
  /**
   * Reads a module.
   *
   * @throws GuestException if it is none
   */
  static KernelModule parse(String path, byte[] content) throws GuestException {
    try {
      return new KernelModule(path, content, strings(section(content, ".modinfo")));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new GuestException(path + " is not a kernel module; try again with --update.", e);
    }
  }

  /** A module's name: that of its file without ending, with an underscore for each hyphen. */
  static String name(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.indexOf(".ko");
    return normalized(dot < 0 ? file : file.substring(0, dot));
  }

  /** The kernel makes no difference between hyphen and underscore in names of modules. */
  static String normalized(String name) {
    return name.replace('-', '_');
  }

  /** Its name. */
  String name() {
    return name(path);
  }

  /** The names of the modules whose symbols it uses. */
  List<String> dependencies() {
    return words("depends=", ",");
  }

  /** The names, or aliases of names, of the modules to load before it, if they exist. */
  List<String> softDependencies() {
    List<String> before = new ArrayList<>();
    for (String value : values("softdep=").toList()) {
      boolean pre = false;
      for (String word : value.split("\\s+")) {
        if (word.endsWith(":")) {
          pre = word.equals("pre:");
        } else if (pre) {
          before.add(normalized(word));
        }
      }
    }
    return before;
  }

  /** Other names that it is asked for by; some are patterns. */
  List<String> aliases() {
    return values("alias=").toList();
  }

  private Stream<String> values(String key) {
    return information.stream().filter(s -> s.startsWith(key)).map(s -> s.substring(key.length()));
  }

  private List<String> words(String key, String separator) {
    return values(key)
        .flatMap(value -> Stream.of(value.split(separator)))
        .filter(word -> !word.isBlank())
        .map(word -> normalized(word.strip()))
        .toList();
  }

  private static List<String> strings(ByteBuffer section) {
    String text = StandardCharsets.ISO_8859_1.decode(section).toString();
    return Stream.of(text.split("\0")).filter(s -> !s.isEmpty()).toList();
  }

  /** A section of a little-endian ELF file of either class (elf(5)). */
  private static ByteBuffer section(byte[] content, String name) {
    ByteBuffer elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (elf.getInt(0) != 0x464C457F) {
      throw new IllegalArgumentException("no ELF magic");
    }
    boolean wide = elf.get(4) == 2;
    long headers = wide ? elf.getLong(0x28) : elf.getInt(0x20);
    int headerSize = elf.getShort(wide ? 0x3A : 0x2E) & 0xFFFF;
    int count = elf.getShort(wide ? 0x3C : 0x30) & 0xFFFF;
    int names = elf.getShort(wide ? 0x3E : 0x32) & 0xFFFF;
    ByteBuffer strings = contents(elf, wide, headers + (long) names * headerSize);
    for (int i = 0; i < count; i++) {
      long header = headers + (long) i * headerSize;
      if (nameAt(strings, elf.getInt(index(header))).equals(name)) {
        return contents(elf, wide, header);
      }
    }
    throw new IllegalArgumentException("no section " + name);
  }

  private static ByteBuffer contents(ByteBuffer elf, boolean wide, long header) {
    int at = index(header);
    int offset = wide ? index(elf.getLong(at + 0x18)) : elf.getInt(at + 0x10);
    int size = wide ? index(elf.getLong(at + 0x20)) : elf.getInt(at + 0x14);
    return elf.slice(offset, size);
  }

  private static String nameAt(ByteBuffer strings, int offset) {
    int end = offset;
    while (strings.get(end) != 0) {
      end++;
    }
    return StandardCharsets.ISO_8859_1.decode(strings.slice(offset, end - offset)).toString();
  }

  private static int index(long offset) {
    if (offset < 0 || offset > Integer.MAX_VALUE) {
      throw new IndexOutOfBoundsException(offset);
    }
    return (int) offset;
  }
}
