package dev.hindsight.gdb;

import java.io.IOException;

/** Asks the target before a debugger changes anything, and remembers what it had against it. */
final class Changes {
  private final DebugTarget target;
  private final Notices notices;

  Changes(DebugTarget target, Notices notices) {
    this.target = target;
    this.notices = notices;
  }

  /**
   * Is called before each change.
   *
   * @throws PacketException if it must not be
   */
  void begin() {
    try {
      target.beforeChange();
    } catch (IOException e) {
      String sentence = Notices.sentence(e);
      notices.add(sentence);
      throw PacketException.saying(sentence);
    }
  }
}
