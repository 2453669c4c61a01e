package dev.hindsight.timeline;

import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.StopObserver;
import java.util.ArrayList;
import java.util.List;

/** Keeps the latest of all hits that come before a number of steps. */
final class LatestHits implements StopObserver {
  private final long before;
  private final List<StopHit> hits = new ArrayList<>();

  /**
   * None yet.
   *
   * @param before hits of a step that comes after so many do not count
   */
  LatestHits(long before) {
    this.before = before;
  }

  @Override
  public boolean hit(StopHit hit) {
    boolean isTransfer = hit.vcpu() == StopHit.DEVICE;
    if (hit.steps() < before || isTransfer && hit.steps() == before) {
      if (!hits.isEmpty() && !isSameInstant(hits.getFirst(), hit)) {
        hits.clear();
      }
      hits.add(hit);
    }
    return false;
  }

  private static boolean isSameInstant(StopHit a, StopHit b) {
    return a.steps() == b.steps()
        && a.tick() == b.tick()
        && (a.vcpu() == StopHit.DEVICE) == (b.vcpu() == StopHit.DEVICE);
  }

  /** They, all of one instant; empty if there were none. */
  List<StopHit> hits() {
    return List.copyOf(hits);
  }
}
