package dev.hindsight.bus.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.BaseAddressRegister.Kind;
import dev.hindsight.device.NoRegisters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationSpaceTest {
  private static final IoRegion NOTHING = new NoRegisters();

  private final List<Boolean> pin = new ArrayList<>();
  private int moves;
  private final ConfigurationSpace space = space();

  private ConfigurationSpace space() {
    ConfigurationSpace s =
        new ConfigurationSpace(
            new PciIdentity(0x1AF4, 0x1042, 0x018000, 1, 0x1234, 0x5678, 1), pin::add);
    s.addBar(new BaseAddressRegister(0, Kind.MEMORY_32, 4096, 4, NOTHING));
    s.addBar(new BaseAddressRegister(1, Kind.IO, 32, 1, NOTHING));
    s.addBar(new BaseAddressRegister(2, Kind.MEMORY_64, 1 << 16, 8, NOTHING));
    s.whenMoved(() -> moves++);
    return s;
  }

  private List<Long> addresses() {
    return space.windows().stream().map(BarWindow::address).toList();
  }

  @Test
  void headerSaysWhatTheFunctionIs() {
    assertThat(space.read(0, 4)).isEqualTo(0x1042_1AF4L);
    assertThat(space.read(8, 4)).isEqualTo(0x0180_0001L);
    assertThat(space.read(0x0A, 2)).isEqualTo(0x0180);
    assertThat(space.read(0x0E, 1)).isZero();
    assertThat(space.read(0x2C, 4)).isEqualTo(0x5678_1234L);
    assertThat(space.read(0x3D, 1)).isEqualTo(1);
    for (int offset : new int[] {0, 8, 0x2C, 0x30, 0x34, 0x3D}) {
      long before = space.read(offset, 4);
      space.write(offset, 4, offset == 0x3C ? 0 : 0xFFFF_FF00L);
      assertThat(space.read(offset, 4)).isEqualTo(before);
    }
  }

  @Test
  void commandHasTheBitsThatMeanSomething() {
    space.write(4, 4, 0xFFFF_FFFFL);
    assertThat(space.read(4, 2)).isEqualTo(0x0547);
    assertThat(space.read(6, 2)).isZero();
    ConfigurationSpace bare =
        new ConfigurationSpace(new PciIdentity(1, 2, 3, 4, 5, 6, 0), level -> {});
    bare.write(4, 2, 0xFFFF);
    assertThat(bare.read(4, 2)).isEqualTo(0x0144);
    bare.write(0x3C, 1, 5);
    assertThat(bare.read(0x3C, 2)).isZero();
  }

  @Test
  void interruptLineKeepsWhatIsWritten() {
    space.write(0x3C, 1, 0xAB);
    assertThat(space.read(0x3C, 2)).isEqualTo(0x01AB);
  }

  @Test
  void allOnesAskForTheSize() {
    space.write(0x10, 4, 0xFFFF_FFFFL);
    assertThat(space.read(0x10, 4)).isEqualTo(0xFFFF_F000L);
    space.write(0x14, 4, 0xFFFF_FFFFL);
    assertThat(space.read(0x14, 4)).isEqualTo(0xFFFF_FFE1L);
    space.write(0x18, 4, 0xFFFF_FFFFL);
    space.write(0x1C, 4, 0xFFFF_FFFFL);
    assertThat(space.read(0x18, 4)).isEqualTo(0xFFFF_0004L);
    assertThat(space.read(0x1C, 4)).isEqualTo(0xFFFF_FFFFL);
    for (int absent = 0x20; absent < 0x2C; absent += 4) {
      space.write(absent, 4, 0xFFFF_FFFFL);
      assertThat(space.read(absent, 4)).isZero();
    }
  }

  @Test
  void windowsAreWhereTheRegistersSayWhenTheyAreEnabled() {
    space.write(0x10, 4, 0xE000_0FFFL);
    space.write(0x14, 4, 0xC020);
    space.write(0x18, 4, 0);
    space.write(0x1C, 4, 0x12);
    assertThat(space.windows()).isEmpty();
    assertThat(moves).isZero();
    space.write(4, 2, 1);
    assertThat(addresses()).containsExactly(0xC020L);
    assertThat(moves).isEqualTo(1);
    space.write(4, 2, 3);
    assertThat(addresses()).containsExactly(0xE000_0000L, 0xC020L, 0x12_0000_0000L);
    assertThat(moves).isEqualTo(2);
    space.write(4, 2, 7);
    space.write(0x40, 4, 7);
    assertThat(moves).isEqualTo(2);
    // by bytes, too
    space.write(0x13, 1, 0xD0);
    assertThat(addresses()).startsWith(0xD000_0000L);
    assertThat(moves).isEqualTo(3);
    space.write(4, 2, 0);
    assertThat(space.windows()).isEmpty();
    assertThat(moves).isEqualTo(4);
  }

  @Test
  void anAddressThatCannotBeIsNotDecoded() {
    space.write(4, 2, 3);
    assertThat(space.windows()).isEmpty();
    space.write(0x10, 4, 0xFFFF_FFFFL);
    space.write(0x14, 4, 0xFFFF_FFFFL);
    space.write(0x1C, 4, 0xFFFF_FFFFL);
    assertThat(space.windows()).isEmpty();
  }

  @Test
  void interruptIsSeenInStatusAndDrivesThePinUnlessDisabled() {
    space.interrupt(true);
    assertThat(pin.getLast()).isTrue();
    assertThat(space.read(6, 2)).isEqualTo(8);
    space.write(4, 2, 0x400);
    assertThat(pin.getLast()).isFalse();
    assertThat(space.read(6, 2)).isEqualTo(8);
    space.write(4, 2, 0);
    assertThat(pin.getLast()).isTrue();
    space.interrupt(false);
    assertThat(pin.getLast()).isFalse();
    assertThat(space.read(6, 2)).isZero();
  }

  @Test
  void capabilitiesAreAList() {
    assertThat(space.addCapability(ConfigurationSpace.CAPABILITY_VENDOR, 18)).isEqualTo(0x40);
    assertThat(space.addCapability(ConfigurationSpace.CAPABILITY_MSI, 24)).isEqualTo(0x54);
    assertThat(space.read(6, 2)).isEqualTo(0x10);
    assertThat(space.read(0x34, 1)).isEqualTo(0x40);
    assertThat(space.read(0x40, 2)).isEqualTo(0x5409);
    assertThat(space.read(0x54, 2)).isEqualTo(0x0005);
    assertThatThrownBy(() -> space.addCapability(9, 160)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resetAndLoadBringEverythingBack() {
    space.write(0x10, 4, 0xE000_0000L);
    space.write(4, 2, 2);
    space.interrupt(true);
    ConfigurationSpace.State saved = space.save();
    space.reset();
    assertThat(space.windows()).isEmpty();
    assertThat(space.read(0x10, 4)).isZero();
    assertThat(pin.getLast()).isFalse();
    int before = moves;
    space.load(saved);
    assertThat(addresses()).containsExactly(0xE000_0000L);
    assertThat(pin.getLast()).isTrue();
    assertThat(moves).isEqualTo(before + 1);
  }
}
