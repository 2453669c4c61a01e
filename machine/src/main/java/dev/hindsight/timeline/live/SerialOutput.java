package dev.hindsight.timeline.live;

import dev.hindsight.board.OutputListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * What a machine sends on a serial line, written to a stream.
 *
 * @param device the serial port, as inputs and outputs name it
 * @param stream takes the bytes, in the machine's thread; if it fails, the run ends with an {@link
 *     UncheckedIOException}
 */
public record SerialOutput(String device, OutputStream stream) implements OutputListener {
  @Override
  public void output(String from, int value, long tick) {
    if (from.equals(device)) {
      try {
        stream.write(value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
