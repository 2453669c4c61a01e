package dev.hindsight.timeline.store;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The disk images of a recording, opened. */
public final class DiskImages implements AutoCloseable {
  private final List<BlockStore> images = new ArrayList<>();
  private final List<Closeable> open = new ArrayList<>();

  private DiskImages() {}

  /**
   * Opens the images of a machine's disks.
   *
   * @param directory that of the recording, which relative paths are relative to
   * @throws IOException if one cannot be read, has another size than the machine's disk, or is not
   *     named; the message is one sentence
   */
  public static DiskImages open(MachineDescription machine, Sources sources, Path directory)
      throws IOException {
    DiskImages all = new DiskImages();
    try {
      for (int i = 0; i < machine.disks().size(); i++) {
        DiskDescription disk = machine.disks().get(i);
        if (i >= sources.disks().size()) {
          throw new RecordingException(
              "The recording does not say where the image of " + disk.name() + " is.");
        }
        Path file = SourcePaths.resolve(directory, sources.disks().get(i).path());
        BlockStore image = all.open(file, sources.disks().get(i).form());
        if (image.bytes() != disk.bytes()) {
          throw new RecordingException(
              "The disk image %s is not what was recorded: it has %d bytes, and had %d."
                  .formatted(file, image.bytes(), disk.bytes()));
        }
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  /**
   * Opens the images that sources name, for a new machine.
   *
   * @throws IOException if one cannot be read; the message is one sentence
   */
  public static DiskImages open(List<Sources.Disk> sources, Path directory) throws IOException {
    DiskImages all = new DiskImages();
    try {
      for (Sources.Disk disk : sources) {
        BlockStore _ = all.open(SourcePaths.resolve(directory, disk.path()), disk.form());
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  private BlockStore open(Path file, Sources.Disk.Form form) throws IOException {
    return switch (form) {
      case RAW -> keep(FileImage.open(file));
      case BLOCKS -> keep(SparseImage.open(file));
    };
  }

  private <T extends BlockStore & Closeable> BlockStore keep(T image) {
    open.add(image);
    images.add(image);
    return image;
  }

  /** The images, in the order of the machine's disks. */
  public List<BlockStore> images() {
    return List.copyOf(images);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Closeable image : open) {
      try {
        image.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
