package dev.hindsight.gdb;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One debugger, from when it attaches until it has gone. */
final class Session {
  private final DebugTarget target;
  private final PacketChannel channel;
  private final PacketTable table = new PacketTable();
  private boolean over;

  /**
   * A debugger has attached.
   *
   * @param commands what can be typed behind {@code monitor}
   */
  Session(PacketChannel channel, DebugTarget target, List<MonitorCommand> commands) {
    this.channel = channel;
    this.target = target;
    Notices notices = new Notices(channel);
    Changes changes = new Changes(target, notices);
    ThreadPackets threads = new ThreadPackets(target);
    StopTable stops = new StopTable();
    RegisterFile registers = RegisterFile.of(target.machine().vcpus().getFirst());
    threads.addTo(table);
    new RegisterPackets(registers, threads, changes).addTo(table);
    new MemoryPackets(threads, changes).addTo(table);
    new StopPackets(stops).addTo(table);
    new RunPackets(target, stops, threads, channel, notices).addTo(table);
    new MonitorPackets(target, threads, channel, commands).addTo(table);
    addGeneral();
  }

  private void addGeneral() {
    table.on("qSupported", _ -> features());
    table.onExactly("QStartNoAckMode", _ -> PacketTable.OK);
    table.onExactly("qAttached", _ -> "1"); // so that a debugger that quits detaches
    table.on("qSymbol:", _ -> PacketTable.OK);
    table.onExactly("vMustReplyEmpty", _ -> PacketTable.UNKNOWN);
    table.onExactly(
        "D",
        _ -> {
          over = true;
          return PacketTable.OK;
        });
    table.onExactly(
        "k",
        _ -> {
          over = true;
          target.kill();
          return null;
        });
  }

  private String features() {
    return "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;swbreak+;hwbreak+;vContSupported+"
            .formatted(PacketDecoder.MOST_BYTES)
        + (target.isReversible() ? ";ReverseStep+;ReverseContinue+" : "");
  }

  /**
   * Answers packets until the debugger detaches or has gone.
   *
   * @throws IOException if the connection breaks, or what comes is not the protocol
   */
  void serve() throws IOException {
    while (!over) {
      String packet = channel.receive();
      if (packet == null) {
        return;
      }
      String reply = answer(packet);
      if (reply != null) {
        channel.send(reply);
      }
      if (packet.equals("QStartNoAckMode")) {
        channel.stopAcknowledging();
      }
    }
  }

  private @Nullable String answer(String packet) throws IOException {
    try {
      return table.answer(packet);
    } catch (PacketException e) {
      return e.reply();
    }
  }
}
