package dev.hindsight.bus.pci;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.MessageSink;
import java.util.Arrays;

/**
 * The MSI-X capability with its table and pending bits (PCI 3.0, 6.8.2), which fill a base address
 * register of their own: the table at offset 0, the pending bits at {@value #PENDING}.
 *
 * <p>A vector that is signalled while it or the function is masked becomes pending, and is sent
 * when the last mask goes. Nothing is sent while the function is not a bus master.
 */
public final class MsiX implements IoRegion, MessageCapability {
  /** Bytes of registers. */
  public static final int LENGTH = 4096;

  /** Offset of the pending bits. */
  public static final int PENDING = 2048;

  /** The most vectors that this layout has room for. */
  public static final int MOST_VECTORS = PENDING / 16;

  private static final int ENTRY = 16;
  private static final int CONTROL = 12;
  private static final int MASKED = 1;
  private static final int FUNCTION_MASK = 1 << 14;
  private static final int ENABLE = 1 << 15;

  private final ConfigurationSpace space;
  private final MessageSink sink;
  private final int vectors;
  private final int capability;
  private final byte[] table;
  private final byte[] writable;
  private final byte[] pending;

  /**
   * Adds the capability and its base address register.
   *
   * @param bar index of the register, in memory below 4 GiB
   * @param vectors number of vectors, 1 to {@value #MOST_VECTORS}
   * @param sink where messages go
   */
  public MsiX(ConfigurationSpace space, int bar, int vectors, MessageSink sink) {
    if (vectors < 1 || vectors > MOST_VECTORS) {
      throw new IllegalArgumentException("1 to " + MOST_VECTORS + " vectors");
    }
    this.space = space;
    this.sink = sink;
    this.vectors = vectors;
    table = new byte[vectors * ENTRY];
    writable = new byte[vectors * ENTRY];
    pending = new byte[(vectors + 63) / 64 * 8];
    for (int v = 0; v < vectors; v++) {
      LittleEndian.put(writable, v * ENTRY, 8, ~3L);
      LittleEndian.put(writable, v * ENTRY + 8, 8, 0x1_FFFF_FFFFL);
    }
    space.addBar(new BaseAddressRegister(bar, BaseAddressRegister.Kind.MEMORY_32, LENGTH, 8, this));
    capability = space.addCapability(ConfigurationSpace.CAPABILITY_MSI_X, 12);
    space.define(capability + 2, 2, vectors - 1, ENABLE | FUNCTION_MASK);
    space.define(capability + 4, 4, bar, 0);
    space.define(capability + 8, 4, PENDING | bar, 0);
    space.addMessages(this);
    reset();
  }

  /**
   * Table and pending bits; the rest is in the configuration space.
   *
   * @param table 16 bytes for each vector
   * @param pending bit n for vector n, in whole groups of 8 bytes
   */
  public record State(byte[] table, byte[] pending) {}

  /** As at power-on: all vectors masked. The configuration space is reset by its owner. */
  public void reset() {
    for (int v = 0; v < vectors; v++) {
      LittleEndian.put(table, v * ENTRY, 8, 0);
      LittleEndian.put(table, v * ENTRY + 8, 8, (long) MASKED << 32);
    }
    Arrays.fill(pending, (byte) 0);
  }

  /** The state. */
  public State save() {
    return new State(table.clone(), pending.clone());
  }

  /** Becomes what {@link #save} had returned; nothing is sent. */
  public void load(State state) {
    System.arraycopy(state.table(), 0, table, 0, table.length);
    System.arraycopy(state.pending(), 0, pending, 0, pending.length);
  }

  /** Number of vectors. */
  public int vectors() {
    return vectors;
  }

  private boolean control(int bit) {
    return (space.peek(capability + 2, 2) & bit) != 0;
  }

  @Override
  public boolean enabled() {
    return control(ENABLE);
  }

  /**
   * Signals a vector.
   *
   * @param vector its number; one that does not exist signals nothing
   */
  public void signal(int vector) {
    if (vector >= 0 && vector < vectors && enabled()) {
      setPending(vector, true);
      sendPending(vector);
    }
  }

  private void setPending(int vector, boolean value) {
    int bit = 1 << (vector & 7);
    int old = pending[vector >>> 3];
    pending[vector >>> 3] = (byte) (value ? old | bit : old & ~bit);
  }

  private void sendPending(int vector) {
    boolean isPending = (pending[vector >>> 3] >>> (vector & 7) & 1) != 0;
    boolean masked =
        control(FUNCTION_MASK)
            || (LittleEndian.get(table, vector * ENTRY + CONTROL, 4) & MASKED) != 0;
    if (isPending && !masked && enabled() && space.isBusMaster()) {
      setPending(vector, false);
      sink.send(
          LittleEndian.get(table, vector * ENTRY, 8) & ~3L,
          (int) LittleEndian.get(table, vector * ENTRY + 8, 4));
    }
  }

  @Override
  public void written() {
    for (int v = 0; v < vectors; v++) {
      sendPending(v);
    }
  }

  // ---- registers

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return offset >= PENDING
        ? LittleEndian.get(pending, offset - PENDING, bytes)
        : LittleEndian.get(table, offset, bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    if (offset < table.length) {
      LittleEndian.put(table, writable, offset, bytes, value);
      written();
    }
  }
}
