package dev.hindsight.cpu.paging;

/** Bits for what an access does, and for what a translation permits. */
public final class Access {
  public static final int READ = 1;
  public static final int WRITE = 1 << 1;
  public static final int EXECUTE = 1 << 2;

  private Access() {}
}
