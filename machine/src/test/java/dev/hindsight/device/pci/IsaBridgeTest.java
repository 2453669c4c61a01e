package dev.hindsight.device.pci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.device.Rig;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IsaBridgeTest {
  private final Rig rig = new Rig();
  private final IsaBridge bridge =
      new IsaBridge(
          "isa", IntStream.range(0, 16).mapToObj(n -> rig.line(Integer.toString(n))).toList());

  private void route(int pirq, int value) {
    bridge.configuration().write(0x60 + pirq, 1, value);
  }

  @Test
  void isAPiix3() {
    bridge.reset();
    assertThat(bridge.configuration().read(0, 4)).isEqualTo(0x7000_8086L);
    assertThat(bridge.configuration().read(8, 4)).isEqualTo(0x0601_0000L);
    assertThat(bridge.configuration().read(0x60, 4)).isEqualTo(0x8080_8080L);
    route(1, 0x7B);
    assertThat(bridge.configuration().read(0x60, 4)).isEqualTo(0x8080_0B80L);
  }

  @Test
  void routesInterrupts() {
    InterruptLine c = bridge.pirq(2);
    bridge.reset();
    c.set(true);
    assertThat(rig.lines()).isEmpty();
    route(2, 11);
    assertThat(rig.level("11")).isTrue();
    route(2, 10);
    assertThat(rig.level("11")).isFalse();
    assertThat(rig.level("10")).isTrue();
    route(2, 0x8A);
    assertThat(rig.level("10")).isFalse();
    route(2, 10);
    c.set(false);
    assertThat(rig.level("10")).isFalse();
    assertThat(rig.lines()).containsOnlyKeys("10", "11");
  }

  @Test
  void interruptsThatCannotBeRoutedToAreLeftAlone() {
    InterruptLine a = bridge.pirq(0);
    bridge.reset();
    a.set(true);
    for (int irq : new int[] {0, 1, 2, 8, 13}) {
      route(0, irq);
      assertThat(rig.lines()).isEmpty();
    }
    for (int irq : new int[] {3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15}) {
      route(0, irq);
      assertThat(rig.level(Integer.toString(irq))).isTrue();
    }
  }

  @Test
  void allSourcesAreWiredTogether() {
    InterruptLine first = bridge.pirq(0);
    InterruptLine second = bridge.pirq(0);
    InterruptLine other = bridge.pirq(1);
    bridge.reset();
    route(0, 5);
    route(1, 5);
    first.set(true);
    second.set(true);
    other.set(true);
    first.set(false);
    assertThat(rig.level("5")).isTrue();
    second.set(false);
    assertThat(rig.level("5")).isTrue();
    other.set(false);
    assertThat(rig.level("5")).isFalse();
  }
}
