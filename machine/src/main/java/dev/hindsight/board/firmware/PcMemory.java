package dev.hindsight.board.firmware;

import dev.hindsight.board.acpi.AcpiTables;
import java.util.ArrayList;
import java.util.List;

/**
 * Where RAM is, as firmware tells it: up to 3 GiB, less what is not to be used below 1 MiB, and the
 * rest from 4 GiB on.
 *
 * @param bytes size of RAM
 */
public record PcMemory(long bytes) {
  /** End of the RAM below 640 KiB that may be used; behind it firmware has data of its own. */
  public static final long CONVENTIONAL_END = 0x9_FC00;

  /** Bytes from there up to 640 KiB. */
  public static final long EXTENDED_DATA_BYTES = 0x400;

  /** Where RAM begins again. */
  public static final long HIGH = 0x10_0000;

  private static final long GRAPHICS = 0xA_0000;
  private static final long HOLE = 3L << 30;
  private static final long ABOVE_HOLE = 4L << 30;

  /** RAM, or memory that is not to be touched. */
  public enum Kind {
    /** Free to be used. */
    USABLE(1),
    /** In use by firmware. */
    RESERVED(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** Its number in the map of INT 15h, E820h, which boot protocols take over. */
    public int number() {
      return number;
    }
  }

  /** A range of the map. */
  public record Range(long start, long length, Kind kind) {}

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if RAM does not reach beyond 1 MiB
   */
  public PcMemory {
    if (bytes <= HIGH) {
      throw new IllegalArgumentException("a PC needs more than 1 MiB of memory");
    }
  }

  /** End of the RAM below 4 GiB. */
  public long lowEnd() {
    return Math.min(bytes, HOLE);
  }

  /**
   * Where RAM answers: from 0 on, and from 4 GiB on if it is too much for the space below 3 GiB.
   */
  public List<Range> banks() {
    List<Range> banks = new ArrayList<>();
    banks.add(range(0, lowEnd(), Kind.USABLE));
    if (bytes > HOLE) {
      banks.add(range(ABOVE_HOLE, ABOVE_HOLE + bytes - HOLE, Kind.USABLE));
    }
    return banks;
  }

  /** The map, in order of address. */
  public List<Range> map() {
    List<Range> map = new ArrayList<>();
    map.add(range(0, CONVENTIONAL_END, Kind.USABLE));
    map.add(range(CONVENTIONAL_END, GRAPHICS, Kind.RESERVED));
    map.add(range(AcpiTables.ADDRESS, AcpiTables.AREA_END, Kind.RESERVED));
    map.add(range(HIGH, lowEnd(), Kind.USABLE));
    if (bytes > HOLE) {
      map.add(range(ABOVE_HOLE, ABOVE_HOLE + bytes - HOLE, Kind.USABLE));
    }
    return map;
  }

  private static Range range(long start, long end, Kind kind) {
    return new Range(start, end - start, kind);
  }
}
