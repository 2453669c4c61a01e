package dev.hindsight.device.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.device.Rig;
import dev.hindsight.device.pit.Pit8254;
import org.junit.jupiter.api.Test;

/** Ports 61h and 92h, the former together with a real timer. */
class SystemControlPortsTest {
  private static final long MILLISECOND = 1_000_000;

  private final Rig rig = new Rig();
  private final Pit8254 pit = new Pit8254("pit", rig, rig.deadlines(), rig.line("out0"));
  private final SystemControlPorts ports =
      new SystemControlPorts(
          "dut", rig, rig.system(), level -> pit.gate(2, level), () -> pit.output(2));

  SystemControlPortsTest() {
    pit.reset();
    ports.reset();
  }

  private int portB() {
    return (int) ports.portB().read(0, 1);
  }

  @Test
  void portBKeepsItsLowBits() {
    ports.portB().write(0, 1, 0xFF);
    assertThat(portB() & 0xCF).isEqualTo(0x0F);
    ports.portB().write(0, 1, 0xF0);
    assertThat(portB() & 0xCF).isZero();
  }

  /** The refresh bit changes every 15.085 µs, that is 66.287 times in a millisecond. */
  @Test
  void refreshToggles() {
    int changes = 0;
    int before = portB() & 0x10;
    for (int i = 0; i < 10 * MILLISECOND; i += 100) {
      rig.advance(pit, 100);
      int now = portB() & 0x10;
      changes += now == before ? 0 : 1;
      before = now;
    }
    assertThat(changes).isEqualTo(662);
  }

  /** How Linux measures the TSC: counter 2 in mode 0, started by its gate, seen in bit 5. */
  @Test
  void counter2IsGatedAndSeen() {
    assertThat(pit.gate(2)).isFalse();
    ports.portB().write(0, 1, 1);
    assertThat(pit.gate(2)).isTrue();
    pit.write(3, 1, 0xB0);
    pit.write(2, 1, 0xA9);
    pit.write(2, 1, 0x04);
    // 1193 cycles and one to load the count
    rig.advance(pit, MILLISECOND - 1000);
    assertThat(portB() & 0x20).isZero();
    rig.advance(pit, 2000);
    assertThat(portB() & 0x20).isEqualTo(0x20);
    ports.portB().write(0, 1, 0);
    assertThat(pit.gate(2)).isFalse();
  }

  @Test
  void portAGatesA20AndResets() {
    assertThat(ports.portA().read(0, 1)).isEqualTo(2);
    ports.portA().write(0, 1, 0);
    assertThat(rig.takeEvents()).containsExactly("A20 false");
    ports.portA().write(0, 1, 2);
    assertThat(rig.takeEvents()).containsExactly("A20 true");
    ports.portA().write(0, 1, 3);
    assertThat(rig.takeEvents()).containsExactly("A20 true", "reset");
    // only the edge counts
    ports.portA().write(0, 1, 3);
    assertThat(rig.takeEvents()).containsExactly("A20 true");
  }

  @Test
  void resetControlResetsWhenBit2Rises() {
    ResetControl control = new ResetControl("dut", rig.system());
    control.reset();
    control.write(0, 1, 0x02);
    assertThat(rig.takeEvents()).isEmpty();
    control.write(0, 1, 0xFE);
    assertThat(rig.takeEvents()).containsExactly("reset");
    assertThat(control.read(0, 1)).isEqualTo(6);
    control.write(0, 1, 0x04);
    assertThat(rig.takeEvents()).isEmpty();
    control.write(0, 1, 0);
    control.write(0, 1, 0x04);
    assertThat(rig.takeEvents()).containsExactly("reset");
  }
}
