package dev.hindsight.gdb;

import java.io.IOException;

/** Bytes to and from a debugger. */
interface Wire {
  /** There is no byte, and there will not be one. */
  int END = -1;

  /** No byte has come. */
  int NOTHING = -2;

  /** The next byte, 0 to 255, or {@link #END}; waits for it. */
  int read() throws IOException;

  /** The next byte, 0 to 255, if it has come already; else {@link #NOTHING} or {@link #END}. */
  int poll() throws IOException;

  /** Sends bytes. */
  void write(byte[] bytes) throws IOException;
}
