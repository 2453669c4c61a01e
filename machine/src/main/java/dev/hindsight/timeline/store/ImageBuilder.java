package dev.hindsight.timeline.store;

import dev.hindsight.board.Image;
import dev.hindsight.board.MachineDescription;
import java.util.List;

/** Makes the images of a machine from files, as it was done when it was recorded. */
@FunctionalInterface
public interface ImageBuilder {
  /**
   * The images.
   *
   * @param machine the machine that they are for
   * @throws IllegalArgumentException if the files are not what they ought to be
   */
  List<Image> images(MachineDescription machine, BootFiles files);
}
