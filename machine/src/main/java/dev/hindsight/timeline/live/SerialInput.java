package dev.hindsight.timeline.live;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * A stream whose bytes are typed to a serial line, at the speed of the line. Any thread may write
 * to it; closing it says that nothing more will come from this world.
 */
public final class SerialInput extends OutputStream {
  private final String device;
  private final LiveWorld world;

  /**
   * A stream.
   *
   * @param device the serial port, as inputs and outputs name it
   * @param world the world that the machine asks
   */
  public SerialInput(String device, LiveWorld world) {
    this.device = device;
    this.world = world;
  }

  @Override
  public void write(int value) {
    world.type(device, new byte[] {(byte) value});
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    world.type(device, Arrays.copyOfRange(bytes, offset, offset + length));
  }

  @Override
  public void close() {
    world.end();
  }
}
