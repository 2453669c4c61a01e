package dev.hindsight.bus;

/** Whoever keeps something that was derived from guest memory or from its host addresses. */
public interface MemoryListener {
  /**
   * Bytes of a watched page were written (by a CPU or by DMA), equal values included.
   *
   * @param address physical address of the first byte; the range lies within one page
   * @param length number of bytes
   */
  void written(long address, int length);

  /**
   * Bytes of a page with a watch of kind {@link PhysicalMemory.Watch#STOP_READ} were read by DMA.
   *
   * @param address physical address of the first byte; the range lies within one page
   * @param length number of bytes
   */
  default void read(long address, int length) {}

  /**
   * Host addresses that {@link PhysicalMemory#writePage} gave out are void (a snapshot was made).
   */
  void writeAccessRevoked();

  /** Write access to one page is void (it is watched now). */
  void writeAccessRevoked(long page);

  /** A page moved within the host: what {@link PhysicalMemory#readPage} gave out for it is void. */
  void pageMoved(long page);

  /** All host addresses and all that was derived from contents are void (map change). */
  void allAccessRevoked();

  /**
   * A page has other contents now, because an earlier state of memory came back. Nobody wrote to
   * it, but what derives from its contents is void.
   */
  void pageReplaced(long page);

  /** All host addresses are void (an earlier state of memory came back). */
  void addressesRevoked();
}
