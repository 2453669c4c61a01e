package dev.hindsight.gdb;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Packets to and from a debugger, with acknowledgements until it asks to do without them.
 *
 * <p>A packet with a wrong checksum is refused, so that it is sent again; without acknowledgements
 * nobody could ask for it, so that the connection ends. It also ends where a packet does not, and
 * where packets pile up while the target runs.
 */
final class PacketChannel {
  private static final byte[] ACKNOWLEDGE = {'+'};
  private static final byte[] REFUSE = {'-'};

  /** How many packets may wait until the target stops. */
  private static final int MOST_WAITING = 16;

  /** How often the same packet is sent again. */
  private static final int MOST_REPEATS = 10;

  private final Wire wire;
  private final PacketDecoder decoder = new PacketDecoder();
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private byte[] last = {};
  private int repeats;
  private boolean acknowledging = true;
  private boolean over;
  private @Nullable IOException failure;

  PacketChannel(Wire wire) {
    this.wire = wire;
  }

  /**
   * Waits for the next packet.
   *
   * @return its body, or null if the debugger has gone
   * @throws ProtocolException if what comes is not the protocol
   */
  @Nullable String receive() throws IOException {
    while (waiting.isEmpty() && !over && failure == null) {
      take(wire.read());
    }
    if (failure != null) {
      throw failure;
    }
    return waiting.poll();
  }

  /**
   * Looks, without waiting, whether the target is to stop: because the debugger says so, or has
   * gone. A failure of the connection counts as that, and is thrown by the next {@link #receive}.
   */
  boolean isInterrupted() {
    try {
      int b = wire.poll();
      while (b != Wire.NOTHING) {
        if (take(b) || over) {
          return true;
        }
        b = wire.poll();
      }
      return false;
    } catch (IOException e) {
      failure = e;
      return true;
    }
  }

  /** Takes a byte; tells whether it is an interrupt. */
  private boolean take(int b) throws IOException {
    if (b == Wire.END) {
      over = true;
      return false;
    }
    PacketDecoder.Event event = decoder.accept(b);
    switch (event) {
      case null -> {}
      case PacketDecoder.Event.Packet(String body) -> {
        if (acknowledging) {
          wire.write(ACKNOWLEDGE);
        }
        if (waiting.size() == MOST_WAITING) {
          throw new ProtocolException("The debugger sends packets and waits for no answer.");
        }
        waiting.add(body);
      }
      case PacketDecoder.Event.Acknowledged _ -> repeats = 0;
      case PacketDecoder.Event.Refused _ -> repeat();
      case PacketDecoder.Event.Interrupt _ -> {
        return true;
      }
      case PacketDecoder.Event.Damaged _ -> {
        if (!acknowledging) {
          throw new ProtocolException("The debugger sent a packet with a wrong checksum.");
        }
        wire.write(REFUSE);
      }
      case PacketDecoder.Event.TooLong _ ->
          throw new ProtocolException("The debugger sent a packet that does not end.");
    }
    return false;
  }

  /** Without acknowledgements this is only impatience: nothing gets lost. */
  private void repeat() throws IOException {
    if (!acknowledging) {
      return;
    }
    repeats++;
    if (repeats > MOST_REPEATS) {
      throw new ProtocolException("The debugger does not take what is sent to it.");
    }
    wire.write(last);
  }

  /** Sends a packet. */
  void send(String body) throws IOException {
    last = PacketEncoder.encode(body);
    wire.write(last);
  }

  /** Sends a packet; a failure of the connection is thrown by the next {@link #receive}. */
  void sendIfPossible(String body) {
    try {
      send(body);
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Does without acknowledgements from now on. */
  void stopAcknowledging() {
    acknowledging = false;
  }
}
