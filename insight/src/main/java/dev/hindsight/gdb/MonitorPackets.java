package dev.hindsight.gdb;

import dev.hindsight.timeline.ReplayDifference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The packet that carries what a person types behind {@code monitor}. */
final class MonitorPackets {
  /** A debugger that hears nothing for two seconds complains. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  /** Characters of text in a packet, which has two digits for each of up to three bytes. */
  private static final int PIECE = PacketDecoder.MOST_BYTES / 8;

  private final DebugTarget target;
  private final ThreadPackets threads;
  private final PacketChannel channel;
  private final List<MonitorCommand> commands;

  MonitorPackets(
      DebugTarget target,
      ThreadPackets threads,
      PacketChannel channel,
      List<MonitorCommand> commands) {
    this.target = target;
    this.threads = threads;
    this.channel = channel;
    this.commands = new ArrayList<>(commands);
    this.commands.addFirst(new MonitorCommand("help", "what can be typed here", (_, _) -> help()));
  }

  void addTo(PacketTable table) {
    table.on("qRcmd,", this::command);
  }

  private String command(String digits) throws IOException {
    String text = answer(Hex.text(digits).strip());
    for (int at = 0; at < text.length(); at += PIECE) {
      channel.send("O" + Hex.of(text.substring(at, Math.min(text.length(), at + PIECE))));
    }
    return PacketTable.OK;
  }

  private String answer(String line) {
    List<String> words = line.isEmpty() ? List.of("help") : Arrays.asList(line.split("\\s+"));
    for (MonitorCommand c : commands) {
      if (c.name().equals(words.getFirst())) {
        return run(c, words.subList(1, words.size()));
      }
    }
    return "There is no command " + words.getFirst() + "; `monitor help` says which there are.\n";
  }

  private String run(MonitorCommand command, List<String> arguments) {
    try {
      return command
          .action()
          .run(
              new MonitorCommand.Present(
                  target, threads.current().index(), new Patience(channel)::isInterrupted),
              arguments);
    } catch (IOException | ReplayDifference e) {
      return Notices.sentence(e) + "\n";
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      return (message == null || message.isEmpty() ? "Type: monitor " + command.usage() : message)
          + "\n";
    }
  }

  /** While a command takes long the debugger is sent texts without a character. */
  private static final class Patience {
    private final PacketChannel channel;
    private long lastSent = System.nanoTime();

    Patience(PacketChannel channel) {
      this.channel = channel;
    }

    boolean isInterrupted() {
      if (System.nanoTime() - lastSent > PATIENCE_NANOS) {
        lastSent = System.nanoTime();
        channel.sendIfPossible("O");
      }
      return channel.isInterrupted();
    }
  }

  private String help() {
    StringBuilder out = new StringBuilder();
    for (MonitorCommand c : commands) {
      out.append("monitor %-22s %s%n".formatted(c.usage(), c.help()));
    }
    return out.toString();
  }
}
