package dev.hindsight.device.vassert;

/**
 * A state page that a guest has registered.
 *
 * @param addressSpace physical address of the root of the paging structures; 0 where paging is off
 * @param linear linear address of the page
 * @param physical physical address of the page when it was registered, or {@link #UNMAPPED}
 */
public record Registration(long addressSpace, long linear, long physical) {
  /** No page was there when it was registered. */
  public static final long UNMAPPED = -1;

  /** Where in its page the byte is that a guest reads before each check. */
  public static final int FLAG = 1221;

  /** Linear address of the flag. */
  public long flag() {
    return linear + FLAG;
  }

  /** Whether it is of the same address in the same address space as another. */
  boolean isAt(long otherSpace, long otherLinear) {
    return addressSpace == otherSpace && linear == otherLinear;
  }
}
