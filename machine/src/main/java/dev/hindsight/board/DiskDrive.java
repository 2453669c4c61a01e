package dev.hindsight.board;

import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.CopyOnWriteDisk;
import dev.hindsight.storage.Disk;
import dev.hindsight.storage.WitnessedBlocks;
import org.jspecify.annotations.Nullable;

/** A disk of a machine: its image, and the overlay that is part of the machine's state. */
final class DiskDrive implements AutoCloseable {
  private final DiskDescription description;
  private final GuestRam overlay;
  private final WitnessedBlocks blocks;
  private final CopyOnWriteDisk disk;

  /**
   * A drive.
   *
   * @param written what was written to it already, or null
   */
  DiskDrive(
      int number, DiskDescription description, BlockStore image, @Nullable RamSnapshot written) {
    this.description = description;
    overlay =
        written == null
            ? new GuestRam(CopyOnWriteDisk.overlayBytes(description.bytes()))
            : new GuestRam(written);
    blocks = new WitnessedBlocks(number, image);
    disk = new CopyOnWriteDisk(description.name(), description.readOnly(), blocks, overlay);
  }

  DiskDescription description() {
    return description;
  }

  GuestRam overlay() {
    return overlay;
  }

  WitnessedBlocks blocks() {
    return blocks;
  }

  Disk disk() {
    return disk;
  }

  @Override
  public void close() {
    overlay.close();
  }
}
