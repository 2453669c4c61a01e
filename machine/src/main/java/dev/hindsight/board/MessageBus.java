package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries messages between APICs: at once, or at the end of the quantum. */
final class MessageBus implements ApicBus {
  private final Turn turn;
  private final List<Receiver> receivers = new ArrayList<>();
  private final List<ApicMessage> waiting = new ArrayList<>();

  MessageBus(Turn turn) {
    this.turn = turn;
  }

  void attach(Receiver receiver) {
    receivers.add(receiver);
  }

  @Override
  public void send(ApicMessage message) {
    if (turn.reachesAll()) {
      deliver(message);
    } else {
      waiting.add(message);
    }
  }

  /** The quantum has ended. */
  void deliver() {
    List<ApicMessage> due = List.copyOf(waiting);
    waiting.clear();
    due.forEach(this::deliver);
  }

  private void deliver(ApicMessage message) {
    if (message.mode() == ApicMessage.Mode.LOWEST_PRIORITY) {
      Receiver least = leastBusy(message);
      if (least != null) {
        least.receive(message);
      }
      return;
    }
    for (Receiver r : receivers) {
      if (r.accepts(message)) {
        r.receive(message);
      }
    }
  }

  private @Nullable Receiver leastBusy(ApicMessage message) {
    Receiver least = null;
    for (Receiver r : receivers) {
      if (r.accepts(message)
          && (least == null || r.arbitrationPriority() < least.arbitrationPriority())) {
        least = r;
      }
    }
    return least;
  }

  List<ApicMessage> save() {
    return List.copyOf(waiting);
  }

  void load(List<ApicMessage> state) {
    waiting.clear();
    waiting.addAll(state);
  }
}
