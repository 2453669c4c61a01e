package dev.hindsight.gdb;

import dev.hindsight.timeline.Edit;
import java.io.IOException;
import java.util.List;

/** Has the target make what a debugger changes, and tells the person what comes of it. */
final class Changes {
  private final DebugTarget target;
  private final Notices notices;

  Changes(DebugTarget target, Notices notices) {
    this.target = target;
    this.notices = notices;
  }

  /**
   * Has changes made.
   *
   * @throws PacketException if they cannot be made
   */
  void make(List<Edit> edits) {
    try {
      target.change(edits).ifPresent(notices::add);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      String sentence = Notices.sentence(e);
      notices.add(sentence);
      throw PacketException.saying(sentence);
    }
  }
}
