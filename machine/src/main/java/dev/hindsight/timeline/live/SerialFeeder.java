package dev.hindsight.timeline.live;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Hands bytes to a serial line one after another, with as much time between them as the line takes.
 * Without that, pasted text would overrun the receiver.
 */
final class SerialFeeder {
  private final String device;
  private final long ticksPerByte;
  private final ArrayDeque<Byte> waiting = new ArrayDeque<>();
  private long earliest;

  SerialFeeder(String device, long ticksPerByte) {
    this.device = device;
    this.ticksPerByte = ticksPerByte;
  }

  String device() {
    return device;
  }

  void add(byte[] bytes) {
    for (byte b : bytes) {
      waiting.add(b);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The tick at which the next byte can come, or {@link World#NEVER}. */
  long next() {
    return waiting.isEmpty() ? World.NEVER : earliest;
  }

  @Nullable Input poll(long now) {
    if (now < next()) {
      return null;
    }
    earliest = now + ticksPerByte;
    return new Input.SerialByte(device, waiting.remove() & 0xFF);
  }
}
