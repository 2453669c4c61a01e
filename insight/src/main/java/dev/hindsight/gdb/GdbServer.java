package dev.hindsight.gdb;

import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for debuggers at a TCP port of this host, for one after another. Others cannot reach it:
 * whoever can talk to it may do everything that the protocol allows, without a password.
 *
 * <pre>{@code
 * try (GdbServer server = GdbServer.open(1234, List.of())) {
 *   server.serve(new RecordedTarget(timeline));
 * }
 * }</pre>
 */
public final class GdbServer implements AutoCloseable {
  private static final int MOST_WAITING = 1;

  private final ServerSocketChannel listener;
  private final List<MonitorCommand> commands = new ArrayList<>();

  private GdbServer(ServerSocketChannel listener, Marks.Source marks, List<MonitorCommand> more) {
    this.listener = listener;
    commands.addAll(new InstantCommands(marks).commands());
    commands.addAll(LookCommands.commands());
    commands.addAll(more);
  }

  /** Opens a port; names of instants last as long as the server. */
  public static GdbServer open(int port, List<MonitorCommand> more) throws IOException {
    Marks marks = Marks.unsaved();
    return open(port, () -> marks, more);
  }

  /**
   * Opens a port.
   *
   * @param port its number, 0 to 65535; 0 for any that is free
   * @param marks where names of instants are kept
   * @param more what can be typed behind {@code monitor} besides the commands of this package
   * @throws IOException if it cannot be had; the message is a sentence
   */
  public static GdbServer open(int port, Marks.Source marks, List<MonitorCommand> more)
      throws IOException {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("A port has a number from 0 to 65535.");
    }
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MOST_WAITING);
      return new GdbServer(listener, marks, more);
    } catch (BindException e) {
      listener.close();
      throw new IOException("Port " + port + " cannot be had: " + e.getMessage() + ".", e);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /** The number of the port. */
  public int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  /**
   * Waits for a debugger, and serves it until it detaches or goes away.
   *
   * @return why the connection ended if that was not in order: a sentence; else null
   * @throws IOException if nobody can be waited for any more
   */
  public @Nullable String serve(DebugTarget target) throws IOException {
    listener.configureBlocking(true);
    return serve(listener.accept(), target);
  }

  /**
   * Serves a debugger if one has come, and does not wait for one.
   *
   * @return as {@link #serve}
   * @throws IOException if nobody can be waited for any more
   */
  public @Nullable String serveIfCalled(DebugTarget target) throws IOException {
    listener.configureBlocking(false);
    SocketChannel connection = listener.accept();
    return connection == null ? null : serve(connection, target);
  }

  private @Nullable String serve(SocketChannel connection, DebugTarget target) {
    try (SocketWire wire = new SocketWire(connection)) {
      new Session(new PacketChannel(wire), target, commands).serve();
      return null;
    } catch (IOException e) {
      return Notices.sentence(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
