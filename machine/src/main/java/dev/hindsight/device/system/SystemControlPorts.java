package dev.hindsight.device.system;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;
import java.util.function.BooleanSupplier;

/**
 * System control ports A and B.
 *
 * <p>Port B has the gate of the 8254's counter 2, the speaker's enable bit (nobody hears the
 * speaker), the enable bits of the parity and channel checks (there are no such errors), counter
 * 2's output, and a bit that toggles with each refresh of the memory, every 15.085 µs, with which
 * software measures short times. Port A has the fast A20 gate and the fast reset.
 *
 * <p>The A20 gate follows whoever was told last, this port or the keyboard controller. The gate of
 * counter 2 is low after a reset, so this chip is to be reset after the timer.
 */
public final class SystemControlPorts implements Device<SystemControlPorts.State> {
  private static final int GATE_2 = 1;
  private static final int STORED_B = 0x0F;
  private static final int REFRESH = 1 << 4;
  private static final int OUT_2 = 1 << 5;

  private static final int FAST_RESET = 1;
  private static final int A20 = 1 << 1;

  /** A refresh is asked for by the timer: every 18 cycles of its clock. */
  private static final long REFRESH_CYCLES = 18;

  private static final long TIMER_HZ = 1_193_182;

  private final String name;
  private final VirtualClock clock;
  private final SystemControl system;
  private final InterruptLine gate2;
  private final BooleanSupplier out2;
  private int portA;
  private int portB;

  /**
   * The two ports.
   *
   * @param gate2 the gate of the timer's counter 2
   * @param out2 the level of that counter's output
   */
  public SystemControlPorts(
      String name,
      VirtualClock clock,
      SystemControl system,
      InterruptLine gate2,
      BooleanSupplier out2) {
    this.name = name;
    this.clock = clock;
    this.system = system;
    this.gate2 = gate2;
    this.out2 = out2;
  }

  /** The writable bits of both ports. */
  public record State(int portA, int portB) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  /** The gate of A20 is open after a reset, which is the board's doing. */
  @Override
  public void reset() {
    portA = A20;
    portB = 0;
    driveGate();
  }

  @Override
  public State save() {
    return new State(portA, portB);
  }

  @Override
  public void load(State state) {
    portA = state.portA();
    portB = state.portB();
    driveGate();
  }

  private void driveGate() {
    gate2.set((portB & GATE_2) != 0);
  }

  /** Port A, one byte (92h in a PC). */
  public IoRegion portA() {
    return new Port() {
      @Override
      public long peek(long offset, int bytes) {
        return portA & (FAST_RESET | A20);
      }

      @Override
      public void write(long offset, int bytes, long value) {
        int before = portA;
        portA = (int) value & (FAST_RESET | A20);
        system.a20((portA & A20) != 0);
        if ((portA & ~before & FAST_RESET) != 0) {
          system.reset();
        }
      }
    };
  }

  /** Port B, one byte (61h in a PC). */
  public IoRegion portB() {
    return new Port() {
      @Override
      public long peek(long offset, int bytes) {
        return portB & STORED_B | (refresh() ? REFRESH : 0) | (out2.getAsBoolean() ? OUT_2 : 0);
      }

      @Override
      public void write(long offset, int bytes, long value) {
        portB = (int) value & STORED_B;
        driveGate();
      }
    };
  }

  private boolean refresh() {
    long now = clock.now();
    long second = clock.ticksPerSecond();
    long cycles = now / second * TIMER_HZ + now % second * TIMER_HZ / second;
    return (cycles / REFRESH_CYCLES & 1) != 0;
  }

  /** A register of one byte whose reading has no side effects. */
  private abstract static class Port implements IoRegion {
    @Override
    public long read(long offset, int bytes) {
      return peek(offset, bytes);
    }
  }
}
