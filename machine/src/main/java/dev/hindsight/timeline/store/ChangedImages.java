package dev.hindsight.timeline.store;

import dev.hindsight.board.Image;
import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares what is booted with what was recorded, and names the file that is to blame. */
final class ChangedImages {
  private ChangedImages() {}

  /**
   * Makes sure that images are what was recorded.
   *
   * @throws RecordingException if one is not; the message is one sentence
   */
  static void check(MachineDescription machine, List<Image> images, Sources.Boot boot)
      throws RecordingException {
    List<ImageDescription> present = images.stream().map(Image::description).toList();
    if (present.equals(machine.images())) {
      return;
    }
    List<String> changed =
        machine.images().stream()
            .filter(image -> !present.contains(image))
            .map(ImageDescription::name)
            .toList();
    for (String image : changed) {
      String file = contents(image, boot);
      if (file != null) {
        throw changed(image, file);
      }
    }
    // what the machine is told of itself and of its files depends on the kernel's header too
    String kernel = kernel(boot);
    if (!changed.isEmpty() && kernel != null) {
      throw changed(changed.getFirst(), kernel);
    }
    throw new RecordingException("What the machine was booted from is not what was recorded.");
  }

  private static RecordingException changed(String image, String file) {
    return new RecordingException(
        "The %s is not what was recorded: %s has changed.".formatted(image, file));
  }

  /** The file that an image is the contents of; null if it is made of several things. */
  private static @Nullable String contents(String image, Sources.Boot boot) {
    if (image.equals("kernel")) {
      return kernel(boot);
    }
    return switch (boot) {
      case Sources.Boot.None() -> null;
      case Sources.Boot.Linux linux -> image.equals("initrd") ? linux.initrd().orElse(null) : null;
      case Sources.Boot.Multiboot multiboot -> {
        List<Sources.Module> modules = multiboot.modules();
        yield IntStream.range(0, modules.size())
            .filter(i -> image.equals("module " + i))
            .mapToObj(i -> modules.get(i).path())
            .findFirst()
            .orElse(null);
      }
    };
  }

  private static @Nullable String kernel(Sources.Boot boot) {
    return switch (boot) {
      case Sources.Boot.None() -> null;
      case Sources.Boot.Linux linux -> linux.kernel();
      case Sources.Boot.Multiboot multiboot -> multiboot.kernel();
    };
  }
}
