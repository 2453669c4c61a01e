package dev.hindsight.board;

import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.state.Schema;
import java.util.List;

/**
 * What the board itself has to remember.
 *
 * @param schedule whose turn it is
 * @param latestClockRead the latest time that any vCPU has read
 * @param a20 whether the A20 gate is open
 * @param deadlines all deadlines of the chips
 * @param messages APIC messages under way, in the order in which they were sent
 * @param pins what waits for the end of the quantum before it reaches the vCPUs, one for each
 */
@Schema(version = 2)
public record BoardState(
    Schedule schedule,
    long latestClockRead,
    boolean a20,
    Deadlines.State deadlines,
    List<ApicMessage> messages,
    List<Pins> pins) {

  /**
   * Where the scheduler stands.
   *
   * @param now tick of the last instant at which all vCPUs were at one tick
   * @param inputsTaken whether the inputs and deadlines of {@code now} are done
   * @param inQuantum whether vCPUs are on their way through a quantum
   * @param quantumEnd tick at which the quantum ends, else 0
   * @param current the vCPU whose turn it is in the quantum, else 0
   * @param progressed whether any vCPU has executed anything in the quantum
   * @param poweredOff whether the machine is switched off, or will be at the end of the quantum
   * @param resetRequested whether a chip has asked for a reset
   * @param resetReported whether a run has returned to say so
   * @param tripleFault whether a vCPU is in shutdown
   * @param exited whether the guest switched the machine off with a code
   * @param exitCode the code, else 0
   */
  public record Schedule(
      long now,
      boolean inputsTaken,
      boolean inQuantum,
      long quantumEnd,
      int current,
      boolean progressed,
      boolean poweredOff,
      boolean resetRequested,
      boolean resetReported,
      boolean tripleFault,
      boolean exited,
      int exitCode) {}

  /**
   * Signals that wait for the end of the quantum.
   *
   * @param intrWaits whether INTR is to change
   * @param intr the level that INTR will have
   * @param nmi whether NMI was pulsed
   * @param init whether INIT was pulsed
   * @param startupWaits whether there was a start-up
   * @param startupVector its vector
   */
  public record Pins(
      boolean intrWaits,
      boolean intr,
      boolean nmi,
      boolean init,
      boolean startupWaits,
      int startupVector) {
    /** Nothing waits. */
    public static final Pins NONE = new Pins(false, false, false, false, false, 0);
  }
}
