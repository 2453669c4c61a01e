package dev.hindsight.cpu;

/**
 * What the vCPUs of a machine share beyond memory: how many they are, the clock that all of them
 * read, and the seed of their random numbers.
 *
 * <p>vCPUs run one after another, so that one may be ahead of another by up to a quantum. A clock
 * that was read on one must not seem to run backwards on another; {@link #readClock} sees to that.
 * The latest time read is state of the machine.
 */
public final class CpuPackage {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private final int vcpus;
  private final long ticksPerSecond;
  private final long seed;
  private long latestRead;

  /**
   * The package of a machine.
   *
   * @param vcpus number of vCPUs, at least 1
   * @param ticksPerSecond ticks in a virtual second: the frequency of the time-stamp counter in Hz
   * @param seed where RDRAND and RDSEED get their numbers from
   */
  public CpuPackage(int vcpus, long ticksPerSecond, long seed) {
    this.vcpus = vcpus;
    this.ticksPerSecond = ticksPerSecond;
    this.seed = seed;
  }

  /** Number of vCPUs. */
  public int vcpus() {
    return vcpus;
  }

  /** Frequency of the time-stamp counter in Hz. */
  public long ticksPerSecond() {
    return ticksPerSecond;
  }

  /**
   * The time as a vCPU reads it: its own, but never less than what any vCPU has read before.
   *
   * @param tick tick of the vCPU
   */
  public long readClock(long tick) {
    latestRead = Math.max(latestRead, tick);
    return latestRead;
  }

  /** The latest time that was read. */
  public long latestRead() {
    return latestRead;
  }

  /** Restores the latest time that was read. */
  public void latestRead(long tick) {
    latestRead = tick;
  }

  /**
   * A random number: a function of the seed, the vCPU and how many it has drawn.
   *
   * @param vcpu its number
   * @param counter how many it has drawn before
   */
  public long random(int vcpu, long counter) {
    return mix(mix(seed + GOLDEN * (vcpu + 1L)) + GOLDEN * (counter + 1));
  }

  /** A bijection of 64-bit numbers in which each bit of the result depends on all of the input. */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
