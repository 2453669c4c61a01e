package dev.hindsight.cpu;

/**
 * Something that {@link Stops} had asked for has happened.
 *
 * @param vcpu number of the vCPU, or {@link #DEVICE}
 * @param steps the steps that all vCPUs had executed before the one that did it: with a cause of
 *     {@link Code}, the one that is next
 * @param tick the tick of that step
 * @param address linear address of the instruction that did it, or for a {@link Code} of the one
 *     that is next; 0 for a device
 * @param cause what has happened
 */
public record StopHit(int vcpu, long steps, long tick, long address, Cause cause) {
  /** In place of a vCPU: a device did it, between two steps. */
  public static final int DEVICE = -1;

  /** Whether the stop comes before the step, which has not been executed yet. */
  public boolean isBeforeStep() {
    return cause instanceof Code;
  }

  /** What has happened. */
  public sealed interface Cause {}

  /**
   * An instruction is about to be executed.
   *
   * @param linear its linear address
   */
  public record Code(long linear) implements Cause {}

  /**
   * Memory was accessed.
   *
   * @param range the range that was asked for
   * @param linear linear address of the first byte of the access, within one page; the physical
   *     address again where there is none (a device, a page walk, or a range by physical addresses)
   * @param physical physical address of the first byte, or -1 where a range by linear addresses was
   *     asked for and nobody knows
   * @param bytes number of bytes
   */
  public record Access(Stops.Range range, long linear, long physical, int bytes) implements Cause {}

  /**
   * An event.
   *
   * @param event which
   * @param detail vector, port, number of the MSR, physical address, or the new CR3; else 0
   */
  public record Happened(Stops.Event event, long detail) implements Cause {}
}
