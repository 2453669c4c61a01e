package dev.hindsight.bus.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** MSI and MSI-X. */
class MessagesTest {
  private static final int VECTORS = 3;

  private final List<String> sent = new ArrayList<>();
  private final List<Boolean> pin = new ArrayList<>();
  private final ConfigurationSpace space =
      new ConfigurationSpace(new PciIdentity(1, 2, 3, 4, 5, 6, 1), pin::add);

  private void send(long address, int data) {
    sent.add("%x:%x".formatted(address, data));
  }

  private MsiX msiX() {
    MsiX msiX = new MsiX(space, 1, VECTORS, this::send);
    space.write(4, 2, 6);
    for (int v = 0; v < VECTORS; v++) {
      msiX.write(16 * v, 8, 0xFEE0_1000L);
      msiX.write(16 * v + 8, 4, 0x30 + v);
      msiX.write(16 * v + 12, 4, 0);
    }
    return msiX;
  }

  @Test
  void msiXSaysWhereItsTableIs() {
    MsiX msiX = msiX();
    assertThat(space.read(0x40, 4)).isEqualTo(0x0002_0011L);
    assertThat(space.read(0x44, 4)).isEqualTo(1);
    assertThat(space.read(0x48, 4)).isEqualTo(MsiX.PENDING + 1);
    space.write(0x42, 2, 0xFFFF);
    assertThat(space.read(0x42, 2)).isEqualTo(0xC002);
    msiX.write(0, 4, 0xFFFF_FFFFL);
    msiX.write(12, 4, 0xFFFF_FFFFL);
    assertThat(msiX.read(0, 4)).isEqualTo(0xFFFF_FFFCL);
    assertThat(msiX.read(12, 4)).isEqualTo(1);
    msiX.write(MsiX.PENDING, 8, -1);
    assertThat(msiX.read(MsiX.PENDING, 8)).isZero();
    msiX.reset();
    assertThat(msiX.read(12, 4)).isEqualTo(1);
    assertThat(msiX.read(16, 8)).isZero();
  }

  @Test
  void msiXSendsWhenEnabled() {
    MsiX msiX = msiX();
    msiX.signal(0);
    assertThat(sent).isEmpty();
    space.write(0x42, 2, 0x8000);
    assertThat(sent).isEmpty();
    msiX.signal(2);
    msiX.signal(0);
    msiX.signal(3);
    msiX.signal(0xFFFF);
    assertThat(sent).containsExactly("fee01000:32", "fee01000:30");
  }

  @Test
  void msiXRemembersWhatIsMasked() {
    MsiX msiX = msiX();
    space.write(0x42, 2, 0xC000);
    msiX.signal(0);
    msiX.signal(1);
    msiX.signal(1);
    assertThat(sent).isEmpty();
    assertThat(msiX.read(MsiX.PENDING, 8)).isEqualTo(3);
    msiX.write(16 + 12, 4, 1);
    space.write(0x42, 2, 0x8000);
    assertThat(sent).containsExactly("fee01000:30");
    assertThat(msiX.read(MsiX.PENDING, 8)).isEqualTo(2);
    MsiX.State saved = msiX.save();
    msiX.reset();
    msiX.load(saved);
    assertThat(sent).hasSize(1);
    msiX.write(16 + 12, 4, 0);
    assertThat(sent).containsExactly("fee01000:30", "fee01000:31");
    assertThat(msiX.read(MsiX.PENDING, 8)).isZero();
  }

  @Test
  void nothingIsSentWithoutBusMastering() {
    MsiX msiX = msiX();
    space.write(0x42, 2, 0x8000);
    space.write(4, 2, 2);
    msiX.signal(0);
    assertThat(sent).isEmpty();
    space.write(4, 2, 6);
    assertThat(sent).containsExactly("fee01000:30");
  }

  @Test
  void messagesReplaceThePin() {
    msiX();
    space.interrupt(true);
    assertThat(pin.getLast()).isTrue();
    space.write(0x42, 2, 0x8000);
    assertThat(pin.getLast()).isFalse();
    space.write(0x42, 2, 0);
    assertThat(pin.getLast()).isTrue();
  }

  private void enableMsi(int control) {
    space.write(4, 2, 4);
    space.write(0x44, 4, 0xFEE0_2000L);
    space.write(0x48, 4, 1);
    space.write(0x4C, 2, 0x4147);
    space.write(0x42, 2, control);
  }

  @Test
  void msiSendsTheVectorInTheLowBits() {
    Msi msi = new Msi(space, 2, false, this::send);
    assertThat(space.read(0x42, 2)).isEqualTo(0x0084);
    msi.signal(0);
    enableMsi(0x01);
    msi.signal(3);
    enableMsi(0x21);
    msi.signal(3);
    msi.signal(0);
    msi.signal(1);
    // more vectors than there are cannot be allowed
    enableMsi(0x71);
    msi.signal(2);
    assertThat(sent)
        .containsExactly(
            "1fee02000:4147",
            "1fee02000:4147",
            "1fee02000:4144",
            "1fee02000:4145",
            "1fee02000:4146");
  }

  @Test
  void msiRemembersWhatIsMasked() {
    Msi msi = new Msi(space, 1, true, this::send);
    assertThat(space.read(0x42, 2)).isEqualTo(0x0182);
    space.write(0x50, 4, 0xFFFF_FFFFL);
    assertThat(space.read(0x50, 4)).isEqualTo(3);
    enableMsi(0x11);
    msi.signal(1);
    msi.signal(0);
    assertThat(sent).isEmpty();
    assertThat(space.read(0x54, 4)).isEqualTo(3);
    space.write(0x50, 4, 1);
    assertThat(sent).containsExactly("1fee02000:4147");
    assertThat(space.read(0x54, 4)).isEqualTo(1);
    space.write(0x50, 4, 0);
    assertThat(sent).containsExactly("1fee02000:4147", "1fee02000:4146");
  }
}
