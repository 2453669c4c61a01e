package dev.hindsight.device.system;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;

/**
 * The reset control register (Intel 82371SB and ICH data sheets, "RST_CNT"; CF9h in a PC): bit 1
 * chooses a hard reset, and the change of bit 2 from 0 to 1 is the reset. Hard and soft resets are
 * the same here.
 *
 * <p>It is one byte, inside the range of the PCI address register, which takes only accesses of
 * four bytes.
 */
public final class ResetControl implements Device<ResetControl.State>, IoRegion {
  /** Number of registers. */
  public static final int LENGTH = 1;

  private static final int SYSTEM_RESET = 1 << 1;
  private static final int RESET_CPU = 1 << 2;

  private final String name;
  private final SystemControl system;
  private int value;

  /** The register of a machine. */
  public ResetControl(String name, SystemControl system) {
    this.name = name;
    this.system = system;
  }

  /** Bits 1 and 2 as written. */
  public record State(int value) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
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
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return value & 0xFF;
  }

  @Override
  public void write(long offset, int bytes, long written) {
    int before = value;
    value = (int) written & (SYSTEM_RESET | RESET_CPU);
    if ((value & ~before & RESET_CPU) != 0) {
      system.reset();
    }
  }
}
