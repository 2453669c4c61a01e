package dev.hindsight.device.virtio;

import dev.hindsight.bus.pci.PciSlot;

/**
 * A virtio entropy device (virtio 1.2, 5.4), whose bytes follow from a seed: they are the same in
 * each run. 10 us after a notification, each buffer gets up to 4,096 bytes.
 *
 * <p>Byte <i>n</i> of the sequence, from 0, is byte <i>n</i> mod 8 (the lowest is 0) of block
 * <i>n</i> / 8. Block <i>k</i> is the output function of SplitMix64 (Steele, Lea, Flood: "Fast
 * Splittable Pseudorandom Number Generators", variant 13 of David Stafford's mixers) of <i>seed</i>
 * + (<i>k</i> + 1) * 9E3779B97F4A7C15h, modulo 2^64. This is no secret to whoever knows the seed.
 */
public final class VirtioEntropy extends VirtioDevice<VirtioEntropy.State> {
  private static final int TYPE = 4;
  private static final int CLASS_UNASSIGNED = 0xFF0000;
  private static final int MOST_BYTES = 4096;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final Timing TIMING = new Timing(10_000, 0);

  private final long seed;
  private long position;

  /**
   * A source of bytes.
   *
   * @param seed what they follow from
   */
  public VirtioEntropy(String name, PciSlot slot, long seed) {
    super(name, slot, TYPE, CLASS_UNASSIGNED, 0, 1, TIMING, new byte[0]);
    this.seed = seed;
  }

  /**
   * The whole state; the seed is part of the machine's description.
   *
   * @param position number of bytes that were given out
   */
  public record State(Transport transport, long position) {}

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public State save() {
    return new State(saveTransport(), position);
  }

  @Override
  public void load(State state) {
    position = state.position();
    loadTransport(state.transport());
  }

  @Override
  public void reset() {
    position = 0;
    super.reset();
  }

  @Override
  long serve(int queue, DescriptorChain chain) {
    byte[] bytes = new byte[(int) Math.min(MOST_BYTES, chain.writableBytes())];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = at(seed, position++);
    }
    chain.write(0, bytes, bytes.length);
    return bytes.length;
  }

  /** A byte of the sequence. */
  static byte at(long seed, long position) {
    long block = seed + ((position >>> 3) + 1) * GOLDEN;
    block = (block ^ block >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    block = (block ^ block >>> 27) * 0x94D0_49BB_1331_11EBL;
    block ^= block >>> 31;
    return (byte) (block >>> 8 * (position & 7));
  }
}
