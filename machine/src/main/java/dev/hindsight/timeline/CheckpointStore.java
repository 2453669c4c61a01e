package dev.hindsight.timeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of one recording that outlive the process which made them.
 *
 * <p>It only ever saves time. Whatever goes wrong in it, be it that nothing can be written, that
 * there is no room, or that what was written is damaged or of another recording, costs checkpoints
 * and nothing else; a store tells people of it in its own way and does not throw.
 */
public interface CheckpointStore extends AutoCloseable {
  /** Has none, and keeps none. */
  CheckpointStore NONE =
      new CheckpointStore() {
        @Override
        public List<Moment> moments() {
          return List.of();
        }

        @Override
        public @Nullable Stored load(Moment moment) {
          return null;
        }

        @Override
        public void refuse(Moment moment, String why) {}

        @Override
        public void save(Checkpoint checkpoint) {}

        @Override
        public void close() {}
      };

  /**
   * A checkpoint as it was read.
   *
   * @param checkpoint the checkpoint, to be closed; its memory is related to no other
   * @param digest the {@link dev.hindsight.board.StateDigest#total} of the machine that was saved
   */
  record Stored(Checkpoint checkpoint, long digest) {}

  /** Where there are checkpoints, in the order of time. */
  List<Moment> moments();

  /**
   * Reads a checkpoint.
   *
   * @return null if it cannot be used, and then it is not offered again
   */
  @Nullable Stored load(Moment moment);

  /**
   * Says that a checkpoint that was read is not what it ought to be. It is not offered again.
   *
   * @param why a sentence
   */
  void refuse(Moment moment, String why);

  /** Keeps a checkpoint, if it can and has none there. It may give up others for it. */
  void save(Checkpoint checkpoint);

  /** Gives back what the store holds on to. */
  @Override
  void close();
}
