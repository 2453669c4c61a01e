package dev.hindsight.timeline.store;

import dev.hindsight.board.Image;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.PcChipset;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A recording in a directory, and everything that a machine needs to replay it: what was booted,
 * and the disk images.
 */
public final class RecordedPc implements AutoCloseable {
  private final Recording recording;
  private final List<Image> images;
  private final DiskImages disks;

  private RecordedPc(Recording recording, List<Image> images, DiskImages disks) {
    this.recording = recording;
    this.images = images;
    this.disks = disks;
  }

  /**
   * Opens a recording and the files that it was made from.
   *
   * @throws IOException if something is missing or not what was recorded; the message is one
   *     sentence
   */
  public static RecordedPc open(Path directory) throws IOException {
    Recording recording = DirectoryStore.recording(directory);
    MachineDescription machine = recording.description();
    if (machine.behaviourVersion() != MachineDescription.BEHAVIOUR_VERSION) {
      throw new RecordingException(
          ("The recording at %s was made by a release with behaviour version %d; this one has"
                  + " version %d.")
              .formatted(
                  directory, machine.behaviourVersion(), MachineDescription.BEHAVIOUR_VERSION));
    }
    if (PcChipset.named(machine.chipset()).isEmpty()) {
      throw new RecordingException(
          "The recording at %s is of a machine with chipset %s, which this release does not have."
              .formatted(directory, machine.chipset()));
    }
    Sources sources = recording.sources();
    BootFiles files = BootFiles.read(sources.boot(), directory, machine.memoryBytes());
    List<Image> images;
    try {
      images = new PcImages().images(machine, files);
    } catch (IllegalArgumentException e) {
      throw new RecordingException(
          "The recording at %s cannot be replayed: %s.".formatted(directory, e.getMessage()));
    }
    ChangedImages.check(machine, images, sources.boot());
    return new RecordedPc(recording, images, DiskImages.open(machine, sources, directory));
  }

  /** The recording. */
  public Recording recording() {
    return recording;
  }

  /** A machine like the recorded one, which still lacks an engine. */
  public MachineBuilder builder() {
    MachineDescription machine = recording.description();
    MachineBuilder builder =
        Machine.builder()
            .description(machine)
            .chipset(PcChipset.named(machine.chipset()).orElseThrow());
    images.forEach(builder::image);
    for (int i = 0; i < machine.disks().size(); i++) {
      BlockStore image = disks.images().get(i);
      builder.disk(machine.disks().get(i).name(), machine.disks().get(i).readOnly(), image);
    }
    return builder;
  }

  /** Closes the disk images, which a machine needs as long as it runs. */
  @Override
  public void close() throws IOException {
    disks.close();
  }
}
