package dev.hindsight.device.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.device.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ACPI 4.8 says about fixed hardware. */
class AcpiPowerManagementTest {
  private static final int STATUS = 0;
  private static final int ENABLE = 2;
  private static final int TMR = 1;
  private static final int PWRBTN = 0x100;

  /** Ticks of a half period of bit 31 of the timer, rounded up: 2^31 / 3579545 Hz. */
  private static final long CARRY = 599_932_015_941L;

  private final Rig rig = new Rig();
  private final AcpiPowerManagement acpi =
      new AcpiPowerManagement("dut", rig, rig.deadlines(), rig.line("sci"), rig.system());

  AcpiPowerManagementTest() {
    acpi.reset();
  }

  private static int read(IoRegion region, int offset, int bytes) {
    return (int) region.read(offset, bytes);
  }

  @Test
  void theMachineIsAlwaysInAcpiMode() {
    assertThat(read(acpi.control(), 0, 2)).isEqualTo(1);
    acpi.control().write(0, 2, 0);
    assertThat(read(acpi.control(), 0, 2)).isEqualTo(1);
    assertThat(rig.takeEvents()).isEmpty();
  }

  @Test
  void sleepEnableWithTheTypeOfS5SwitchesOff() {
    acpi.control().write(0, 2, 0x2000);
    assertThat(rig.takeEvents()).containsExactly("power off");
    // in two halves, as AML may do
    acpi.control().write(0, 1, 1);
    acpi.control().write(1, 1, 0x20);
    assertThat(rig.takeEvents()).containsExactly("power off");
    // SLP_EN is write-only
    assertThat(read(acpi.control(), 0, 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7})
  void otherSleepTypesDoNothing(int type) {
    acpi.control().write(0, 2, 0x2000 | type << 10);
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(read(acpi.control(), 0, 2)).isEqualTo(type << 10 | 1);
  }

  @Test
  void powerButton() {
    acpi.input(new Input.PowerButton());
    assertThat(read(acpi.events(), STATUS, 2)).isEqualTo(PWRBTN);
    assertThat(rig.level("sci")).isFalse();
    acpi.events().write(ENABLE, 2, PWRBTN);
    assertThat(rig.level("sci")).isTrue();
    // writing zeros clears nothing
    acpi.events().write(STATUS, 2, ~PWRBTN & 0xFFFF);
    assertThat(rig.level("sci")).isTrue();
    acpi.events().write(STATUS, 2, PWRBTN);
    assertThat(rig.level("sci")).isFalse();
    assertThat(read(acpi.events(), 0, 4)).isEqualTo(PWRBTN << 16);
  }

  @Test
  void theEnableRegisterKeepsTheFixedEvents() {
    acpi.events().write(ENABLE, 2, 0xFFFF);
    assertThat(read(acpi.events(), ENABLE, 2)).isEqualTo(0x0721);
    // a byte of it, and nothing of the other
    acpi.events().write(ENABLE, 1, 0);
    assertThat(read(acpi.events(), ENABLE, 2)).isEqualTo(0x0700);
    assertThat(read(acpi.events(), ENABLE + 1, 1)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "279, 0", "280, 1", "1000000, 3579", "1000000000, 3579545"})
  void timerCountsAt3Point579545MHz(long ticks, int count) {
    rig.advance(acpi, ticks);
    assertThat(read(acpi.timer(), 0, 4)).isEqualTo(count);
    acpi.timer().write(0, 4, 0);
    assertThat(read(acpi.timer(), 0, 4)).isEqualTo(count);
    assertThat(read(acpi.timer(), 1, 1)).isEqualTo(count >>> 8 & 0xFF);
  }

  /** TMR_STS is set when bit 31 changes, in either direction. */
  @Test
  void timerCarry() {
    rig.advance(acpi, CARRY - 1);
    assertThat(read(acpi.timer(), 0, 4)).isEqualTo(Integer.MAX_VALUE);
    assertThat(read(acpi.events(), STATUS, 2)).isZero();
    rig.advance(acpi, 1);
    assertThat(read(acpi.timer(), 0, 4)).isEqualTo(Integer.MIN_VALUE);
    assertThat(read(acpi.events(), STATUS, 2)).isEqualTo(TMR);
    acpi.events().write(STATUS, 2, TMR);
    assertThat(read(acpi.events(), STATUS, 2)).isZero();
    rig.advance(acpi, CARRY);
    assertThat(read(acpi.timer(), 0, 4)).isZero();
    assertThat(read(acpi.events(), STATUS, 2)).isEqualTo(TMR);
    assertThat(rig.level("sci")).isFalse();
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void timerCarryInterrupts() {
    acpi.events().write(ENABLE, 2, TMR);
    rig.advance(acpi, CARRY - 1);
    assertThat(rig.level("sci")).isFalse();
    rig.advance(acpi, 1);
    assertThat(rig.level("sci")).isTrue();
    // until it is cleared there is nothing to wait for
    assertThat(rig.pending().pending()).isEmpty();
    acpi.events().write(STATUS, 2, TMR);
    assertThat(rig.level("sci")).isFalse();
    rig.advance(acpi, CARRY);
    assertThat(rig.level("sci")).isTrue();
  }

  @Test
  void generalPurposeEvents() {
    acpi.generalPurposeEvent(9);
    assertThat(read(acpi.gpe(), 0, 4)).isEqualTo(0x200);
    assertThat(rig.level("sci")).isFalse();
    acpi.gpe().write(3, 1, 0x02);
    assertThat(rig.level("sci")).isTrue();
    acpi.gpe().write(1, 1, 0x02);
    assertThat(rig.level("sci")).isFalse();
    assertThat(read(acpi.gpe(), 0, 4)).isEqualTo(0x200_0000);
  }
}
