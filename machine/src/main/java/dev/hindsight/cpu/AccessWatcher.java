package dev.hindsight.cpu;

/** Is told of each data access by linear address: data breakpoints, and {@link Stops}. */
@FunctionalInterface
public interface AccessWatcher {
  /**
   * An access was made.
   *
   * @param linear linear address of the first byte
   * @param access a bit of {@link dev.hindsight.cpu.paging.Access}
   */
  void accessed(long linear, int bytes, int access);
}
