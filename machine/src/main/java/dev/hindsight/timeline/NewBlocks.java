package dev.hindsight.timeline;

import dev.hindsight.storage.BlockWitness;
import dev.hindsight.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Notes the blocks that a machine reads for the first time, but for those that its past has. */
final class NewBlocks implements BlockWitness {
  private final List<DiskBlocks> known = new ArrayList<>();
  private final LogWriter log;

  NewBlocks(Past past, int disks, LogWriter log) {
    this.log = log;
    for (int i = 0; i < disks; i++) {
      known.add(new DiskBlocks());
    }
    for (LogReader.FirstRead read : past.reads()) {
      known.get(read.block().disk()).add(read.block().number(), read.block().digest());
    }
  }

  @Override
  public void firstRead(int disk, long block, long digest) {
    OptionalLong before = known.get(disk).digest(block);
    if (before.isEmpty()) {
      log.block(disk, block, digest);
    } else if (before.getAsLong() != digest) {
      throw new StorageException(
          "The image of disk %d is not what it was when it was recorded: its block %d has changed."
              .formatted(disk, block));
    }
  }
}
