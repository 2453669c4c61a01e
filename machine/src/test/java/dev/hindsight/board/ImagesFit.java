package dev.hindsight.board;

import dev.hindsight.board.ImageDescription.Place;
import java.util.Comparator;
import java.util.List;

/** What must hold for the images of any boot. */
public final class ImagesFit {
  private ImagesFit() {}

  /**
   * Checks that what is in RAM lies in it, and apart from one another.
   *
   * @param memory bytes of RAM
   * @throws IllegalStateException if not
   */
  public static void check(List<Image> images, long memory) {
    long end = 0;
    List<ImageDescription> inMemory =
        images.stream()
            .map(Image::description)
            .filter(d -> d.place() == Place.RAM)
            .sorted(Comparator.comparingLong(ImageDescription::address))
            .toList();
    for (ImageDescription d : inMemory) {
      if (d.address() < end || d.address() + d.bytes() > Math.min(memory, 3L << 30)) {
        throw new IllegalStateException(d + " overlaps or is outside of memory");
      }
      end = d.address() + d.bytes();
    }
  }
}
