package dev.hindsight.board;

import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.memory.GuestRam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where RAM and ROMs are in the physical address space of a PC: RAM from 0 up to 3 GiB, the rest of
 * it from 4 GiB on (chips have the space between), ROMs where their images say.
 */
final class MemoryLayout implements AutoCloseable {
  private static final long HOLE = 3L << 30;
  private static final long ABOVE_HOLE = 4L << 30;
  private static final byte ERASED = (byte) 0xFF;

  private final List<GuestRam> roms = new ArrayList<>();

  /** Maps RAM and ROMs. */
  MemoryLayout(PhysicalMap map, GuestRam ram, List<Image> images) {
    long low = Math.min(ram.bytes(), HOLE);
    map.mapRam(0, ram, 0, low);
    if (ram.bytes() > low) {
      map.mapRam(ABOVE_HOLE, ram, low, ram.bytes() - low);
    }
    for (Image image : images) {
      if (image.description().place() == ImageDescription.Place.ROM) {
        mapRom(map, image);
      }
    }
  }

  /** A ROM chip has whole pages; what the image leaves of the last one is erased. */
  private void mapRom(PhysicalMap map, Image image) {
    byte[] bytes = image.bytes();
    int pages = Math.max(1, Math.ceilDiv(bytes.length, GuestRam.PAGE_BYTES));
    byte[] chip = Arrays.copyOf(bytes, pages * GuestRam.PAGE_BYTES);
    Arrays.fill(chip, bytes.length, chip.length, ERASED);
    GuestRam rom = new GuestRam(chip.length);
    rom.write(0, chip, 0, chip.length);
    roms.add(rom);
    map.mapRom(image.description().address(), rom, 0, chip.length);
  }

  /** Puts the images into RAM that are there at power-on. */
  static void load(PhysicalMap map, List<Image> images) {
    for (Image image : images) {
      if (image.description().place() == ImageDescription.Place.RAM) {
        byte[] bytes = image.bytes();
        map.write(image.description().address(), bytes, 0, bytes.length);
      }
    }
  }

  @Override
  public void close() {
    roms.forEach(GuestRam::close);
  }
}
