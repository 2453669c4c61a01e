package dev.hindsight.cpu;

/** GDTR or IDTR. */
public final class DescriptorTableRegister {
  private long base;
  private int limit = 0xFFFF;

  /** Linear base address. */
  public long base() {
    return base;
  }

  /** Limit in bytes, 0 to 0xFFFF. */
  public int limit() {
    return limit;
  }

  /** Writes both. */
  public void set(long base, int limit) {
    this.base = base;
    this.limit = limit & 0xFFFF;
  }
}
