package dev.hindsight.device.acpi;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;

/**
 * The fixed hardware of ACPI (ACPI 4.8): power-management events and their interrupt, the control
 * register with which software switches the machine off, the timer, and one block of
 * general-purpose events.
 *
 * <p>The machine is always in ACPI mode: SCI_EN reads as one, and there is no SMI command port
 * (SMI_CMD is 0 in the FADT). The only sleeping state is S5. Of the fixed events, those of the
 * timer and of the power button happen; the others can be enabled but never come.
 *
 * <p>The interrupt is a level: it stays until the status bits are cleared.
 */
public final class AcpiPowerManagement implements Device<AcpiPowerManagement.State>, InputReceiver {
  /** Bytes of {@link #events}: PM1_STS and PM1_EN. */
  public static final int EVENTS_LENGTH = 4;

  /** Bytes of {@link #control}: PM1_CNT. */
  public static final int CONTROL_LENGTH = 2;

  /** Bytes of {@link #timer}: PM_TMR. */
  public static final int TIMER_LENGTH = 4;

  /** Bytes of {@link #gpe}: GPE0_STS and GPE0_EN, 16 events. */
  public static final int GPE_LENGTH = 4;

  /** What the object \_S5 has to name as sleeping type. */
  public static final int SLEEP_TYPE_S5 = 0;

  private static final int TIMER_CARRY = 0;

  private static final int TMR = 1;
  private static final int GBL = 1 << 5;
  private static final int PWRBTN = 1 << 8;
  private static final int SLPBTN = 1 << 9;
  private static final int RTC = 1 << 10;
  private static final int FIXED_EVENTS = TMR | GBL | PWRBTN | SLPBTN | RTC;

  private static final int SCI_EN = 1;
  private static final int BM_RLD = 1 << 1;
  private static final int SLP_TYP_SHIFT = 10;
  private static final int SLP_TYP = 7 << SLP_TYP_SHIFT;
  private static final int SLP_EN = 1 << 13;

  private final String name;
  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final InterruptLine sci;
  private final SystemControl system;
  private final PowerManagementTimer timer;

  private int status;
  private int enable;
  private int control;
  private int gpeStatus;
  private int gpeEnable;
  private long carriesSince;

  /**
   * The fixed hardware of a machine.
   *
   * @param sci the system control interrupt, high while an enabled event stands
   */
  public AcpiPowerManagement(
      String name,
      VirtualClock clock,
      DeadlineQueue deadlines,
      InterruptLine sci,
      SystemControl system) {
    this.name = name;
    this.clock = clock;
    this.deadlines = deadlines;
    this.sci = sci;
    this.system = system;
    timer = new PowerManagementTimer(clock.ticksPerSecond());
  }

  /**
   * The whole state.
   *
   * @param status PM1_STS, without what the timer has done since {@code carriesSince}
   * @param enable PM1_EN
   * @param control BM_RLD and SLP_TYP as written
   * @param carriesSince tick up to which carries of the timer are in {@code status}
   */
  public record State(
      int status, int enable, int control, int gpeStatus, int gpeEnable, long carriesSince) {}

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
    status = 0;
    enable = 0;
    control = 0;
    gpeStatus = 0;
    gpeEnable = 0;
    carriesSince = clock.now();
    update();
  }

  @Override
  public State save() {
    return new State(status, enable, control, gpeStatus, gpeEnable, carriesSince);
  }

  @Override
  public void load(State state) {
    status = state.status();
    enable = state.enable();
    control = state.control();
    gpeStatus = state.gpeStatus();
    gpeEnable = state.gpeEnable();
    carriesSince = state.carriesSince();
    drive();
  }

  // ---- registers

  /** PM1_STS and PM1_EN, two bytes each. */
  public IoRegion events() {
    return new RegisterFile(
        EVENTS_LENGTH,
        new RegisterFile.Contents() {
          @Override
          public int get() {
            return statusAt(clock.now()) | enable << 16;
          }

          @Override
          public void put(int value, int mask) {
            settle(clock.now());
            status &= ~(value & mask);
            enable = (enable & ~(mask >>> 16) | (value & mask) >>> 16) & FIXED_EVENTS;
            update();
          }
        });
  }

  /** PM1_CNT. */
  public IoRegion control() {
    return new RegisterFile(
        CONTROL_LENGTH,
        new RegisterFile.Contents() {
          @Override
          public int get() {
            return control & 0xFFFF | SCI_EN;
          }

          @Override
          public void put(int value, int mask) {
            int next = control & ~mask | value & mask;
            // SLP_EN and GBL_RLS are write-only, the rest is reserved
            control = next & (BM_RLD | SLP_TYP);
            if ((next & SLP_EN) != 0 && (next & SLP_TYP) == SLEEP_TYPE_S5 << SLP_TYP_SHIFT) {
              system.powerOff();
            }
          }
        });
  }

  /** PM_TMR, which counts from power-on. */
  public IoRegion timer() {
    return new RegisterFile(
        TIMER_LENGTH,
        new RegisterFile.Contents() {
          @Override
          public int get() {
            return (int) timer.at(clock.now());
          }

          @Override
          public void put(int value, int mask) {
            // read-only
          }
        });
  }

  /** GPE0_STS and GPE0_EN, two bytes each. */
  public IoRegion gpe() {
    return new RegisterFile(
        GPE_LENGTH,
        new RegisterFile.Contents() {
          @Override
          public int get() {
            return gpeStatus & 0xFFFF | gpeEnable << 16;
          }

          @Override
          public void put(int value, int mask) {
            gpeStatus &= ~(value & mask);
            gpeEnable = gpeEnable & ~(mask >>> 16) | (value & mask) >>> 16;
            update();
          }
        });
  }

  // ---- events

  /** The general-purpose event 0 to 15 has happened. */
  public void generalPurposeEvent(int number) {
    gpeStatus |= 1 << (number & 15);
    update();
  }

  @Override
  public void input(Input input) {
    if (input instanceof Input.PowerButton) {
      status |= PWRBTN;
      update();
    }
  }

  @Override
  public void deadline(int kind, long tick) {
    settle(tick);
    update();
  }

  /** PM1_STS at a tick; ticks before one that was looked at already show what that one did. */
  private int statusAt(long tick) {
    boolean carried = timer.carries(tick) > timer.carries(carriesSince);
    return status & 0xFFFF | (carried ? TMR : 0);
  }

  private void settle(long tick) {
    if (tick > carriesSince) {
      status = statusAt(tick);
      carriesSince = tick;
    }
  }

  private void update() {
    drive();
    if ((enable & TMR) != 0 && (status & TMR) == 0) {
      deadlines.schedule(TIMER_CARRY, timer.nextCarry(carriesSince));
    } else {
      deadlines.cancel(TIMER_CARRY);
    }
  }

  private void drive() {
    sci.set((status & enable & FIXED_EVENTS) != 0 || (gpeStatus & gpeEnable & 0xFFFF) != 0);
  }
}
