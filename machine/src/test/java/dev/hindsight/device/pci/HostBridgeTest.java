package dev.hindsight.device.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostBridgeTest {
  private final HostBridge bridge = new HostBridge("host");
  private final PortMap ports = new PortMap();

  private record Plain(ConfigurationSpace configurationSpace) implements PciFunction {
    Plain(int device) {
      this(
          new ConfigurationSpace(
              new PciIdentity(0x1234, device, 0xFF0000, 0, 0, 0, 0), InterruptLine.UNCONNECTED));
    }
  }

  @BeforeEach
  void reset() {
    ports.map(0xCF8, HostBridge.ADDRESS_LENGTH, 4, bridge.address());
    ports.map(0xCFC, HostBridge.DATA_LENGTH, 4, bridge.data());
    bridge.reset();
  }

  private int read(int device, int function, int register) {
    ports.write(0xCF8, 4, 0x8000_0000 | device << 11 | function << 8 | register);
    return ports.read(0xCFC, 4);
  }

  @Test
  void isTheFirstFunctionItself() {
    assertThat(read(0, 0, 0)).isEqualTo(0x1237_8086);
    assertThat(read(0, 0, 8)).isEqualTo(0x0600_0002);
    assertThat(read(0, 0, 4) & 0xFFFF).isEqualTo(6);
    // PAM registers keep what is written
    read(0, 0, 0x58);
    ports.write(0xCFD, 1, 0x30);
    assertThat(read(0, 0, 0x58)).isEqualTo(0x3000);
    assertThat(ports.read(0xCFD, 1)).isEqualTo(0x30);
    assertThat(ports.read(0xCFC, 2)).isEqualTo(0x3000);
  }

  @Test
  void theAddressRegisterTakesDoublewordsOnly() {
    ports.write(0xCF8, 4, 0xFFFF_FFFF);
    assertThat(ports.read(0xCF8, 4)).isEqualTo(0x80FF_FFFC);
    ports.write(0xCF8, 1, 0);
    ports.write(0xCFA, 2, 0);
    assertThat(ports.read(0xCF8, 4)).isEqualTo(0x80FF_FFFC);
    assertThat(ports.read(0xCF8, 1)).isEqualTo(0xFF);
  }

  @Test
  void whatIsNotThereReadsAsOnes() {
    assertThat(read(1, 0, 0)).isEqualTo(-1);
    ports.write(0xCFC, 4, 1);
    ports.write(0xCF8, 4, 0x8001_0000);
    assertThat(ports.read(0xCFC, 4)).isEqualTo(-1);
    ports.write(0xCF8, 4, 0);
    assertThat(ports.read(0xCFC, 2)).isEqualTo(0xFFFF);
  }

  @Test
  void attachedFunctionsAnswer() {
    bridge.attach(3, 0, new Plain(0x10));
    assertThat(read(3, 0, 0)).isEqualTo(0x0010_1234);
    assertThat(read(3, 0, 0x0C)).isZero();
    bridge.attach(3, 2, new Plain(0x12));
    assertThat(read(3, 2, 0)).isEqualTo(0x0012_1234);
    assertThat(read(3, 0, 0x0C)).isEqualTo(0x0080_0000);
    assertThat(read(3, 1, 0)).isEqualTo(-1);
    // in the other order, too
    bridge.attach(4, 1, new Plain(0x21));
    bridge.attach(4, 0, new Plain(0x20));
    assertThat(read(4, 0, 0x0C)).isEqualTo(0x0080_0000);
    assertThatThrownBy(() -> bridge.attach(3, 2, new Plain(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
