package dev.hindsight.device.ioapic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.ApicMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The registers and pins as the data sheet of the 82093AA has them, with the ICHs' EOI register.
 */
class IoApicTest {
  private static final int MASKED = 1 << 16;
  private static final int LEVEL = 1 << 15;
  private static final int REMOTE_IRR = 1 << 14;
  private static final int ACTIVE_LOW = 1 << 13;

  private final List<ApicMessage> sent = new ArrayList<>();
  private final IoApic chip = new IoApic("ioapic", sent::add);

  private int register(int index) {
    chip.write(0, 4, index);
    return (int) chip.read(0x10, 4);
  }

  private void register(int index, int value) {
    chip.write(0, 4, index);
    chip.write(0x10, 4, value & 0xFFFF_FFFFL);
  }

  private void entry(int pin, int low) {
    register(0x10 + 2 * pin, low);
  }

  private int entry(int pin) {
    return register(0x10 + 2 * pin);
  }

  private void pulse(int pin) {
    chip.input(pin).set(true);
    chip.input(pin).set(false);
  }

  private int sentNow() {
    int n = sent.size();
    sent.clear();
    return n;
  }

  // ---- registers

  @Test
  void valuesAfterReset() {
    register(0, -1);
    entry(5, 0x41);
    register(0x1B, -1);
    chip.reset();
    assertThat(chip.read(0, 4)).isZero();
    assertThat(register(0)).isZero();
    assertThat(register(1)).as("24 entries, version 20h").isEqualTo(0x0017_0020);
    assertThat(register(2)).isZero();
    for (int pin = 0; pin < 24; pin++) {
      assertThat(entry(pin)).isEqualTo(MASKED);
      assertThat(register(0x11 + 2 * pin)).isZero();
    }
  }

  @Test
  void writableBits() {
    register(0, -1);
    assertThat(register(0)).isEqualTo(0x0F00_0000);
    assertThat(register(2)).as("arbitration ID").isEqualTo(0x0F00_0000);
    register(1, -1);
    assertThat(register(1)).isEqualTo(0x0017_0020);
    for (int pin = 0; pin < 24; pin++) {
      entry(pin, -1);
      register(0x11 + 2 * pin, -1);
      assertThat(entry(pin)).isEqualTo(0x0001_AFFF);
      assertThat(register(0x11 + 2 * pin)).isEqualTo(0xFF00_0000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 0xF, 0x40, 0x7F, 0x80, 0xFF})
  void indexesWithoutARegister(int index) {
    register(index, -1);
    assertThat(register(index)).isZero();
    assertThat(register(0)).isZero();
    assertThat(entry(23)).isEqualTo(MASKED);
  }

  @Test
  void otherSizesAreHarmless() {
    chip.write(0, 1, 0x10);
    assertThat(chip.read(0, 1)).isEqualTo(0x10);
    for (int bytes : new int[] {1, 2, 8}) {
      chip.write(0x10, bytes, 0x41);
      chip.write(0x11, bytes, 0x41);
    }
    assertThat(chip.read(0x10, 4)).isEqualTo(MASKED);
    assertThat(chip.read(0x10, 8)).isEqualTo(MASKED);
    assertThat(chip.read(0x10, 2)).isZero();
    assertThat(chip.read(0x11, 4)).isZero();
    assertThat(chip.read(0x40, 4)).as("the EOI register is for writes").isZero();
    assertThat(chip.read(0xFFC, 4)).isZero();
  }

  @Test
  void thereAreTwentyFourPins() {
    assertThatThrownBy(() -> chip.input(24)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chip.input(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  // ---- messages

  @ParameterizedTest
  @CsvSource({
    // low, high: mode, vector, target, destination
    "0x00041, 0x03000000, FIXED, 0x41, PHYSICAL, 3",
    "0x00841, 0x03000000, FIXED, 0x41, LOGICAL, 3",
    "0x00941, 0xFF000000, LOWEST_PRIORITY, 0x41, LOGICAL, 0xFF",
    "0x00200, 0x01000000, SMI, 0, PHYSICAL, 1",
    "0x00400, 0x01000000, NMI, 0, PHYSICAL, 1",
    "0x00500, 0x01000000, INIT, 0, PHYSICAL, 1",
    "0x00700, 0x00000000, EXTINT, 0, PHYSICAL, 0",
  })
  void anEdgeSends(
      int low,
      long high,
      ApicMessage.Mode mode,
      int vector,
      ApicMessage.Target target,
      int destination) {
    register(0x11 + 2 * 9, (int) high);
    entry(9, low);
    pulse(9);
    assertThat(sent)
        .containsExactly(new ApicMessage(mode, vector, target, destination, false, true, -1));
    assertThat(entry(9)).as("delivery status is idle").isEqualTo(low);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x341, 0x641, 0x341 | LEVEL, 0x641 | LEVEL})
  void reservedDeliveryModesSendNothing(int low) {
    entry(9, low);
    pulse(9);
    assertThat(sent).isEmpty();
  }

  /** "NMI, INIT, ExtINT: always treated as edge", and SMI has to be programmed so. */
  @ParameterizedTest
  @ValueSource(ints = {0x200, 0x400, 0x500, 0x700})
  void theseAreEdgesEvenIfLevelIsProgrammed(int low) {
    chip.input(9).set(true);
    entry(9, low | LEVEL);
    assertThat(sent).isEmpty();
    chip.input(9).set(false);
    chip.input(9).set(true);
    chip.endOfInterrupt(0);
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().level()).isFalse();
    assertThat(entry(9) & REMOTE_IRR).isZero();
  }

  // ---- edges

  @Test
  void edges() {
    entry(1, 0x41);
    chip.input(1).set(false);
    assertThat(sentNow()).isZero();
    chip.input(1).set(true);
    assertThat(sentNow()).isEqualTo(1);
    chip.input(1).set(true);
    chip.input(2).set(true);
    chip.endOfInterrupt(0x41);
    assertThat(sentNow()).isZero();
    chip.input(1).set(false);
    assertThat(sentNow()).isZero();
    chip.input(1).set(true);
    assertThat(sentNow()).isEqualTo(1);
    assertThat(entry(1)).isEqualTo(0x41);
  }

  @Test
  void edgesOfALowActivePin() {
    entry(1, 0x41 | ACTIVE_LOW);
    assertThat(sent).isEmpty();
    chip.input(1).set(true);
    assertThat(sentNow()).isZero();
    chip.input(1).set(false);
    assertThat(sentNow()).isEqualTo(1);
  }

  @Test
  void anEdgeOfAMaskedPinIsLost() {
    entry(1, 0x41 | MASKED);
    chip.input(1).set(true);
    entry(1, 0x41);
    assertThat(sent).isEmpty();
    chip.input(1).set(false);
    chip.input(1).set(true);
    assertThat(sent).hasSize(1);
  }

  // ---- levels

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLevelThatStandsAtItsEndComesAgain(boolean activeLow) {
    int low = 0x61 | LEVEL | (activeLow ? ACTIVE_LOW : 0);
    chip.input(16).set(activeLow);
    entry(16, low);
    chip.input(16).set(!activeLow);
    assertThat(sent)
        .containsExactly(
            new ApicMessage(
                ApicMessage.Mode.FIXED, 0x61, ApicMessage.Target.PHYSICAL, 0, true, true, -1));
    assertThat(entry(16)).isEqualTo(low | REMOTE_IRR);
    // nothing more until its end, whatever the line does
    chip.input(16).set(activeLow);
    chip.input(16).set(!activeLow);
    assertThat(sentNow()).isEqualTo(1);
    chip.endOfInterrupt(0x60);
    assertThat(sentNow()).isZero();
    chip.endOfInterrupt(0x61);
    assertThat(sentNow()).isEqualTo(1);
    assertThat(entry(16)).isEqualTo(low | REMOTE_IRR);
    chip.input(16).set(activeLow);
    chip.endOfInterrupt(0x61);
    assertThat(sentNow()).isZero();
    assertThat(entry(16)).isEqualTo(low);
    chip.input(16).set(!activeLow);
    assertThat(sentNow()).isEqualTo(1);
  }

  @Test
  void theEoiRegister() {
    entry(16, 0x61 | LEVEL);
    chip.input(16).set(true);
    chip.input(16).set(false);
    chip.write(0x40, 4, 0x60);
    assertThat(entry(16) & REMOTE_IRR).isNotZero();
    chip.write(0x40, 1, 0x61);
    assertThat(entry(16) & REMOTE_IRR).isNotZero();
    chip.write(0x40, 4, 0xFFFF_FF61L);
    assertThat(entry(16) & REMOTE_IRR).isZero();
  }

  @Test
  void oneEndIsForAllPinsOfTheVector() {
    entry(16, 0x61 | LEVEL);
    entry(17, 0x61 | LEVEL);
    entry(18, 0x62 | LEVEL);
    for (int pin = 16; pin <= 18; pin++) {
      chip.input(pin).set(true);
    }
    assertThat(sentNow()).isEqualTo(3);
    chip.input(16).set(false);
    chip.endOfInterrupt(0x61);
    assertThat(sentNow()).isEqualTo(1);
    assertThat(entry(16) & REMOTE_IRR).isZero();
    assertThat(entry(17) & REMOTE_IRR).isNotZero();
    assertThat(entry(18) & REMOTE_IRR).isNotZero();
  }

  @Test
  void maskingHoldsALevelBack() {
    entry(16, 0x61 | LEVEL | MASKED);
    chip.input(16).set(true);
    assertThat(sentNow()).isZero();
    entry(16, 0x61 | LEVEL);
    assertThat(sentNow()).isEqualTo(1);
    // masked while in service: remote IRR stays, its end comes, the next one waits for the mask
    entry(16, 0x61 | LEVEL | MASKED);
    assertThat(entry(16) & REMOTE_IRR).isNotZero();
    chip.endOfInterrupt(0x61);
    assertThat(entry(16) & REMOTE_IRR).isZero();
    assertThat(sentNow()).isZero();
    entry(16, 0x61 | LEVEL);
    assertThat(sentNow()).isEqualTo(1);
  }

  /** How Linux ends an interrupt where there is no EOI register. */
  @Test
  void goingThroughEdgeClearsRemoteIrr() {
    entry(16, 0x61 | LEVEL);
    chip.input(16).set(true);
    assertThat(sentNow()).isEqualTo(1);
    entry(16, 0x61 | MASKED);
    assertThat(entry(16) & REMOTE_IRR).isZero();
    entry(16, 0x61 | LEVEL);
    assertThat(sentNow()).isEqualTo(1);
  }

  @Test
  void resetKeepsTheLevelsOfThePins() {
    chip.input(16).set(true);
    entry(16, 0x61 | LEVEL);
    chip.reset();
    sent.clear();
    entry(16, 0x61 | LEVEL);
    assertThat(sent).hasSize(1);
  }
}
