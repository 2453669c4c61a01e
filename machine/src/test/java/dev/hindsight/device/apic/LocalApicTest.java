package dev.hindsight.device.apic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.ApicMessage;
import dev.hindsight.device.DeviceRow;
import dev.hindsight.device.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts, lines and the timer (SDM volume 3, chapter on the APIC), through the registers. */
class LocalApicTest {
  private static final int TPR = 0x80;
  private static final int PPR = 0xA0;
  private static final int EOI = 0xB0;
  private static final int SVR = 0xF0;
  private static final int ISR = 0x100;
  private static final int TMR = 0x180;
  private static final int IRR = 0x200;
  private static final int ESR = 0x280;
  private static final int ICR = 0x300;
  private static final int LVT_TIMER = 0x320;
  private static final int LVT_PERFORMANCE = 0x340;
  private static final int LINT0 = 0x350;
  private static final int LINT1 = 0x360;
  private static final int LVT_ERROR = 0x370;
  private static final int INITIAL = 0x380;
  private static final int CURRENT = 0x390;
  private static final int DIVIDE = 0x3E0;

  private static final int SELF = 1 << 18;
  private static final int MASKED = 1 << 16;
  private static final int LEVEL = 1 << 15;
  private static final int PERIODIC = 1 << 17;
  private static final int TSC_DEADLINE = 2 << 17;
  private static final int BY_1 = 0xB;

  private static final int TSC_DEADLINE_MSR = 0x6E0;
  private static final long TSC_OFFSET = 1000;

  private final Rig rig = new Rig();
  private final LocalApic apic = DeviceRow.localApic(rig, 1);
  private final XapicRegisters memory = new XapicRegisters(apic);
  private final X2apicRegisters msrs = new X2apicRegisters(apic, () -> TSC_OFFSET, 40);

  LocalApicTest() {
    apic.reset();
    write(SVR, 0x1FF);
  }

  private int read(int offset) {
    return (int) memory.read(offset, 4);
  }

  private void write(int offset, int value) {
    memory.write(offset, 4, value & 0xFFFF_FFFFL);
  }

  private void self(int vector) {
    write(ICR, SELF | vector);
  }

  private boolean interrupt() {
    return rig.level("intr");
  }

  private boolean isSet(int set, int vector) {
    return (read(set + (vector >>> 5) * 16) >>> (vector & 31) & 1) != 0;
  }

  private void message(ApicMessage.Mode mode, int vector, boolean level) {
    ApicMessage m = new ApicMessage(mode, vector, ApicMessage.Target.PHYSICAL, 1, level, true, -1);
    assertThat(apic.accepts(m)).isTrue();
    apic.receive(m);
  }

  // ---- priorities

  @Test
  void resetValues() {
    apic.reset();
    assertThat(read(0x20)).isEqualTo(1 << 24);
    assertThat(read(0x30)).isEqualTo(0x0005_0014);
    assertThat(read(SVR)).isEqualTo(0xFF);
    assertThat(read(0xE0)).isEqualTo(-1);
    assertThat(read(0xD0)).isZero();
    for (int lvt = LVT_TIMER; lvt <= LVT_ERROR; lvt += 16) {
      assertThat(read(lvt)).isEqualTo(MASKED);
    }
  }

  @Test
  void higherVectorsComeFirstAndNestByClass() {
    self(0x41);
    self(0x52);
    assertThat(apic.acknowledge()).isEqualTo(0x52);
    assertThat(isSet(ISR, 0x52)).isTrue();
    assertThat(isSet(IRR, 0x52)).isFalse();
    assertThat(interrupt()).isFalse();
    // the same class does not interrupt, a higher one does
    self(0x5F);
    assertThat(interrupt()).isFalse();
    self(0x60);
    assertThat(interrupt()).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x60);
    assertThat(read(PPR)).isEqualTo(0x60);
    write(EOI, 0);
    assertThat(read(PPR)).isEqualTo(0x50);
    write(EOI, 0);
    assertThat(apic.acknowledge()).isEqualTo(0x5F);
    write(EOI, 0);
    assertThat(apic.acknowledge()).isEqualTo(0x41);
    write(EOI, 0);
    assertThat(interrupt()).isFalse();
    assertThat(read(PPR)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0x40, false", "0x4F, false", "0x3F, true", "0x50, false", "0x00, true"})
  void taskPriorityHoldsBackItsClassAndLower(int tpr, boolean delivered) {
    write(TPR, tpr);
    self(0x45);
    assertThat(interrupt()).isEqualTo(delivered);
    assertThat(read(PPR)).isEqualTo(tpr);
    assertThat(apic.taskPriority()).isEqualTo(tpr >>> 4);
    apic.taskPriority(0);
    assertThat(read(TPR)).isZero();
    assertThat(interrupt()).isTrue();
  }

  @Test
  void aRequestThatGoesAwayBeforeItIsTakenIsSpurious() {
    write(SVR, 0x1EF);
    self(0x45);
    write(TPR, 0xF0);
    assertThat(apic.acknowledge()).isEqualTo(0xEF);
    assertThat(isSet(ISR, 0xEF)).isFalse();
    assertThat(isSet(IRR, 0x45)).isTrue();
  }

  @Test
  void oneOfAVectorInServiceAndOneWaiting() {
    self(0x45);
    apic.acknowledge();
    self(0x45);
    self(0x45);
    write(EOI, 0);
    assertThat(apic.acknowledge()).isEqualTo(0x45);
    write(EOI, 0);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void onlyTheEndOfALevelTriggeredInterruptIsTold() {
    message(ApicMessage.Mode.FIXED, 0x61, true);
    assertThat(isSet(TMR, 0x61)).isTrue();
    message(ApicMessage.Mode.FIXED, 0x51, false);
    assertThat(isSet(TMR, 0x51)).isFalse();
    apic.acknowledge();
    write(EOI, 0);
    assertThat(rig.takeEvents()).containsExactly("end of 97");
    apic.acknowledge();
    write(EOI, 0);
    assertThat(rig.takeEvents()).isEmpty();
    // with the next one on the same vector the trigger mode may be another
    message(ApicMessage.Mode.FIXED, 0x61, false);
    assertThat(isSet(TMR, 0x61)).isFalse();
  }

  @Test
  void endOfInterruptWithNothingInService() {
    write(EOI, 0);
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(interrupt()).isFalse();
  }

  // ---- software and hardware disable

  @Test
  void softwareDisableMasksAndKeepsWhatWaits() {
    write(LVT_TIMER, 0x50);
    self(0x45);
    write(SVR, 0xFF);
    assertThat(read(LVT_TIMER)).isEqualTo(MASKED | 0x50);
    write(LVT_TIMER, 0x50);
    assertThat(read(LVT_TIMER)).isEqualTo(MASKED | 0x50);
    assertThat(isSet(IRR, 0x45)).isTrue();
    assertThat(interrupt()).isTrue();
    self(0x46);
    assertThat(isSet(IRR, 0x46)).isFalse();
    ApicMessage fixed =
        new ApicMessage(ApicMessage.Mode.FIXED, 0x47, ApicMessage.Target.ALL, 0, false, true, -1);
    assertThat(apic.accepts(fixed)).isFalse();
    for (ApicMessage.Mode mode :
        new ApicMessage.Mode[] {
          ApicMessage.Mode.NMI, ApicMessage.Mode.INIT, ApicMessage.Mode.STARTUP
        }) {
      assertThat(apic.accepts(new ApicMessage(mode, 0, ApicMessage.Target.ALL, 0, false, true, -1)))
          .isTrue();
    }
    // masks stay after it is enabled again
    write(SVR, 0x1FF);
    assertThat(read(LVT_TIMER)).isEqualTo(MASKED | 0x50);
  }

  @Test
  void disabledItIsNotThereAndTheLinesArePins() {
    self(0x45);
    assertThat(msrs.write(0x1B, 0xFEE0_0000L)).isTrue();
    assertThat(interrupt()).isFalse();
    assertThat(memory.read(SVR, 4)).isEqualTo(0xFFFF_FFFFL);
    apic.lint0().set(true);
    assertThat(interrupt()).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x70);
    apic.lint0().set(false);
    apic.lint1().set(true);
    assertThat(rig.takeEvents()).containsExactly("nmi");
    assertThat(msrs.write(0x1B, 0xFEE0_0800L)).isTrue();
    // as after a reset
    assertThat(read(SVR)).isEqualTo(0xFF);
    assertThat(isSet(IRR, 0x45)).isFalse();
  }

  // ---- local lines

  @Test
  void externalControllerThroughLint0() {
    apic.lint0().set(true);
    assertThat(interrupt()).isFalse();
    write(LINT0, 0x700);
    assertThat(interrupt()).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x70);
    // not subject to priorities, not in service here
    assertThat(read(ISR + 0x30)).isZero();
    write(TPR, 0xFF);
    assertThat(interrupt()).isTrue();
    write(LINT0, 0x700 | MASKED);
    assertThat(interrupt()).isFalse();
    write(LINT0, 0x700);
    apic.lint0().set(false);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void nmiThroughLint1IsAnEdge() {
    write(LINT1, 0x400 | LEVEL);
    apic.lint1().set(true);
    apic.lint1().set(true);
    assertThat(rig.takeEvents()).containsExactly("nmi");
    apic.lint1().set(false);
    write(LINT1, 0x400 | MASKED);
    apic.lint1().set(true);
    assertThat(rig.takeEvents()).isEmpty();
  }

  @Test
  void fixedEdgeOfALine() {
    write(LINT0, 0x55);
    apic.lint0().set(true);
    assertThat(apic.acknowledge()).isEqualTo(0x55);
    write(EOI, 0);
    assertThat(interrupt()).isFalse();
    assertThat(rig.takeEvents()).isEmpty();
  }

  @Test
  void fixedLevelOfALineComesAgainAfterItsEnd() {
    write(LINT0, 0x55 | LEVEL);
    apic.lint0().set(true);
    assertThat(read(LINT0)).as("remote IRR").isEqualTo(0x55 | LEVEL | 1 << 14);
    assertThat(apic.acknowledge()).isEqualTo(0x55);
    apic.lint0().set(true);
    assertThat(isSet(IRR, 0x55)).isFalse();
    write(EOI, 0);
    assertThat(apic.acknowledge()).isEqualTo(0x55);
    apic.lint0().set(false);
    write(EOI, 0);
    assertThat(interrupt()).isFalse();
    assertThat(read(LINT0)).isEqualTo(0x55 | LEVEL);
    // a level that stands is seen when the mask goes
    write(LINT0, 0x55 | LEVEL | MASKED);
    apic.lint0().set(true);
    assertThat(interrupt()).isFalse();
    write(LINT0, 0x55 | LEVEL);
    assertThat(interrupt()).isTrue();
  }

  // ---- ExtINT messages, performance counters

  @Test
  void anExtIntMessageIsOneAcknowledgeCycleOfTheExternalController() {
    write(TPR, 0xFF);
    message(ApicMessage.Mode.EXTINT, 0x31, false);
    assertThat(interrupt()).isTrue();
    // the vector is not that of the message, and nothing is in service here
    assertThat(apic.acknowledge()).isEqualTo(0x70);
    assertThat(read(ISR + 0x30)).isZero();
    assertThat(interrupt()).isFalse();
    write(EOI, 0);
    assertThat(rig.takeEvents()).isEmpty();
    // its own interrupts come first
    write(TPR, 0);
    message(ApicMessage.Mode.EXTINT, 0, false);
    self(0x45);
    assertThat(apic.acknowledge()).isEqualTo(0x45);
    assertThat(interrupt()).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x70);
  }

  @Test
  void extIntMessagesNeedAnEnabledApicAndInitForgetsThem() {
    message(ApicMessage.Mode.EXTINT, 0, false);
    message(ApicMessage.Mode.INIT, 0, false);
    assertThat(interrupt()).isFalse();
    assertThat(
            apic.accepts(
                new ApicMessage(
                    ApicMessage.Mode.EXTINT, 0, ApicMessage.Target.ALL, 0, false, true, -1)))
        .as("software-disabled")
        .isFalse();
  }

  @Test
  void anOverflowOfAPerformanceCounterMasksItsEntry() {
    write(LVT_PERFORMANCE, 0x400);
    apic.performanceCounterOverflow();
    assertThat(rig.takeEvents()).containsExactly("nmi");
    assertThat(read(LVT_PERFORMANCE)).isEqualTo(0x400 | MASKED);
    apic.performanceCounterOverflow();
    assertThat(rig.takeEvents()).isEmpty();
    write(LVT_PERFORMANCE, 0xE7);
    apic.performanceCounterOverflow();
    assertThat(read(LVT_PERFORMANCE)).isEqualTo(0xE7 | MASKED);
    assertThat(apic.acknowledge()).isEqualTo(0xE7);
    write(EOI, 0);
    assertThat(rig.takeEvents()).as("it is an edge").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x245, 0x345, 0x545, 0x745})
  void otherDeliveryModesOfAPerformanceCounterDoNothing(int entry) {
    write(LVT_PERFORMANCE, entry);
    apic.performanceCounterOverflow();
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(interrupt()).isFalse();
  }

  // ---- errors

  @Test
  void errorsAreShownAfterAWrite() {
    self(5);
    assertThat(read(ESR)).isZero();
    write(ESR, 0);
    assertThat(read(ESR)).isEqualTo(1 << 5);
    assertThat(isSet(IRR, 5)).isFalse();
    message(ApicMessage.Mode.FIXED, 7, false);
    read(0x290);
    write(ESR, 0);
    assertThat(read(ESR)).isEqualTo(1 << 6 | 1 << 7);
    write(ESR, 0);
    assertThat(read(ESR)).isZero();
  }

  @Test
  void errorInterruptOncePerError() {
    write(LVT_ERROR, 0xFE);
    self(5);
    assertThat(apic.acknowledge()).isEqualTo(0xFE);
    write(EOI, 0);
    self(6);
    assertThat(interrupt()).isFalse();
    // a write arms it again
    write(ESR, 0);
    self(6);
    assertThat(interrupt()).isTrue();
  }

  @Test
  void narrowAndOddAccesses() {
    write(TPR, 0x37);
    assertThat(memory.read(TPR + 1, 1)).isZero();
    assertThat(memory.read(SVR + 1, 1)).isEqualTo(1);
    assertThat(memory.read(SVR, 2)).isEqualTo(0x1FF);
    assertThat(memory.read(SVR + 4, 4)).isZero();
    memory.write(TPR + 4, 4, 0xFF);
    memory.write(TPR, 1, 0xABCD_1244L);
    assertThat(read(TPR)).isEqualTo(0x44);
  }

  // ---- timer

  @ParameterizedTest
  @CsvSource({"0, 2", "1, 4", "2, 8", "3, 16", "8, 32", "9, 64", "10, 128", "11, 1"})
  void oneShotWithEachDivider(int divide, int by) {
    write(DIVIDE, divide);
    write(LVT_TIMER, 0x40);
    write(INITIAL, 100);
    rig.advance(apic, 40L * by);
    assertThat(read(CURRENT)).isEqualTo(60);
    rig.advance(apic, 60L * by - 1);
    assertThat(interrupt()).isFalse();
    rig.advance(apic, 1);
    assertThat(interrupt()).isTrue();
    assertThat(read(CURRENT)).isZero();
    assertThat(apic.acknowledge()).isEqualTo(0x40);
    write(EOI, 0);
    rig.advance(apic, 100_000);
    assertThat(interrupt()).isFalse();
    assertThat(read(INITIAL)).isEqualTo(100);
  }

  @Test
  void periodicKeepsItsPhase() {
    write(DIVIDE, BY_1);
    write(LVT_TIMER, 0x40 | PERIODIC);
    write(INITIAL, 1000);
    for (int i = 1; i <= 5; i++) {
      rig.advance(apic, i * 1000L - 1 - rig.now());
      assertThat(interrupt()).isFalse();
      assertThat(read(CURRENT)).isEqualTo(1);
      rig.advance(apic, 1);
      assertThat(apic.acknowledge()).isEqualTo(0x40);
      assertThat(read(CURRENT)).isEqualTo(1000);
      write(EOI, 0);
    }
    write(INITIAL, 0);
    assertThat(rig.pending().pending()).isEmpty();
    assertThat(read(CURRENT)).isZero();
  }

  @Test
  void aPeriodGoesOnToItsEndInOneShotMode() {
    write(DIVIDE, BY_1);
    write(LVT_TIMER, 0x40 | PERIODIC | MASKED);
    write(INITIAL, 1000);
    rig.advance(apic, 2300);
    write(LVT_TIMER, 0x40);
    assertThat(read(CURRENT)).isEqualTo(700);
    rig.advance(apic, 699);
    assertThat(interrupt()).isFalse();
    rig.advance(apic, 1);
    assertThat(apic.acknowledge()).isEqualTo(0x40);
    assertThat(read(CURRENT)).isZero();
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void largestCountIsUnsigned() {
    write(DIVIDE, 10);
    write(LVT_TIMER, 0x40);
    write(INITIAL, -1);
    rig.advance(apic, 128);
    assertThat(read(CURRENT)).isEqualTo(-2);
    rig.advance(apic, 0xFFFF_FFFEL * 128 - 1);
    assertThat(interrupt()).isFalse();
    rig.advance(apic, 1);
    assertThat(interrupt()).isTrue();
  }

  @Test
  void theDividerCanChangeOnTheWay() {
    write(DIVIDE, BY_1);
    write(LVT_TIMER, 0x40);
    write(INITIAL, 100);
    rig.advance(apic, 50);
    write(DIVIDE, 3);
    assertThat(read(CURRENT)).isEqualTo(50);
    rig.advance(apic, 50 * 16 - 1);
    assertThat(interrupt()).isFalse();
    rig.advance(apic, 1);
    assertThat(interrupt()).isTrue();
  }

  @Test
  void aMaskedTimerCountsAndSaysNothing() {
    write(DIVIDE, BY_1);
    write(LVT_TIMER, 0x40 | MASKED);
    write(INITIAL, 100);
    rig.advance(apic, 99);
    assertThat(read(CURRENT)).isEqualTo(1);
    rig.advance(apic, 100);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void tscDeadline() {
    write(LVT_TIMER, 0x40 | TSC_DEADLINE);
    write(INITIAL, 100);
    assertThat(read(INITIAL)).isZero();
    assertThat(msrs.write(TSC_DEADLINE_MSR, 5000 + TSC_OFFSET)).isTrue();
    assertThat(msrs.read(TSC_DEADLINE_MSR)).hasValue(5000 + TSC_OFFSET);
    rig.advance(apic, 4999);
    assertThat(interrupt()).isFalse();
    rig.advance(apic, 1);
    assertThat(interrupt()).isTrue();
    assertThat(msrs.read(TSC_DEADLINE_MSR)).as("disarmed").hasValue(0);
    apic.acknowledge();
    write(EOI, 0);
    // one that has passed is due
    msrs.write(TSC_DEADLINE_MSR, 17);
    rig.advance(apic, 1);
    assertThat(interrupt()).isTrue();
    apic.acknowledge();
    write(EOI, 0);
    // the furthest one is not in the past
    msrs.write(TSC_DEADLINE_MSR, -1);
    assertThat(msrs.read(TSC_DEADLINE_MSR)).hasValue(-1);
    rig.advance(apic, 1L << 40);
    assertThat(interrupt()).isFalse();
    // 0 disarms, and so does another mode
    msrs.write(TSC_DEADLINE_MSR, (1L << 41) + TSC_OFFSET);
    msrs.write(TSC_DEADLINE_MSR, 0);
    assertThat(rig.pending().pending()).isEmpty();
    msrs.write(TSC_DEADLINE_MSR, (1L << 41) + TSC_OFFSET);
    write(LVT_TIMER, 0x40);
    assertThat(rig.pending().pending()).isEmpty();
    assertThat(msrs.read(TSC_DEADLINE_MSR)).hasValue(0);
    msrs.write(TSC_DEADLINE_MSR, (1L << 41) + TSC_OFFSET);
    assertThat(rig.pending().pending()).isEmpty();
  }

  // ---- INIT and start-up

  @Test
  void initKeepsTheIdAndTheBase() {
    write(0x20, 5 << 24);
    write(0xD0, 0x4400_0000);
    self(0x45);
    write(LVT_TIMER, 0x40);
    apic.receive(
        new ApicMessage(ApicMessage.Mode.INIT, 0, ApicMessage.Target.PHYSICAL, 5, false, true, 0));
    assertThat(rig.takeEvents()).containsExactly("init");
    assertThat(read(0x20)).isEqualTo(5 << 24);
    assertThat(read(0xD0)).isZero();
    assertThat(read(SVR)).isEqualTo(0xFF);
    assertThat(read(LVT_TIMER)).isEqualTo(MASKED);
    assertThat(isSet(IRR, 0x45)).isFalse();
    assertThat(msrs.read(0x1B)).hasValue(0xFEE0_0800L);
  }

  @Test
  void initLevelDeassertDoesNothing() {
    apic.receive(
        new ApicMessage(ApicMessage.Mode.INIT, 0, ApicMessage.Target.ALL, 0, true, false, 0));
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(read(SVR)).isEqualTo(0x1FF);
  }

  @Test
  void startUpAndNmiArePassedOn() {
    message(ApicMessage.Mode.STARTUP, 0x9A, false);
    message(ApicMessage.Mode.NMI, 0, false);
    assertThat(rig.takeEvents()).containsExactly("startup 154", "nmi");
  }

  // ---- sending

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x00004045 | FIXED | PHYSICAL | false",
        "0x00004845 | FIXED | LOGICAL | false",
        "0x00084045 | FIXED | ALL | false",
        "0x000C4045 | FIXED | ALL_BUT_SENDER | false",
        "0x00004145 | LOWEST_PRIORITY | PHYSICAL | false",
        "0x000C4445 | NMI | ALL_BUT_SENDER | false",
        "0x0000C500 | INIT | PHYSICAL | true",
        "0x00004500 | INIT | PHYSICAL | false",
        "0x0000464A | STARTUP | PHYSICAL | false",
        // fixed interrupts of processors are edges whatever is asked for
        "0x0000C045 | FIXED | PHYSICAL | false",
      })
  void commandsBecomeMessages(
      int command, ApicMessage.Mode mode, ApicMessage.Target target, boolean level) {
    write(ICR + 0x10, 0x0700_0000);
    assertThat(rig.takeEvents()).isEmpty();
    write(ICR, command);
    assertThat(rig.takeEvents())
        .containsExactly(
            new ApicMessage(mode, command & 0xFF, target, 7, level, true, 1).toString());
    assertThat(read(ICR)).isEqualTo(command);
    assertThat(read(ICR + 0x10)).isEqualTo(0x0700_0000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x4300, 0x4700, SELF | 0x4445, 5, 0x4105})
  void whatCannotBeSentIsNot(int command) {
    write(ICR, command);
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(interrupt()).isFalse();
  }

  // APIC 1; logical ID 0x02 in the flat model, cluster 3 member 2 in the other
  @ParameterizedTest
  @CsvSource({
    "PHYSICAL, 1, 0xFF, 0x02, true",
    "PHYSICAL, 2, 0xFF, 0x02, false",
    "PHYSICAL, 0xFF, 0xFF, 0x02, true",
    "LOGICAL, 0x02, 0xFF, 0x02, true",
    "LOGICAL, 0x07, 0xFF, 0x02, true",
    "LOGICAL, 0x05, 0xFF, 0x02, false",
    "LOGICAL, 0xFF, 0xFF, 0x00, true",
    "LOGICAL, 0x32, 0x0F, 0x32, true",
    "LOGICAL, 0x33, 0x0F, 0x32, true",
    "LOGICAL, 0x31, 0x0F, 0x32, false",
    "LOGICAL, 0x22, 0x0F, 0x32, false",
    "LOGICAL, 0xFF, 0x0F, 0x32, true",
    "ALL, 0, 0xFF, 0x02, true",
    "ALL_BUT_SENDER, 0, 0xFF, 0x02, false",
  })
  void destinations(
      ApicMessage.Target target, int destination, int dfr, int ldr, boolean accepted) {
    write(0xE0, dfr << 24);
    write(0xD0, ldr << 24);
    ApicMessage m =
        new ApicMessage(ApicMessage.Mode.FIXED, 0x45, target, destination, false, true, 1);
    assertThat(apic.accepts(m)).isEqualTo(accepted);
  }
}
