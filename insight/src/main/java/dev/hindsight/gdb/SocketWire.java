package dev.hindsight.gdb;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A TCP connection to a debugger. */
final class SocketWire implements Wire, AutoCloseable {
  private static final int BUFFER_BYTES = 8192;

  /** How long a debugger may take nothing of what is sent to it. */
  private static final int PATIENCE_MILLIS = 30_000;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).flip();

  /** Takes a connection over; {@link #close} ends it. */
  SocketWire(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public int read() throws IOException {
    int b = poll();
    while (b == NOTHING) {
      key.interestOps(SelectionKey.OP_READ);
      selector.select(_ -> {});
      b = poll();
    }
    return b;
  }

  @Override
  public int poll() throws IOException {
    if (!received.hasRemaining()) {
      received.clear();
      int count = channel.read(received);
      received.flip();
      if (count <= 0) {
        return count == 0 ? NOTHING : END;
      }
    }
    return received.get() & 0xFF;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        key.interestOps(SelectionKey.OP_WRITE);
        if (selector.select(_ -> {}, PATIENCE_MILLIS) == 0) {
          throw new IOException("The debugger takes nothing of what is sent to it.");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
