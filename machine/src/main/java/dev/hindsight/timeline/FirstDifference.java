package dev.hindsight.timeline;

import dev.hindsight.bus.World;
import dev.hindsight.timeline.RunDifference.Cause;
import dev.hindsight.timeline.RunPair.Shared;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first instant at which two runs differ.
 *
 * <p>The runs may be of two recordings, or of one under two engines or settings. Both are compared
 * up to where the shorter recording ends.
 *
 * <ol>
 *   <li>The first input that is not the same in both is a difference; what is asked is whether
 *       there is one before it.
 *   <li>The runs go side by side, and after each {@link #DEFAULT_STRIDE} steps and at each recorded
 *       hash their states are compared. Where both recordings have the same hashes, and their
 *       machines are said to be equal, only one machine goes there, and the other takes over its
 *       state.
 *   <li>Between the last equal states and the first different ones the number of steps is bisected,
 *       then the tick; each half is run from the last equal states that are known. At last it is a
 *       single event or step.
 * </ol>
 *
 * <p>So it costs a replay of each up to the difference, and a stride. What differs and becomes
 * equal again between two comparisons is not noticed; a shorter stride notices more, and a stride
 * of one step everything that a step leaves behind. Inputs are always compared; interventions count
 * by what they do.
 *
 * <p>Coming back to a state, an engine may have forgotten what it kept beside the machine, like
 * translations. If the difference came from there it may not come again. Then both go from power-on
 * without a halt to the last equal states, and are compared in shorter strides from there on; if it
 * does not come so either, {@link Cause#UNREPEATABLE} tells between which instants it did.
 */
public final class FirstDifference {
  /** Steps between comparisons. */
  public static final long DEFAULT_STRIDE = 20_000_000;

  /** In how many strides an interval is cut where a difference comes only without a halt. */
  private static final long FINER = 256;

  private final ComparedRun first;
  private final ComparedRun second;
  private final RunPair pair;
  private final long stride;

  /**
   * Two runs at power-on. They stay with the caller, who closes them.
   *
   * @param stride steps between comparisons, at least 1
   */
  public FirstDifference(ComparedRun first, ComparedRun second, long stride) {
    if (stride < 1) {
      throw new IllegalArgumentException("comparisons are at least one step apart");
    }
    this.first = first;
    this.second = second;
    this.stride = stride;
    pair = new RunPair(first, second);
  }

  /**
   * Finds it; both machines go all the way. Afterwards they stand at the instant before it, in
   * equal states unless they differ from power-on.
   *
   * @return the difference; empty if there is none up to the end of the shorter recording
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  public Optional<RunDifference> find() throws RecordingException {
    return find(false);
  }

  /**
   * Finds it where both machines are run by the same engine in the same way. If their descriptions
   * are equal too, only one of them goes to the last of the first hashes that the recordings have
   * in common, which it verifies. Else as {@link #find()}.
   *
   * @return the difference; empty if there is none up to the end of the shorter recording
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  public Optional<RunDifference> findOfEqualEngines() throws RecordingException {
    return find(first.machine().description().equals(second.machine().description()));
  }

  private Optional<RunDifference> find(boolean skips) throws RecordingException {
    try (Shared powerOn = pair.share()) {
      if (!pair.same()) {
        return Optional.of(pair.difference(Cause.POWER_ON, powerOn));
      }
      long end = Math.min(first.end(), second.end());
      long input = firstOtherInput();
      if (skips) {
        skip(powerOn, Math.min(end, Math.min(input, firstOtherIntervention())));
      }
      return search(powerOn, Math.min(end, input), input < end);
    }
  }

  /** The tick of the first input that only one run has. */
  private long firstOtherInput() {
    return firstOther(first.recording().inputs(), second.recording().inputs(), TimedInput::tick);
  }

  /** The tick of the first intervention that only one run has. */
  private long firstOtherIntervention() {
    return firstOther(
        first.recording().interventions(), second.recording().interventions(), Intervention::tick);
  }

  private static <T> long firstOther(List<T> a, List<T> b, ToLongFunction<T> tick) {
    int i = 0;
    while (i < a.size() && i < b.size() && a.get(i).equals(b.get(i))) {
      i++;
    }
    return Math.min(
        i < a.size() ? tick.applyAsLong(a.get(i)) : World.NEVER,
        i < b.size() ? tick.applyAsLong(b.get(i)) : World.NEVER);
  }

  /** The tick of the last of the first hashes that both recordings have; 0 if there are none. */
  private long lastSharedHash(long until) {
    List<PeriodicHash> a = first.recording().hashes();
    List<PeriodicHash> b = second.recording().hashes();
    long last = 0;
    for (int i = 0; i < a.size() && i < b.size() && a.get(i).equals(b.get(i)); i++) {
      if (a.get(i).tick() <= until) {
        last = a.get(i).tick();
      }
    }
    return last;
  }

  /** The first run goes to the last shared hash, and the second takes over its state. */
  private void skip(Shared powerOn, long until) throws RecordingException {
    long shared = lastSharedHash(until);
    while (first.machine().now() < shared && first.disagreement().isEmpty() && !first.isOver()) {
      first.advance(first.nextHash(first.machine().now()), Long.MAX_VALUE);
      first.verify(first.machine().digest());
    }
    if (first.machine().now() == shared && first.disagreement().isEmpty()) {
      try (Checkpoint there = first.save()) {
        second.load(there);
      }
    } else {
      pair.back(powerOn);
    }
  }

  /** Both go side by side from a state that they share. */
  private Optional<RunDifference> search(Shared powerOn, long limit, boolean inputFollows)
      throws RecordingException {
    Shared last = pair.share();
    try {
      while (last.tick() < limit && !first.isOver()) {
        long hash = Math.min(first.nextHash(last.tick()), second.nextHash(last.tick()));
        long until = Math.min(limit, hash);
        pair.advance(until, stride);
        boolean same = pair.same();
        pair.verify();
        if (!same) {
          return Optional.of(narrow(powerOn, last, until));
        }
        last = pair.shareInsteadOf(last);
      }
      return inputFollows && !first.isOver() ? Optional.of(input(last)) : Optional.empty();
    } finally {
      last.close();
    }
  }

  private RunDifference input(Shared before) throws RecordingException {
    pair.advance(before.tick() + 1, 0);
    RunDifference found = pair.difference(Cause.INPUT, before);
    pair.back(before);
    return found;
  }

  /** The present states differ, and after the same way from an earlier instant were equal. */
  private RunDifference narrow(Shared powerOn, Shared last, long until) throws RecordingException {
    RunDifference seen = pair.difference(Cause.UNREPEATABLE, last);
    // one more than it took: after the last step time may have passed
    long most = Math.min(stride, pair.steps() - last.steps() + 1);
    RunDifference found = bisect(last, until, most);
    if (found == null) {
      found = straight(powerOn, last.steps(), last.steps() + most, until);
    }
    if (found == null) {
      pair.back(last);
      return seen;
    }
    return found;
  }

  /**
   * Looks for one step or event between equal states and different ones.
   *
   * @param from equal states
   * @param until going to this tick, but not further than {@code most} steps, makes a difference
   * @return what it is, or null if no difference comes if it is run in pieces
   */
  private @Nullable RunDifference bisect(Shared from, long until, long most)
      throws RecordingException {
    pair.back(from);
    Shared base = pair.share();
    try {
      pair.advance(until, 0);
      long steps = 0;
      if (pair.same()) {
        base = bisectSteps(pair.shareInsteadOf(base), until, most);
        steps = 1;
      }
      base = bisectTicks(base, until, steps);
      pair.back(base);
      pair.advance(base.tick() + 1, 0);
      Cause cause = Cause.EVENTS;
      if (pair.same()) {
        base = pair.shareInsteadOf(base);
        pair.advance(base.tick() + 1, 1);
        cause = pair.stepper(base).isPresent() ? Cause.STEP : Cause.TIME;
      }
      if (pair.same()) {
        return null;
      }
      RunDifference found = pair.difference(cause, base);
      pair.back(base);
      return found;
    } finally {
      base.close();
    }
  }

  /** From equal states to those after which the next step, or what precedes it, differs. */
  private Shared bisectSteps(Shared from, long until, long most) throws RecordingException {
    Shared base = from;
    long low = 0;
    long high = most;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      pair.back(base);
      pair.advance(until, middle - low);
      if (pair.same()) {
        base = pair.shareInsteadOf(base);
        low = middle;
      } else {
        high = middle;
      }
    }
    return base;
  }

  /** From equal states to the last equal ones at a tick, if at most one step is between. */
  private Shared bisectTicks(Shared from, long until, long most) throws RecordingException {
    Shared base = from;
    long steps = most;
    pair.back(base);
    pair.advance(until, steps);
    long low = base.tick();
    long high = Math.min(until, pair.tick() + 1);
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      pair.back(base);
      pair.advance(middle, steps);
      if (pair.same()) {
        steps -= pair.steps() - base.steps();
        base = pair.shareInsteadOf(base);
        low = middle;
      } else {
        high = middle;
      }
    }
    return base;
  }

  /**
   * Looks for one step between two numbers of steps, where both machines always come from power-on
   * without going back.
   *
   * @return what it is, or null if the difference does not come
   */
  private @Nullable RunDifference straight(Shared powerOn, long from, long to, long until)
      throws RecordingException {
    long low = from;
    long high = to;
    while (true) {
      long finer = Math.ceilDiv(high - low, FINER);
      pair.back(powerOn);
      pair.advance(until, low);
      Shared last = pair.share();
      try {
        if (!pair.same()) {
          return null;
        }
        do {
          last = pair.shareInsteadOf(last);
          pair.advance(until, finer);
        } while (pair.same() && pair.tick() < until && last.steps() + finer < high);
        if (pair.same()) {
          return null;
        }
        if (finer == 1) {
          Cause cause = pair.stepper(last).isPresent() ? Cause.STEP : Cause.EVENTS;
          RunDifference found = pair.difference(cause, last);
          pair.back(last);
          return found;
        }
        low = last.steps();
        high = low + finer;
      } finally {
        last.close();
      }
    }
  }
}
