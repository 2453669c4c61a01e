package dev.hindsight.bus.pci;

import dev.hindsight.bus.MessageSink;

/**
 * The MSI capability with 64-bit addresses (PCI 3.0, 6.8.1). All its state is in the configuration
 * space.
 *
 * <p>A vector that is signalled while it is masked becomes pending, and is sent when its mask goes.
 * Nothing is sent while the function is not a bus master.
 */
public final class Msi implements MessageCapability {
  private static final int ENABLE = 1;
  private static final int CONTROL = 2;
  private static final int ADDRESS = 4;
  private static final int DATA = 12;
  private static final int MASK = 16;
  private static final int PENDING = 20;
  private static final int MULTIPLE_ENABLE = 7 << 4;
  private static final int ADDRESS_64 = 1 << 7;
  private static final int PER_VECTOR_MASKING = 1 << 8;
  private static final int MOST_LOG2 = 5;

  private final ConfigurationSpace space;
  private final MessageSink sink;
  private final int log2Vectors;
  private final boolean maskable;
  private final int capability;

  /**
   * Adds the capability.
   *
   * @param log2Vectors 0 to 5 for 1 to 32 vectors
   * @param maskable whether each vector can be masked
   * @param sink where messages go
   */
  public Msi(ConfigurationSpace space, int log2Vectors, boolean maskable, MessageSink sink) {
    if (log2Vectors < 0 || log2Vectors > MOST_LOG2) {
      throw new IllegalArgumentException("1 to 32 vectors");
    }
    this.space = space;
    this.sink = sink;
    this.log2Vectors = log2Vectors;
    this.maskable = maskable;
    capability = space.addCapability(ConfigurationSpace.CAPABILITY_MSI, maskable ? 24 : 14);
    space.define(
        capability + CONTROL,
        2,
        log2Vectors << 1 | ADDRESS_64 | (maskable ? PER_VECTOR_MASKING : 0),
        ENABLE | MULTIPLE_ENABLE);
    space.define(capability + ADDRESS, 8, 0, ~3L);
    space.define(capability + DATA, 2, 0, 0xFFFF);
    if (maskable) {
      space.define(capability + MASK, 4, 0, -1L >>> 64 - (1 << log2Vectors));
    }
    space.addMessages(this);
  }

  private int control() {
    return (int) space.peek(capability + CONTROL, 2);
  }

  @Override
  public boolean enabled() {
    return (control() & ENABLE) != 0;
  }

  /**
   * Signals a vector. Where software allows fewer vectors than there are, the higher bits of the
   * number do not count.
   *
   * @param vector 0 to the number of vectors - 1
   */
  public void signal(int vector) {
    if (!enabled()) {
      return;
    }
    int n = vector & allowed() - 1;
    if (maskable) {
      setPending(pending() | 1 << n);
      written();
    } else {
      send(n);
    }
  }

  /** Number of vectors that software allows. */
  private int allowed() {
    return 1 << Math.min((control() & MULTIPLE_ENABLE) >>> 4, log2Vectors);
  }

  private int pending() {
    return (int) space.peek(capability + PENDING, 4);
  }

  private void setPending(int bits) {
    space.set(capability + PENDING, 4, bits);
  }

  @Override
  public void written() {
    if (!maskable || !enabled() || !space.isBusMaster()) {
      return;
    }
    int due = pending() & ~(int) space.peek(capability + MASK, 4);
    setPending(pending() & ~due);
    for (int n = 0; n < 1 << log2Vectors; n++) {
      if ((due >>> n & 1) != 0) {
        send(n);
      }
    }
  }

  /** The low bits of the data, as many as software allows, are the vector's number. */
  private void send(int vector) {
    if (space.isBusMaster()) {
      int data = (int) space.peek(capability + DATA, 2);
      int numbers = allowed() - 1;
      sink.send(space.peek(capability + ADDRESS, 8) & ~3L, data & ~numbers | vector & numbers);
    }
  }
}
