package dev.hindsight.cli;

import java.io.ByteArrayOutputStream;

/** Takes Ctrl-A X out of what is typed; Ctrl-A Ctrl-A types one Ctrl-A. */
final class EscapeKeys {
  private static final int CTRL_A = 1;

  private boolean escaped;
  private boolean leaves;

  /** What the guest gets of the keys; what follows Ctrl-A X is dropped. */
  byte[] filter(byte[] typed) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    for (byte b : typed) {
      if (leaves) {
        break;
      }
      if (!escaped) {
        escaped = b == CTRL_A;
        if (!escaped) {
          passed.write(b);
        }
        continue;
      }
      escaped = false;
      if (b == 'x' || b == 'X') {
        leaves = true;
      } else {
        if (b != CTRL_A) {
          passed.write(CTRL_A);
        }
        passed.write(b);
      }
    }
    return passed.toByteArray();
  }

  /** Whether Ctrl-A X was typed. */
  boolean leaves() {
    return leaves;
  }
}
