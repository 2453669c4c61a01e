package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that end as they should not, one after another at one server. */
class GdbServerTest {
  private GdbServer server;
  private Timeline timeline;

  @BeforeEach
  void open() throws IOException {
    timeline = BuiltinRecording.of(1).timeline();
    server = GdbServer.open(0, List.of());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    timeline.close();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private String serveAfter(String bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String trouble = server.serve(new RecordedTarget(timeline));
      return trouble == null ? "" : trouble;
    }
  }

  @Test
  void theNextDebuggerIsServedWhateverTheLastOneDid() throws IOException {
    assertThat(serveAfter("")).isEmpty();
    assertThat(serveAfter("$qSuppor")).isEmpty();
    assertThat(serveAfter("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(serveAfter("$" + "a".repeat(20_000))).contains("does not end");
    assertThat(serveAfter("$g#00".repeat(3))).isEmpty();
    assertThat(serveAfter("-".repeat(100))).contains("does not take");
    try (Socket socket = connect()) {
      socket.getOutputStream().write("+$qC#b4$D#44".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(server.serve(new RecordedTarget(timeline))).isNull();
      byte[] expected = "+$QC1#c5+$OK#9a".getBytes(StandardCharsets.ISO_8859_1);
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(expected);
    }
  }

  /** A run ends soon after the debugger has gone; the present is where it was then. */
  @Test
  void aDebuggerThatGoesAwayWhileTheTargetRuns() throws IOException {
    assertThat(serveAfter("$c#63")).isEmpty();
    assertThat(timeline.machine().steps()).isPositive();
    assertThat(timeline.isAtEnd()).isFalse();
  }

  @Test
  void nobodyCalls() throws IOException {
    assertThat(server.serveIfCalled(new RecordedTarget(timeline))).isNull();
  }

  @Test
  void aPortThatIsTaken() throws IOException {
    int port = server.port();
    assertThatThrownBy(() -> GdbServer.open(port, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Port " + port + " cannot be had");
    assertThatThrownBy(() -> GdbServer.open(65536, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
