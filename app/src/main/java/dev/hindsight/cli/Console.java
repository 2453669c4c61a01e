package dev.hindsight.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * This process's standard input and output as the guest's serial line: a terminal in raw mode, or
 * plain pipes.
 */
final class Console implements AutoCloseable {
  private static final int BUFFER = 8192;

  private final InputStream in = new FileInputStream(FileDescriptor.in);
  private final OutputStream out =
      new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
  private final boolean interactive;
  private @Nullable Terminal terminal;
  private @Nullable Attributes before;
  private boolean broken;

  Console() {
    interactive = isTerminal();
  }

  /** Whether a person sits at a terminal here. There may be no console: null was seen on JDK 25. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isTerminal() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether this one is a terminal. */
  boolean isInteractive() {
    return interactive;
  }

  /** Passes each key on as it is typed, Ctrl-C included, and shows what the guest sends only. */
  void raw() throws IOException {
    if (!interactive) {
      return;
    }
    Terminal t = TerminalBuilder.builder().system(true).dumb(false).build();
    terminal = t;
    before = t.enterRawMode();
    Attributes raw = t.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    raw.setOutputFlag(Attributes.OutputFlag.OPOST, false);
    t.setAttributes(raw);
  }

  /**
   * Reads in a thread of its own.
   *
   * @param bytes takes what is typed
   * @param leave called when Ctrl-A X is typed on a terminal
   * @param end called when there is no more
   */
  void read(Consumer<byte[]> bytes, Runnable leave, Runnable end) {
    EscapeKeys keys = interactive ? new EscapeKeys() : null;
    Thread.ofPlatform()
        .daemon()
        .name("console")
        .start(() -> {
          byte[] buffer = new byte[BUFFER];
          try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              byte[] typed = Arrays.copyOf(buffer, n);
              if (keys != null) {
                typed = keys.filter(typed);
              }
              bytes.accept(typed);
              if (keys != null && keys.leaves()) {
                leave.run();
                return;
              }
            }
          } catch (IOException e) {
            // a console that cannot be read is one where nobody types
          }
          end.run();
        });
  }

  /** Prints a byte of the guest's. */
  void print(int value) {
    if (broken) {
      return;
    }
    try {
      out.write(value);
      if (interactive || value == '\n') {
        out.flush();
      }
    } catch (IOException e) {
      broken = true; // who reads no more must not stop the machine
    }
  }

  /** Brings out what was printed so far. */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      broken = true;
    }
  }

  /** Makes the terminal what it was. */
  @Override
  public void close() throws IOException {
    flush();
    Terminal t = terminal;
    Attributes old = before;
    if (t != null && old != null) {
      terminal = null;
      t.setAttributes(old);
      t.close();
    }
  }
}
