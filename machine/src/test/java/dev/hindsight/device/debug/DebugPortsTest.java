package dev.hindsight.device.debug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.device.Rig;
import org.junit.jupiter.api.Test;

/** The ports for those who test guests. */
class DebugPortsTest {
  private final Rig rig = new Rig();

  @Test
  void theConsoleShowsThatItIsThere() {
    DebugConsole console = new DebugConsole(rig.sink());
    assertThat(console.peek(0, 1)).isEqualTo(0xE9);
    assertThat(console.read(0, 1)).isEqualTo(0xE9);
    assertThat(rig.takeEvents()).isEmpty();
    console.write(0, 1, 0x141);
    assertThat(rig.takeEvents()).containsExactly("sent 65");
  }

  @Test
  void anyWriteExitsWithAnOddCode() {
    DebugExit exit = new DebugExit(rig.system());
    assertThat(exit.read(0, 4)).isZero();
    assertThat(rig.takeEvents()).isEmpty();
    exit.write(0, 1, 0);
    exit.write(0, 1, 0x1FF);
    exit.write(0, 4, 0x10);
    assertThat(rig.takeEvents()).containsExactly("exit 1", "exit 511", "exit 33");
  }
}
