package dev.hindsight.assertion;

import dev.hindsight.board.Outcome;
import dev.hindsight.bus.BackDoor;
import dev.hindsight.bus.Device;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.device.vassert.AssertionDoor;
import dev.hindsight.device.vassert.Call;
import dev.hindsight.device.vassert.CallListener;
import dev.hindsight.device.vassert.Registration;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Replays stretches of a recording and makes all checks in them. */
public final class Checker {
  /** Ticks that a check may take unless told otherwise: a tenth of a second. */
  public static final long DEFAULT_LIMIT = 100_000_000;

  private static final long PAGE = -4096;

  private final Timeline timeline;
  private final Optional<AssertionDoor> door;
  private final Optional<CheckBranch> branch;
  private List<Registration> registrations = List.of();
  private Stops stops = new Stops(Set.of(), Set.of(), Set.of(Stops.Event.CALL));

  /**
   * For a recording.
   *
   * @param timeline where it is replayed; it stays the caller's
   * @param limit most ticks that a check may take, at least 1
   */
  public Checker(Timeline timeline, long limit) {
    this.timeline = timeline;
    door = doorOf(timeline);
    branch = door.map(d -> new CheckBranch(timeline, d, limit));
  }

  private static Optional<AssertionDoor> doorOf(Timeline timeline) {
    for (Device<?> d : timeline.machine().devices()) {
      if (d instanceof AssertionDoor found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /**
   * Replays from one number of steps to another and makes the checks before each of these steps.
   *
   * @param from steps since power-on
   * @param to steps since power-on, more than {@code from}
   * @return what was found, in order
   * @throws dev.hindsight.timeline.ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public CheckedInterval check(long from, long to) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    long made = 0;
    if (timeline.machine().steps() != from) {
      timeline.seekStep(from);
    }
    if (door.isEmpty()) {
      timeline.runTo(to, Stops.NONE, true);
      return new CheckedInterval(0, findings, notes, timeline.isAtEnd());
    }
    boolean inclusive = true;
    while (true) {
      arm(door.get());
      door.get().listener(listener(notes));
      Outcome outcome = timeline.runTo(to, stops, inclusive);
      if (outcome != Outcome.STOP) {
        door.get().listener(CallListener.NONE);
        return new CheckedInterval(made, findings, notes, timeline.isAtEnd());
      }
      // after a call the very next step may read a flag
      inclusive = true;
      for (StopHit hit : timeline.hits()) {
        if (hit.cause() instanceof StopHit.Access access) {
          inclusive = false;
          Vcpu cpu = timeline.machine().vcpus().get(hit.vcpu());
          for (Registration r : registrations) {
            if (r.flag() == access.range().start()
                && r.addressSpace() == cpu.caller().addressSpace()) {
              made += make(branch.orElseThrow(), r, cpu, hit, findings) ? 1 : 0;
            }
          }
        }
      }
    }
  }

  private boolean make(
      CheckBranch check, Registration r, Vcpu cpu, StopHit hit, List<Finding> findings) {
    long flag = cpu.memory().look(r.flag()).orElse(Registration.UNMAPPED);
    boolean same = r.physical() == Registration.UNMAPPED || (flag & PAGE) == r.physical();
    Site site = Site.of(cpu, hit.tick(), hit.steps());
    Verdict verdict = same ? check.make(flag, r.addressSpace(), stops) : Verdict.REMAPPED;
    if (!verdict.isMade()) {
      findings.add(new Finding(verdict, site, Place.UNKNOWN, ""));
    } else if (verdict != Verdict.HELD || !check.log().isEmpty()) {
      findings.add(new Finding(verdict, site, check.place(), check.log()));
    }
    return verdict.isMade();
  }

  private CallListener listener(List<Note> notes) {
    return new CallListener() {
      @Override
      public void called(Call call, BackDoor.Caller caller) {
        Vcpu cpu = timeline.machine().vcpus().get(caller.vcpu());
        long steps = timeline.machine().steps() + 1;
        Note note = Conversation.note(call, cpu, caller, cpu.tick(), steps);
        if (note != null) {
          notes.add(note);
        }
      }

      @Override
      public void logged(int value, BackDoor.Caller caller) {}
    };
  }

  /** Looks for the flags that are registered now. */
  private void arm(AssertionDoor at) {
    List<Registration> present = at.registrations();
    if (!present.equals(registrations)) {
      registrations = present;
      Set<Stops.Range> flags = new HashSet<>();
      for (Registration r : present) {
        flags.add(new Stops.Range(false, r.flag(), 1, Stops.Access.BEFORE_READ));
      }
      stops = new Stops(Set.of(), flags, Set.of(Stops.Event.CALL));
    }
  }
}
