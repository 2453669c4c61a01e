package dev.hindsight.cli;

import dev.hindsight.board.Outcome;
import dev.hindsight.bus.Input;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.TimedInput;
import java.util.List;
import java.util.Locale;

/** Why a run ended, as people and statistics call it. */
enum Exit {
  /** The guest switched the machine off. */
  POWEROFF,
  /** The guest reset the machine. */
  RESET,
  /** A fault could not be delivered. */
  TRIPLE_FAULT,
  /** All vCPUs are halted, and nothing can ever wake them. */
  HALTED,
  /** Virtual time came as far as it was to. */
  UNTIL,
  /** Somebody at the host ended it. */
  KILLED;

  private static final int CRASHED = 1;

  /** The name in statistics. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The exit status of the command. */
  int status() {
    return this == TRIPLE_FAULT ? CRASHED : 0;
  }

  /** Why a recorded run ended, whose last input may have been that the power was cut. */
  static Exit of(Outcome outcome, Recording recording) {
    List<TimedInput> inputs = recording.inputs();
    boolean cut = !inputs.isEmpty() && inputs.getLast().input() instanceof Input.PowerOff;
    return of(outcome, cut);
  }

  /**
   * Why a run ended.
   *
   * @param killed whether the power was cut by somebody at the host
   */
  static Exit of(Outcome outcome, boolean killed) {
    return switch (outcome) {
      case POWERED_OFF -> killed ? KILLED : POWEROFF;
      case RESET -> RESET;
      case TRIPLE_FAULT -> TRIPLE_FAULT;
      case IDLE -> HALTED;
      case LIMIT, STOP -> UNTIL;
    };
  }
}
