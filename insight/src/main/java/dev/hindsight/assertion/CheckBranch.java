package dev.hindsight.assertion;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Stops;
import dev.hindsight.device.vassert.AssertionDoor;
import dev.hindsight.storage.StorageException;
import dev.hindsight.timeline.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * Makes a check: a machine goes on by itself with the flag set, until the guest says that the check
 * is over, or something else ends it.
 *
 * <p>In it time passes as ever, and chips do what they do; but nobody is outside. It may run as far
 * as the limit of ticks, and one quantum further.
 */
final class CheckBranch {
  private final Timeline timeline;
  private final AssertionDoor door;
  private final Conversation conversation;
  private final long limit;

  /**
   * For the checks of a timeline.
   *
   * @param limit most ticks that one may take
   */
  CheckBranch(Timeline timeline, AssertionDoor door, long limit) {
    this.timeline = timeline;
    this.door = door;
    this.limit = limit;
    conversation = new Conversation(timeline.machine().vcpus());
  }

  /**
   * Makes the check that is before the step that comes next.
   *
   * @param flag physical address of the flag
   * @param addressSpace whose it is
   * @param stops what the timeline was looking for
   */
  Verdict make(long flag, long addressSpace, Stops stops) {
    if (timeline.machine().memory().readPage(flag >>> PhysicalMemory.PAGE_SHIFT) == 0) {
      return Verdict.NOT_MEMORY;
    }
    conversation.begin(addressSpace);
    door.listener(conversation);
    Made made = new Made();
    try {
      timeline.aside(machine -> made.verdict = run(machine, flag, stops));
    } catch (StorageException e) {
      return Verdict.NO_DISK;
    }
    return made.verdict;
  }

  private static final class Made {
    Verdict verdict = Verdict.NO_DISK;
  }

  private Verdict run(Machine machine, long flag, Stops stops) {
    machine.memory().write(flag, 1, 1);
    long end = machine.now() > Long.MAX_VALUE - limit ? Long.MAX_VALUE : machine.now() + limit;
    Outcome outcome =
        machine.observe(end, Long.MAX_VALUE, stops, hit -> conversation.verdict() != null, false);
    @Nullable Verdict said = conversation.verdict();
    if (said != null) {
      return said;
    }
    return switch (outcome) {
      case POWERED_OFF -> Verdict.POWERED_OFF;
      case TRIPLE_FAULT -> Verdict.CRASHED;
      case RESET -> Verdict.RESET;
      case IDLE -> Verdict.HALTED;
      case LIMIT, STOP -> Verdict.ENDLESS;
    };
  }

  /** What the guest said of the check that was made last. */
  Place place() {
    return conversation.place();
  }

  /** What the check that was made last wrote to its log. */
  String log() {
    return conversation.log();
  }
}
