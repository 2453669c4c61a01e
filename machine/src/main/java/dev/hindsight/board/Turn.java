package dev.hindsight.board;

import dev.hindsight.bus.VirtualClock;
import dev.hindsight.cpu.CpuPackage;
import dev.hindsight.cpu.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, and with it what time it is: while a vCPU runs, the present is the tick of its
 * current instruction.
 *
 * <p>It also decides what happens at once. What a vCPU causes reaches itself at once; with several
 * vCPUs, what it causes elsewhere waits for the end of the quantum.
 */
final class Turn implements VirtualClock {
  private final CpuPackage common;
  private long now;
  private @Nullable Vcpu running;

  Turn(CpuPackage common) {
    this.common = common;
  }

  void begin(Vcpu vcpu) {
    running = vcpu;
  }

  void end() {
    running = null;
  }

  /** The present while no vCPU runs. */
  void now(long tick) {
    now = tick;
  }

  /** Whether there is one vCPU only. */
  boolean isAlone() {
    return common.vcpus() == 1;
  }

  /** The vCPU that runs, or 0 if none does. */
  int runningCpu() {
    Vcpu v = running;
    return v == null ? 0 : v.index();
  }

  /** Whether what is sent to a vCPU reaches it at once. */
  boolean reaches(int vcpu) {
    Vcpu v = running;
    return v == null || v.index() == vcpu;
  }

  /** Whether what is sent to everybody arrives at once. */
  boolean reachesAll() {
    return running == null || isAlone();
  }

  /** Something has come up that a lone vCPU must not run past. */
  void callBoard() {
    Vcpu v = running;
    if (v != null && isAlone()) {
      v.endRun();
    }
  }

  @Override
  public long now() {
    Vcpu v = running;
    return v == null ? now : common.readClock(v.tick());
  }

  @Override
  public long ticksPerSecond() {
    return common.ticksPerSecond();
  }
}
