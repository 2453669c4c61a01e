package dev.hindsight.timeline;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.bus.state.StateFormatException;
import dev.hindsight.storage.WitnessedBlocks;
import java.util.ArrayList;
import java.util.List;

/**
 * Digests of blocks as bytes: runs of blocks of one disk, each block the difference to the one
 * before it on the same disk, and its digest.
 */
final class BlockFormat {
  private static final int LEAST_BLOCK = 9;

  private final long[] latest;

  /** At the beginning of a log of a machine with so many disks. */
  BlockFormat(int disks) {
    latest = new long[disks];
  }

  /** A block that was read. */
  record Block(int disk, long number, long digest) {}

  void write(List<Block> blocks, CompactWriter out) {
    for (int i = 0; i < blocks.size(); ) {
      int disk = blocks.get(i).disk;
      int end = i;
      while (end < blocks.size() && blocks.get(end).disk == disk) {
        end++;
      }
      out.putNumber(disk);
      out.putNumber(end - i);
      for (; i < end; i++) {
        Block block = blocks.get(i);
        out.putSigned(block.number - latest[disk]);
        out.putLong(block.digest);
        latest[disk] = block.number;
      }
    }
  }

  /** Reads all that is left; returns it in its order. */
  List<Block> read(CompactReader in, List<DiskDescription> disks, List<DiskBlocks> into) {
    List<Block> all = new ArrayList<>();
    while (in.remaining() > 0) {
      long disk = in.getNumber();
      if (disk >= disks.size()) {
        throw new StateFormatException("A block is of a disk that the machine does not have.");
      }
      int d = (int) disk;
      long blocks = Math.ceilDiv(disks.get(d).bytes(), WitnessedBlocks.BLOCK_BYTES);
      int count = in.getCount(LEAST_BLOCK);
      for (int i = 0; i < count; i++) {
        latest[d] += in.getSigned();
        if (latest[d] < 0 || latest[d] >= blocks) {
          throw new StateFormatException("A block lies outside of its disk.");
        }
        Block block = new Block(d, latest[d], in.getLong());
        if (!into.get(d).add(block.number, block.digest)) {
          throw new StateFormatException("A block has two digests.");
        }
        all.add(block);
      }
    }
    return all;
  }
}
