package dev.hindsight.bus;

/**
 * The physical address space as CPUs and DMA see it: RAM, ROM, and device registers. Where nothing
 * answers, reads give all ones and writes vanish.
 *
 * <p>The fast path of a CPU keeps host addresses of pages that {@link #readPage} and {@link
 * #writePage} gave out, and must drop them when told so through a {@link MemoryListener}.
 */
public interface PhysicalMemory {
  /** Bits of a physical page number below which the address lies within the page. */
  int PAGE_SHIFT = 12;

  /** Bytes in a page. */
  int PAGE_SIZE = 1 << PAGE_SHIFT;

  /**
   * Host address of a page that may be read directly.
   *
   * @param page physical page number (physical address / 4096)
   * @return host address of its first byte, or 0 where each read must go through {@link #read}
   */
  long readPage(long page);

  /**
   * Host address of a page that may be written directly; the page becomes private to this machine
   * and counts as written.
   *
   * @return host address of its first byte, or 0 where each write must go through {@link #write}
   *     (device registers, ROM, nothing there, or a page that is {@linkplain #watch watched})
   */
  long writePage(long page);

  /**
   * What tells of the bytes of a page with {@linkplain #protect code} which of them may be written
   * directly; the page becomes private to this machine and counts as written.
   *
   * @return host address of a {@link WriteGuard}, or 0 where {@link #writePage} decides. It is void
   *     when what {@link #writePage} gave out is
   */
  long guardPage(long page);

  /**
   * Reads 1 to 8 bytes, device registers with their side effects included; may cross pages.
   *
   * @param address physical address
   * @return the value, zero-extended
   */
  long read(long address, int bytes);

  /** What {@link #read} would return, without side effects. */
  long peek(long address, int bytes);

  /**
   * Writes 1 to 8 bytes: the one path that CPU slow paths and DMA share. Listeners hear of it after
   * the bytes changed.
   */
  void write(long address, int bytes, long value);

  /** Copies guest memory out, for DMA and debuggers; what is not RAM or ROM reads as all ones. */
  void read(long address, byte[] into, int offset, int length);

  /** DMA into guest memory; bytes that do not fall on RAM vanish. Listeners hear of it. */
  void write(long address, byte[] from, int offset, int length);

  /**
   * The address that gets through to the bus: while the A20 gate is closed, bit 20 is 0. Who keeps
   * something by address keeps it by this one, for that is what {@link #watch} takes and what
   * listeners are told.
   */
  long busAddress(long address);

  /**
   * Has writes to a page, by its {@linkplain #busAddress bus address}, reported to {@link
   * MemoryListener#written}. {@link #writePage} gives 0 for it until {@link #unwatch}. Watches of
   * several kinds are counted apart.
   */
  void watch(long page, Watch kind);

  /** Takes a watch back. */
  void unwatch(long page, Watch kind);

  /** Whether a page has a watch of a kind. */
  boolean isWatched(long page, Watch kind);

  /**
   * Has writes to bytes from which code was decoded reported to {@link MemoryListener#written}, and
   * perhaps writes to other bytes of their page. Who is told must {@linkplain #release forget} all
   * code that has bytes among the written ones.
   *
   * @param address {@linkplain #busAddress bus address} of the first byte; all lie in one page
   */
  void protect(long address, int length);

  /** Takes back what {@link #protect} was asked for with the same arguments. */
  void release(long address, int length);

  /**
   * Where the {@link WriteGuard} of a page with code lies, in which the page's host address is kept
   * for reads while any bytes of it are {@linkplain #protect protected}.
   *
   * @return its host address, or 0 if the page has none
   */
  long guard(long page);

  /** Whether a write to some of these bytes, which lie in one page, is reported. */
  boolean isProtected(long address, int length);

  /** Adds a listener; listeners are called in the order of their addition. */
  void addListener(MemoryListener listener);

  /** Why somebody wants to hear of writes to a page. */
  enum Watch {
    /** Code was decoded from some bytes of it, and it is not known which. */
    CODE,
    /** It holds page-table entries that were walked. */
    PAGE_TABLE,
    /** A vCPU monitors a line of it (MONITOR). */
    MONITOR,
    /** A debugger, probe or assertion asked. */
    STOP,
    /** The same for reads by DMA, which are reported to {@link MemoryListener#read}. */
    STOP_READ
  }
}
