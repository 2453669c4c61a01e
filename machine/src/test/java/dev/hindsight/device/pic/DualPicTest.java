package dev.hindsight.device.pic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.device.Rig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data sheet of the 8259A says (Intel 231468), and what is common to PCs. */
class DualPicTest {
  private static final int EOI = 0x20;
  private static final int SPECIFIC_EOI = 0x60;
  private static final int READ_IRR = 0x0A;
  private static final int READ_ISR = 0x0B;
  private static final int POLL = 0x0C;
  private static final int SPECIAL_MASK = 0x68;

  private final Rig rig = new Rig();
  private final DualPic pic = new DualPic("pic", rig.line("int"));
  private final IoRegion master = pic.master();
  private final IoRegion slave = pic.slave();

  DualPicTest() {
    pic.reset();
    initialize(0x11, 0x01);
  }

  private void initialize(int icw1, int icw4) {
    for (IoRegion chip : new IoRegion[] {master, slave}) {
      chip.write(0, 1, icw1);
      chip.write(1, 1, chip == master ? 0x20 : 0x28);
      chip.write(1, 1, chip == master ? 4 : 2);
      chip.write(1, 1, icw4);
    }
  }

  private void raise(int... inputs) {
    for (int n : inputs) {
      pic.input(n).set(true);
    }
  }

  private void lower(int... inputs) {
    for (int n : inputs) {
      pic.input(n).set(false);
    }
  }

  private boolean interrupt() {
    return rig.level("int");
  }

  private int acknowledge() {
    return pic.acknowledge();
  }

  private static int inService(IoRegion chip) {
    chip.write(0, 1, READ_ISR);
    return (int) chip.read(0, 1);
  }

  private static int requests(IoRegion chip) {
    chip.write(0, 1, READ_IRR);
    return (int) chip.read(0, 1);
  }

  @Test
  void lowerNumbersComeFirst() {
    raise(6, 3, 1, 5);
    assertThat(requests(master)).isEqualTo(0x6A);
    for (int n : new int[] {1, 3, 5, 6}) {
      assertThat(interrupt()).isTrue();
      assertThat(acknowledge()).isEqualTo(0x20 + n);
      assertThat(inService(master)).isEqualTo(1 << n);
      assertThat(interrupt()).isFalse();
      master.write(0, 1, EOI);
    }
    assertThat(interrupt()).isFalse();
  }

  /** An APIC whose input is edge-triggered would miss the second one otherwise. */
  @Test
  void theOutputFallsWithEachAcknowledgeCycle() {
    List<Boolean> levels = new ArrayList<>();
    DualPic automatic = new DualPic("pic", levels::add);
    for (int[] w : new int[][] {{0, 0x11}, {1, 0x20}, {1, 4}, {1, 3}, {1, 0}}) {
      automatic.master().write(w[0], 1, w[1]);
    }
    automatic.input(3).set(true);
    automatic.input(4).set(true);
    levels.clear();
    assertThat(automatic.acknowledge()).isEqualTo(0x23);
    assertThat(levels).containsExactly(false, true);
    assertThat(automatic.acknowledge()).isEqualTo(0x24);
    assertThat(levels.getLast()).isFalse();
  }

  @Test
  void onlyHigherPrioritiesInterruptAHandler() {
    raise(4);
    acknowledge();
    raise(5);
    assertThat(interrupt()).isFalse();
    raise(3);
    assertThat(acknowledge()).isEqualTo(0x23);
    assertThat(inService(master)).isEqualTo(0x18);
    // the non-specific EOI ends the highest
    master.write(0, 1, EOI);
    assertThat(inService(master)).isEqualTo(0x10);
    master.write(0, 1, SPECIFIC_EOI | 4);
    assertThat(acknowledge()).isEqualTo(0x25);
  }

  @Test
  void anEdgeCountsOnceAndIsLostIfItGoesAway() {
    raise(1);
    acknowledge();
    master.write(0, 1, EOI);
    assertThat(interrupt()).isFalse();
    lower(1);
    raise(1);
    assertThat(interrupt()).isTrue();
    lower(1);
    assertThat(interrupt()).isFalse();
    assertThat(acknowledge()).as("spurious").isEqualTo(0x27);
    assertThat(inService(master)).isZero();
  }

  @Test
  void masksHideButDoNotForget() {
    master.write(1, 1, 0x02);
    raise(1);
    assertThat(interrupt()).isFalse();
    assertThat(requests(master)).isEqualTo(2);
    assertThat(master.read(1, 1)).isEqualTo(2);
    master.write(1, 1, 0);
    assertThat(acknowledge()).isEqualTo(0x21);
  }

  @Test
  void theSlaveComesInAtInput2() {
    raise(10, 3);
    assertThat(requests(slave)).isEqualTo(4);
    assertThat(acknowledge()).isEqualTo(0x2A);
    assertThat(inService(master)).isEqualTo(4);
    assertThat(inService(slave)).isEqualTo(4);
    assertThat(interrupt()).isFalse();
    // a second one of the slave comes after both EOIs, before input 3 of the master
    raise(15);
    slave.write(0, 1, EOI);
    assertThat(interrupt()).isFalse();
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x2F);
    slave.write(0, 1, EOI);
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x23);
  }

  @Test
  void spuriousOfTheSlaveLeavesTheMasterInService() {
    raise(11);
    slave.write(1, 1, 0xFF);
    assertThat(interrupt()).isFalse();
    slave.write(1, 1, 0);
    // gone between the pulses of an acknowledge: the master has seen it, the slave has nothing
    DualPic.State state = pic.save();
    DualPic other = new DualPic("other", rig.line("other"));
    Pic8259.State s = state.slave();
    other.load(
        new DualPic.State(
            state.master(),
            new Pic8259.State(
                0,
                0,
                0,
                0,
                0,
                s.vectorBase(),
                s.cascade(),
                s.icw1(),
                s.icw4(),
                0,
                7,
                false,
                false,
                false,
                false)));
    assertThat(other.acknowledge()).isEqualTo(0x2F);
    assertThat(inService(other.master())).isEqualTo(4);
    assertThat(inService(other.slave())).isZero();
  }

  @Test
  void automaticEndOfInterrupt() {
    initialize(0x11, 0x03);
    raise(3, 4);
    assertThat(acknowledge()).isEqualTo(0x23);
    assertThat(inService(master)).isZero();
    assertThat(acknowledge()).isEqualTo(0x24);
    raise(9, 12);
    assertThat(acknowledge()).isEqualTo(0x29);
    assertThat(acknowledge()).isEqualTo(0x2C);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void rotationInAutomaticMode() {
    initialize(0x11, 0x03);
    master.write(0, 1, 0x80);
    raise(0, 1, 4);
    assertThat(acknowledge()).isEqualTo(0x20);
    lower(0);
    raise(0);
    // 0 is lowest now, then 1 is
    assertThat(acknowledge()).isEqualTo(0x21);
    assertThat(acknowledge()).isEqualTo(0x24);
    assertThat(acknowledge()).isEqualTo(0x20);
    master.write(0, 1, 0x00);
    raise(6, 7);
    assertThat(acknowledge()).isEqualTo(0x26);
    lower(0);
    raise(0);
    // no rotation any more: the order is still that of lowest 0
    assertThat(acknowledge()).isEqualTo(0x27);
    assertThat(acknowledge()).isEqualTo(0x20);
  }

  @Test
  void rotateOnEoi() {
    raise(4, 6);
    acknowledge();
    master.write(0, 1, 0xA0);
    lower(4);
    raise(4);
    assertThat(acknowledge()).isEqualTo(0x26);
    master.write(0, 1, 0xE0 | 6);
    // 6 is lowest: 7 is the highest now, 4 comes before 6
    lower(6);
    raise(6, 7);
    assertThat(acknowledge()).isEqualTo(0x27);
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x24);
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x26);
  }

  @Test
  void setPriority() {
    master.write(0, 1, 0xC0 | 4);
    raise(4, 5, 0);
    assertThat(acknowledge()).isEqualTo(0x25);
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x20);
    master.write(0, 1, EOI);
    assertThat(acknowledge()).isEqualTo(0x24);
  }

  @Test
  void specialMaskModeLetsLowerOnesThrough() {
    raise(3);
    acknowledge();
    raise(5);
    assertThat(interrupt()).isFalse();
    master.write(1, 1, 0x08);
    assertThat(interrupt()).isFalse();
    master.write(0, 1, SPECIAL_MASK);
    assertThat(interrupt()).isTrue();
    assertThat(acknowledge()).isEqualTo(0x25);
    // what is masked is not ended by a non-specific EOI
    master.write(0, 1, EOI);
    assertThat(inService(master)).isEqualTo(0x08);
    master.write(0, 1, SPECIFIC_EOI | 3);
    assertThat(inService(master)).isZero();
    master.write(0, 1, 0x48);
    raise(7);
    master.write(1, 1, 0);
    assertThat(acknowledge()).isEqualTo(0x27);
  }

  @Test
  void specialMaskModeHoldsBackWhatIsNotMasked() {
    raise(3);
    acknowledge();
    master.write(0, 1, SPECIAL_MASK);
    raise(5);
    assertThat(interrupt()).isFalse();
    raise(1);
    assertThat(interrupt()).isTrue();
  }

  @Test
  void specialFullyNestedModeLetsTheSlaveInterruptItself() {
    initialize(0x11, 0x11);
    raise(12);
    assertThat(acknowledge()).isEqualTo(0x2C);
    raise(9);
    assertThat(acknowledge()).isEqualTo(0x29);
    slave.write(0, 1, EOI);
    assertThat(inService(slave)).isEqualTo(0x10);
  }

  @Test
  void pollIsAnAcknowledge() {
    raise(5);
    master.write(0, 1, POLL);
    assertThat(master.peek(0, 1)).isEqualTo(0x85);
    assertThat(master.read(0, 1)).isEqualTo(0x85);
    assertThat(inService(master)).isEqualTo(0x20);
    assertThat(interrupt()).isFalse();
    master.write(0, 1, POLL);
    assertThat(master.read(0, 1)).isZero();
    // the poll is over: the register that was chosen before
    master.write(0, 1, READ_ISR);
    assertThat(master.read(0, 1)).isEqualTo(0x20);
  }

  @ParameterizedTest
  @CsvSource({"5, false", "5, true", "11, false", "11, true"})
  void levelTriggeredLinesAreRequestsAsLongAsTheyStand(int n, boolean raisedBefore) {
    if (raisedBefore) {
      raise(n);
    }
    pic.elcr().write(n >>> 3, 1, 1 << (n & 7));
    raise(n);
    for (int i = 0; i < 3; i++) {
      assertThat(interrupt()).isTrue();
      assertThat(acknowledge()).isEqualTo(0x20 + n);
      assertThat(interrupt()).isFalse();
      slave.write(0, 1, EOI);
      master.write(0, 1, EOI);
    }
    lower(n);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void someInputsAreNeverLevelTriggered() {
    pic.elcr().write(0, 1, 0xFF);
    pic.elcr().write(1, 1, 0xFF);
    assertThat(pic.elcr().read(0, 1)).isEqualTo(0xF8);
    assertThat(pic.elcr().read(1, 1)).isEqualTo(0xDE);
  }

  @Test
  void levelTriggeringByTheFirstInitializationWord() {
    initialize(0x19, 1);
    raise(4);
    assertThat(acknowledge()).isEqualTo(0x24);
    master.write(0, 1, EOI);
    assertThat(interrupt()).isTrue();
    lower(4);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void initializationForgetsEdgesMasksAndService() {
    raise(1, 3);
    acknowledge();
    master.write(1, 1, 0xF0);
    initialize(0x11, 1);
    assertThat(requests(master)).isZero();
    assertThat(inService(master)).isZero();
    assertThat(master.read(1, 1)).isZero();
    assertThat(interrupt()).isFalse();
    lower(1);
    raise(1);
    assertThat(acknowledge()).isEqualTo(0x21);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x12, 0x13})
  void shorterInitializations(int icw1) {
    master.write(0, 1, icw1);
    master.write(1, 1, 0x47);
    if ((icw1 & 2) == 0) {
      master.write(1, 1, 4);
    }
    if ((icw1 & 1) != 0) {
      master.write(1, 1, 1);
    }
    // the next one is a mask
    master.write(1, 1, 0xFB);
    assertThat(master.read(1, 1)).isEqualTo(0xFB);
    master.write(1, 1, 0xF7);
    raise(3);
    assertThat(acknowledge()).isEqualTo(0x43);
  }
}
