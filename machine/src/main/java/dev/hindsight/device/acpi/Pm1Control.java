package dev.hindsight.device.acpi;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;

/**
 * The PM1 control register (ACPI 4.8.3.2.1), with which software switches the machine off: a write
 * with SLP_EN and the sleeping type of S5, which is 0 here.
 */
public final class Pm1Control implements Device<Pm1Control.State>, IoRegion {
  /** Bytes of registers. */
  public static final int LENGTH = 2;

  private static final int SLP_EN = 1 << 13;
  private static final int SLP_TYP = 7 << 10;
  private static final int S5 = 0;
  private static final int SCI_EN = 1;
  private static final int BM_RLD = 1 << 1;
  private static final int STORED = SCI_EN | BM_RLD | SLP_TYP;

  private final String name;
  private final SystemControl system;
  private int value;

  /** The register of a machine. */
  public Pm1Control(String name, SystemControl system) {
    this.name = name;
    this.system = system;
  }

  /** SCI_EN, BM_RLD and SLP_TYP as written. */
  public record State(int value) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public void reset() {
    value = 0;
  }

  @Override
  public State save() {
    return new State(value);
  }

  @Override
  public void load(State state) {
    value = state.value();
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    int shown = value >>> (8 * (int) (offset & 1));
    return bytes == 1 ? shown & 0xFF : shown;
  }

  @Override
  public void write(long offset, int bytes, long written) {
    int shift = (int) (offset & 1) * 8;
    int mask = (bytes == 1 ? 0xFF : 0xFFFF) << shift & 0xFFFF;
    int next = (value & ~mask) | ((int) written << shift & mask);
    // SLP_EN and GBL_RLS are write-only, the rest is reserved
    value = next & STORED;
    if ((next & SLP_EN) != 0 && (next & SLP_TYP) == S5) {
      system.powerOff();
    }
  }
}
