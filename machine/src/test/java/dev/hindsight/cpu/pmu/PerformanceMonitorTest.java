package dev.hindsight.cpu.pmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.state.RecordCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registers and what they count, by the rules of the manual. */
class PerformanceMonitorTest {
  private static final int PMC0 = 0xC1;
  private static final int PERFEVTSEL0 = 0x186;
  private static final int FIXED_CTR0 = 0x309;
  private static final int FIXED_CTR_CTRL = 0x38D;
  private static final int GLOBAL_STATUS = 0x38E;
  private static final int GLOBAL_CTRL = 0x38F;
  private static final int GLOBAL_OVF_CTRL = 0x390;
  private static final int A_PMC0 = 0x4C1;

  private static final int USR = 1 << 16;
  private static final int OS = 1 << 17;
  private static final int INT = 1 << 20;
  private static final int EN = 1 << 22;
  private static final int INSTRUCTIONS = 0xC0;
  private static final int BRANCHES = 0xC4;
  private static final RecordCodec<PmuState> CODEC = RecordCodec.of(PmuState.class);

  private final PerformanceMonitor pmu = new PerformanceMonitor();
  private long steps;
  private int interrupts;

  PerformanceMonitorTest() {
    pmu.connect(() -> interrupts++);
  }

  private void write(int msr, long value) {
    assertThat(pmu.write(msr, value, steps)).isTrue();
  }

  private long read(int msr) {
    return pmu.read(msr, steps);
  }

  /** Steps as an engine does them. */
  private void run(int count) {
    for (int i = 0; i < count; i++) {
      steps++;
      if (steps >= pmu.deadline()) {
        pmu.reachDeadline(steps);
      }
    }
  }

  private void branch() {
    steps++;
    if (pmu.countsBranches()) {
      pmu.branch(steps);
    } else if (steps >= pmu.deadline()) {
      pmu.reachDeadline(steps);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "C0, 0, 7", // instructions retired
    "3C, 0, 7", // core cycles
    "3C, 1, 7", // reference cycles
    "C4, 0, 2", // branches
    "C5, 0, 0", // mispredicted branches
    "2E, 41, 0", // misses of the last cache: not there
    "C0, 1, 0", // no such unit mask
  })
  void events(String event, String unitMask, long expected) {
    int code = Integer.parseInt(event, 16) | Integer.parseInt(unitMask, 16) << 8;
    assertThat(counted(code)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "C0, 01, false, false, 7",
    "C0, 02, false, false, 0",
    "C0, 01, true, false, 0",
    "C0, 10, true, false, 7", // a way to count cycles that profilers use
    "C0, 00, true, false, 7", // inverting does nothing without a mask
    "C4, 01, false, false, 2",
    "C4, 01, true, false, 5",
    "C4, 02, true, false, 7",
    "C5, 01, true, false, 7",
    "C0, 00, false, true, 0",
    "C4, 00, false, true, 2",
  })
  void counterMasks(String event, String mask, boolean invert, boolean edge, long expected) {
    int bits = Integer.parseInt(mask, 16) << 24 | (invert ? 1 << 23 : 0) | (edge ? 1 << 18 : 0);
    assertThat(counted(Integer.parseInt(event, 16) | bits)).isEqualTo(expected);
  }

  /** Counts five steps and two branches. */
  private long counted(int selector) {
    write(PERFEVTSEL0, (selector | OS | EN) & 0xFFFF_FFFFL);
    run(2);
    branch();
    run(1);
    branch();
    run(2);
    return read(PMC0);
  }

  @Test
  void aCounterNeedsAllItsEnables() {
    run(5);
    write(PERFEVTSEL0, INSTRUCTIONS | OS);
    run(5);
    write(PERFEVTSEL0, INSTRUCTIONS | EN);
    run(5);
    assertThat(read(PMC0)).isZero();
    write(PERFEVTSEL0, INSTRUCTIONS | OS | EN);
    run(3);
    write(GLOBAL_CTRL, 0xE);
    run(5);
    assertThat(read(PMC0)).isEqualTo(3);
    write(GLOBAL_CTRL, 1);
    run(4);
    assertThat(read(PMC0)).isEqualTo(7);
    assertThat(read(A_PMC0)).isEqualTo(7);
    assertThat(pmu.general(0, steps)).isEqualTo(7);
  }

  @Test
  void fixedCounters() {
    write(FIXED_CTR_CTRL, 0x321);
    run(5);
    assertThat(read(FIXED_CTR0)).isZero();
    write(GLOBAL_CTRL, 7L << 32);
    run(10);
    pmu.changeLevel(true, steps);
    run(100);
    pmu.changeLevel(false, steps);
    run(1);
    assertThat(read(FIXED_CTR0)).isEqualTo(11);
    assertThat(read(FIXED_CTR0 + 1)).isEqualTo(100);
    assertThat(read(FIXED_CTR0 + 2)).isEqualTo(111);
    assertThat(pmu.fixed(1, steps)).isEqualTo(100);
  }

  @Test
  void levels() {
    write(PERFEVTSEL0, INSTRUCTIONS | USR | EN);
    write(PERFEVTSEL0 + 1, INSTRUCTIONS | OS | EN);
    write(PERFEVTSEL0 + 2, BRANCHES | USR | EN);
    write(PERFEVTSEL0 + 3, INSTRUCTIONS | USR | OS | EN);
    branch();
    run(3);
    pmu.changeLevel(true, steps);
    run(20);
    branch();
    pmu.changeLevel(true, steps);
    branch();
    pmu.changeLevel(false, steps);
    run(7);
    assertThat(pmu.save(steps).counters()).containsExactly(22, 11, 2, 33, 0, 0, 0);
  }

  @Test
  void overflowAtTheStep() {
    write(PERFEVTSEL0, INSTRUCTIONS | OS | INT | EN);
    write(PERFEVTSEL0 + 1, INSTRUCTIONS | OS | EN);
    write(PMC0, -5);
    write(PMC0 + 1, -3);
    assertThat(pmu.deadline()).isEqualTo(steps + 3);
    run(3);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(2);
    assertThat(interrupts).isZero();
    run(1);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(2);
    run(1);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(3);
    assertThat(interrupts).isEqualTo(1);
    write(GLOBAL_OVF_CTRL, 1);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(2);
    run(2);
    assertThat(read(PMC0)).isEqualTo(2);
    assertThat(read(PMC0 + 1)).isEqualTo(4);
  }

  @Test
  void branchesOverflowWithTheBranch() {
    write(PERFEVTSEL0, BRANCHES | OS | INT | EN);
    write(PMC0, -2);
    run(1000);
    branch();
    run(1000);
    assertThat(interrupts).isZero();
    branch();
    assertThat(interrupts).isEqualTo(1);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(1);
  }

  @Test
  void whatIsNoBranchOverflowsWithoutOne() {
    write(PERFEVTSEL0, (BRANCHES | OS | INT | EN | 1 << 23 | 1 << 24) & 0xFFFF_FFFFL);
    write(PMC0, -3);
    run(2);
    branch();
    branch();
    assertThat(interrupts).isZero();
    run(1);
    assertThat(interrupts).isEqualTo(1);
  }

  @Test
  void theFixedCountersInterruptToo() {
    write(FIXED_CTR_CTRL, 0x0B3);
    write(GLOBAL_CTRL, 3L << 32);
    write(FIXED_CTR0, 0xFFFF_FFFF_FFFFL);
    write(FIXED_CTR0 + 1, 0xFFFF_FFFF_FFFEL);
    run(1);
    assertThat(interrupts).isZero();
    run(1);
    assertThat(interrupts).isEqualTo(1);
    assertThat(read(GLOBAL_STATUS)).isEqualTo(3L << 32);
  }

  @Test
  void widths() {
    write(PMC0, 0x1234_8000_0000L);
    assertThat(read(PMC0)).isEqualTo(0xFFFF_8000_0000L);
    write(PMC0, 0xFFFF_7FFF_FFFFL);
    assertThat(read(PMC0)).isEqualTo(0x7FFF_FFFFL);
    write(A_PMC0, 0x1234_8000_0000L);
    assertThat(read(PMC0)).isEqualTo(0x1234_8000_0000L);
    assertThat(pmu.write(A_PMC0, 1L << 48, steps)).isFalse();
    assertThat(read(PMC0)).isEqualTo(0x1234_8000_0000L);
  }

  @Test
  void nothingToCountCostsNothing() {
    assertThat(pmu.deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(pmu.countsBranches()).isFalse();
    write(PERFEVTSEL0, BRANCHES | USR | EN);
    assertThat(pmu.countsBranches()).isFalse();
    pmu.changeLevel(true, steps);
    assertThat(pmu.countsBranches()).isTrue();
    assertThat(pmu.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void savedAndLoadedWhileItCounts() {
    write(PERFEVTSEL0, INSTRUCTIONS | USR | INT | EN);
    write(PERFEVTSEL0 + 1, BRANCHES | OS | EN);
    write(FIXED_CTR_CTRL, 0x333);
    write(GLOBAL_CTRL, 0xFL | 7L << 32);
    write(PMC0, -100);
    pmu.changeLevel(true, steps);
    run(60);
    PmuState state = CODEC.decode(CODEC.encode(pmu.save(steps)));
    PerformanceMonitor twin = new PerformanceMonitor();
    int[] requests = {0};
    twin.connect(() -> requests[0]++);
    twin.load(state, true, 5000);
    assertThat(twin.deadline()).isEqualTo(5040);
    twin.reachDeadline(5040);
    assertThat(requests[0]).isEqualTo(1);
    run(40);
    assertThat(CODEC.encode(twin.save(5040))).isEqualTo(CODEC.encode(pmu.save(steps)));
  }

  @Test
  void reset() {
    write(PERFEVTSEL0, INSTRUCTIONS | OS | EN);
    write(GLOBAL_CTRL, 7L << 32);
    write(FIXED_CTR_CTRL, 0x333);
    write(FIXED_CTR0, 0xFFFF_FFFF_FFFFL);
    run(10);
    pmu.reset(steps);
    assertThat(CODEC.encode(pmu.save(steps)))
        .isEqualTo(CODEC.encode(new PerformanceMonitor().save(0)));
    assertThat(read(GLOBAL_CTRL)).isEqualTo(0xF);
  }
}
