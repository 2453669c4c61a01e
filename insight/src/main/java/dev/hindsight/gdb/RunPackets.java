package dev.hindsight.gdb;

import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.ReplayDifference;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Packets that let time pass, and the replies that say why it stopped.
 *
 * <p>All threads run together, whatever a packet says of single ones: the machine's schedule
 * decides who is next. Where a packet says that one thread steps, the target stops when that one
 * has made a step.
 */
final class RunPackets {
  private static final int INTERRUPTED = 2;
  private static final int TRAP = 5;
  private static final int CRASHED = 11;

  private final DebugTarget target;
  private final StopTable stops;
  private final ThreadPackets threads;
  private final PacketChannel channel;
  private final Notices notices;
  private String lastStop;
  private boolean crashSeen;

  RunPackets(
      DebugTarget target,
      StopTable stops,
      ThreadPackets threads,
      PacketChannel channel,
      Notices notices) {
    this.target = target;
    this.stops = stops;
    this.threads = threads;
    this.channel = channel;
    this.notices = notices;
    lastStop = stop(TRAP, "");
  }

  void addTo(PacketTable table) {
    table.onExactly("?", _ -> lastStop);
    table.onExactly("c", _ -> resume(Direction.FORWARDS));
    table.on("C", _ -> resume(Direction.FORWARDS));
    table.onExactly("s", _ -> step(Direction.FORWARDS, threads.resumed()));
    table.on("S", _ -> step(Direction.FORWARDS, threads.resumed()));
    table.onExactly("vCont?", _ -> "vCont;c;C;s;S");
    table.on("vCont;", this::vCont);
    if (target.isReversible()) {
      table.onExactly("bc", _ -> resume(Direction.BACKWARDS));
      table.onExactly("bs", _ -> step(Direction.BACKWARDS, threads.resumed()));
    }
  }

  /** {@code action[:thread];…}: the first one that steps decides. */
  private String vCont(String actions) throws IOException {
    boolean known = false;
    for (String text : actions.split(";", -1)) {
      String[] action = text.split(":", 2);
      char what = action[0].isEmpty() ? ' ' : action[0].charAt(0);
      if (what == 's' || what == 'S') {
        boolean one = action.length == 2 && !action[1].equals("-1");
        return step(Direction.FORWARDS, one ? threads.vcpu(action[1]) : threads.resumed());
      }
      known |= what == 'c' || what == 'C';
    }
    if (!known) {
      throw PacketException.malformed();
    }
    return resume(Direction.FORWARDS);
  }

  private String resume(Direction direction) throws IOException {
    notices.send();
    return run(() ->
        target.resume(direction, stops.stops(cpu(threads.resumed())), channel::isInterrupted));
  }

  private String step(Direction direction, int vcpu) throws IOException {
    notices.send();
    threads.stopped(vcpu);
    return run(() -> target.step(direction, vcpu, stops.stops(cpu(vcpu)), channel::isInterrupted));
  }

  private Vcpu cpu(int number) {
    return target.machine().vcpus().get(number);
  }

  private interface Run {
    StopReason run() throws IOException;
  }

  private String run(Run run) throws IOException {
    try {
      lastStop = reply(run.run());
    } catch (IOException | ReplayDifference e) {
      notices.add(Notices.sentence(e));
      notices.send();
      lastStop = stop(TRAP, "");
    }
    return lastStop;
  }

  private String reply(StopReason reason) throws IOException {
    return switch (reason) {
      case StopReason.Breakpoint(int vcpu, long linear) -> {
        threads.stopped(vcpu);
        yield stop(TRAP, stops.kindAt(linear).reason() + ":;");
      }
      case StopReason.Watchpoint(int vcpu, var range, long linear) -> {
        if (vcpu >= 0) {
          threads.stopped(vcpu);
        }
        long address = stops.address(range, linear);
        yield stop(TRAP, stops.kindOf(range).reason() + ":" + Long.toHexString(address) + ";");
      }
      case StopReason.Stepped(int vcpu) -> {
        threads.stopped(vcpu);
        yield stop(TRAP, "");
      }
      case StopReason.Interrupted() -> stop(INTERRUPTED, "");
      case StopReason.Beginning() -> stop(TRAP, "replaylog:begin;");
      case StopReason.End() -> stop(TRAP, "replaylog:end;");
      case StopReason.Over(Outcome outcome, OptionalInt code) -> over(outcome, code);
    };
  }

  /** A crash can be looked at first; the target is gone when it is to go on. */
  private String over(Outcome outcome, OptionalInt code) throws IOException {
    if (outcome == Outcome.TRIPLE_FAULT) {
      if (crashSeen) {
        return "X%02x".formatted(CRASHED);
      }
      crashSeen = true;
      notices.add("The guest crashed: a fault while a double fault was delivered.");
      notices.send();
      return stop(CRASHED, "");
    }
    return "W%02x".formatted(code.orElse(0) & 0xFF);
  }

  private String stop(int signal, String reason) {
    return "T%02xthread:%s;%s".formatted(signal, ThreadPackets.id(threads.resumed()), reason);
  }
}
