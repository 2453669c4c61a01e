package dev.hindsight.cpu;

/** Is told of each data access by linear address: data breakpoints of the debug registers. */
@FunctionalInterface
public interface AccessWatcher {
  /**
   * An access was made; one that crosses pages is reported as two.
   *
   * @param linear linear address of the first byte
   * @param physical physical address of the first byte
   * @param access a bit of {@link dev.hindsight.cpu.paging.Access}
   */
  void accessed(long linear, long physical, int bytes, int access);
}
