package dev.hindsight.cpu.paging;

/** Decides whether instructions may reach a page without anybody hearing of it. */
@FunctionalInterface
public interface DirectAccess {
  /** Everything may be. */
  DirectAccess ALWAYS = (linearPage, physicalPage, access) -> true;

  /**
   * Whether accesses may go straight to the host.
   *
   * @param linearPage linear address of the page
   * @param physicalPage physical address of the page
   * @param access one bit of {@link Access}
   */
  boolean allows(long linearPage, long physicalPage, int access);
}
