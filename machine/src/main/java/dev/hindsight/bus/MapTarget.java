package dev.hindsight.bus;

import dev.hindsight.memory.GuestRam;

/** What answers in a range of a {@link PhysicalMap}. */
public sealed interface MapTarget {
  /** Nobody: reads give all ones, writes vanish. */
  MapTarget NOTHING = new Nothing();

  /** The same target, beginning so many bytes further on. */
  MapTarget from(long bytes);

  /**
   * Memory: RAM, or a ROM if it is a target of reads only.
   *
   * @param ram the memory
   * @param offset where the range begins within it, in bytes
   */
  record Memory(GuestRam ram, long offset) implements MapTarget {
    @Override
    public MapTarget from(long bytes) {
      return new Memory(ram, offset + bytes);
    }
  }

  /**
   * Registers of a device.
   *
   * @param region the registers
   * @param offset where the range begins within them, in bytes
   * @param widest the widest access in bytes that the device takes: 1, 2, 4 or 8; wider ones come
   *     to it as several, from the lowest address up
   */
  record Registers(IoRegion region, long offset, int widest) implements MapTarget {
    @Override
    public MapTarget from(long bytes) {
      return new Registers(region, offset + bytes, widest);
    }
  }

  /** Nobody. */
  record Nothing() implements MapTarget {
    @Override
    public MapTarget from(long bytes) {
      return this;
    }
  }
}
