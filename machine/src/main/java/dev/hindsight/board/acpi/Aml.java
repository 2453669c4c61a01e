package dev.hindsight.board.acpi;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A piece of AML: data, references, and objects with a name (ACPI 17.2). Statements and expressions
 * are made by {@link AmlCode}.
 */
final class Aml {
  /** Where an operation region is. */
  enum Space {
    SYSTEM_IO(1),
    PCI_CONFIGURATION(2);

    private final int number;

    Space(int number) {
      this.number = number;
    }
  }

  /**
   * A named field of a region.
   *
   * @param name four characters
   * @param bits its width
   */
  record Field(String name, int bits) {}

  private static final int NAME = 0x08;
  private static final int STRING = 0x0D;
  private static final int SCOPE = 0x10;
  private static final int BUFFER = 0x11;
  private static final int PACKAGE = 0x12;
  private static final int METHOD = 0x14;
  private static final int DUAL_NAME = 0x2E;
  private static final int MULTI_NAME = 0x2F;
  private static final int EXTENDED = 0x5B;
  private static final int REGION = 0x80;
  private static final int FIELD = 0x81;
  private static final int DEVICE = 0x82;
  private static final int BYTE_ACCESS = 1;
  private static final int SERIALIZED = 1 << 3;
  private static final int SEGMENT = 4;

  private final byte[] bytes;

  private Aml(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A piece with these bytes. */
  static Aml of(TableBytes bytes) {
    return new Aml(bytes.toByteArray());
  }

  /** Its bytes. */
  byte[] encoded() {
    return bytes.clone();
  }

  /** An integer constant, unsigned, in the shortest form. */
  static Aml integer(long value) {
    TableBytes b = new TableBytes();
    if (value == 0 || value == 1) {
      b.bytes((int) value);
    } else if (value >>> 8 == 0) {
      b.bytes(0x0A, (int) value);
    } else if (value >>> 16 == 0) {
      b.bytes(0x0B).word((int) value);
    } else if (value >>> 32 == 0) {
      b.bytes(0x0C).dword(value);
    } else {
      b.bytes(0x0E).qword(value);
    }
    return of(b);
  }

  /** A string of ASCII characters. */
  static Aml string(String text) {
    return of(new TableBytes().bytes(STRING).ascii(text).bytes(0));
  }

  /**
   * The identification of a device, such as {@code PNP0A03}, compressed into an integer of 32 bits
   * (ACPI 18.3.1, EISAID).
   */
  static Aml eisaId(String id) {
    int letters = (id.charAt(0) & 31) << 10 | (id.charAt(1) & 31) << 5 | id.charAt(2) & 31;
    int product = Integer.parseInt(id.substring(3), 16);
    return of(new TableBytes().bytes(0x0C, letters >> 8, letters, product >> 8, product));
  }

  /** A buffer with these bytes. */
  static Aml buffer(byte[] contents) {
    TableBytes size = new TableBytes().bytes(integer(contents.length).bytes);
    return of(packaged(BUFFER, size.bytes(contents)));
  }

  /** A package of at most 255 elements. */
  static Aml packageOf(Aml... elements) {
    return packageOf(List.of(elements));
  }

  /** A package of at most 255 elements. */
  static Aml packageOf(List<Aml> elements) {
    if (elements.size() > 255) {
      throw new IllegalArgumentException("a package has at most 255 elements");
    }
    TableBytes body = new TableBytes().bytes(elements.size());
    elements.forEach(element -> body.bytes(element.bytes));
    return of(packaged(PACKAGE, body));
  }

  /** A reference to an object by its path, such as {@code \_SB.LNKA}. */
  static Aml path(String path) {
    return of(nameString(path));
  }

  /** An object with a name. */
  static Aml name(String path, Aml value) {
    return of(
        new TableBytes().bytes(NAME).bytes(nameString(path).toByteArray()).bytes(value.bytes));
  }

  /** Puts objects into a scope that exists already. */
  static Aml scope(String path, List<Aml> objects) {
    return of(packaged(SCOPE, body(nameString(path), objects)));
  }

  /** A device and what belongs to it. */
  static Aml device(String path, Aml... objects) {
    return device(path, List.of(objects));
  }

  /** A device and what belongs to it. */
  static Aml device(String path, List<Aml> objects) {
    TableBytes rest = packaged(DEVICE, body(nameString(path), objects));
    return of(new TableBytes().bytes(EXTENDED).bytes(rest.toByteArray()));
  }

  /** A method that is executed by one thread at a time. */
  static Aml method(String path, int arguments, Aml... statements) {
    TableBytes head = nameString(path).bytes(arguments | SERIALIZED);
    return of(packaged(METHOD, body(head, List.of(statements))));
  }

  /** An operation region. */
  static Aml region(String path, Space space, long offset, long length) {
    return of(
        new TableBytes()
            .bytes(EXTENDED, REGION)
            .bytes(nameString(path).toByteArray())
            .bytes(space.number)
            .bytes(integer(offset).bytes)
            .bytes(integer(length).bytes));
  }

  /** Fields of a region, from its begin, one after another; it is accessed by bytes. */
  static Aml fields(String region, Field... fields) {
    TableBytes body = nameString(region).bytes(BYTE_ACCESS);
    for (Field field : fields) {
      body.bytes(nameString(field.name).toByteArray()).bytes(length(field.bits, 0).toByteArray());
    }
    TableBytes rest = packaged(FIELD, body);
    return of(new TableBytes().bytes(EXTENDED).bytes(rest.toByteArray()));
  }

  /** Opcode, length of the rest, and the rest. */
  static TableBytes packaged(int opcode, TableBytes body) {
    byte[] contents = body.toByteArray();
    TableBytes length = length(contents.length, 1);
    return new TableBytes().bytes(opcode).bytes(length.toByteArray()).bytes(contents);
  }

  /** What a head is followed by. */
  static TableBytes body(TableBytes head, List<Aml> rest) {
    rest.forEach(piece -> head.bytes(piece.bytes));
    return head;
  }

  /**
   * A package length (ACPI 17.2.4): 6 bits in one byte, or 4 bits and up to three bytes more.
   *
   * @param counted 1 if the bytes of the length count too, else 0
   */
  private static TableBytes length(int value, int counted) {
    if (value + counted < 1 << 6) {
      return new TableBytes().bytes(value + counted);
    }
    int more = 1;
    while (value + (more + 1) * counted >= 1 << 4 + 8 * more) {
      more++;
    }
    int total = value + (more + 1) * counted;
    TableBytes length = new TableBytes().bytes(more << 6 | total & 0xF);
    for (int i = 0; i < more; i++) {
      length.bytes(total >> 4 + 8 * i);
    }
    return length;
  }

  /** A path: a root or parent prefix, and segments of up to four characters, filled with _. */
  private static TableBytes nameString(String path) {
    int start = 0;
    while (start < path.length() && (path.charAt(start) == '\\' || path.charAt(start) == '^')) {
      start++;
    }
    TableBytes b = new TableBytes().ascii(path.substring(0, start));
    List<String> segments = List.of(path.substring(start).split("\\.", -1));
    if (segments.size() == 2) {
      b.bytes(DUAL_NAME);
    } else if (segments.size() > 2) {
      b.bytes(MULTI_NAME, segments.size());
    }
    for (String segment : segments) {
      byte[] characters = segment.getBytes(StandardCharsets.US_ASCII);
      if (characters.length == 0 || characters.length > SEGMENT) {
        throw new IllegalArgumentException("a name has one to four characters: " + path);
      }
      b.bytes(characters);
      for (int i = characters.length; i < SEGMENT; i++) {
        b.bytes('_');
      }
    }
    return b;
  }
}
