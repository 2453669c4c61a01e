package dev.hindsight.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** Bytes that a debugger sends one after another. */
final class ScriptedWire implements Wire {
  private static final int INTERRUPT = 3;

  private final boolean patient;
  private final ArrayDeque<Integer> toServer = new ArrayDeque<>();
  private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();

  /**
   * A debugger that has sent nothing.
   *
   * @param patient whether it sends packets only when it has the reply to the last one
   */
  ScriptedWire(boolean patient) {
    this.patient = patient;
  }

  /** Characters are bytes. */
  ScriptedWire send(String bytes) {
    bytes.chars().forEach(toServer::add);
    return this;
  }

  /** A packet with a right checksum. */
  ScriptedWire packet(String body) {
    return send(new String(PacketEncoder.encode(body), StandardCharsets.ISO_8859_1));
  }

  /** What the server has sent. */
  String received() {
    return fromServer.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int read() {
    Integer next = toServer.poll();
    return next == null ? END : next;
  }

  /** At the end of the script the debugger has gone, unless it is patient. */
  @Override
  public int poll() {
    Integer next = toServer.peek();
    return patient && (next == null || next != INTERRUPT) ? NOTHING : read();
  }

  @Override
  public void write(byte[] bytes) {
    fromServer.writeBytes(bytes);
  }
}
