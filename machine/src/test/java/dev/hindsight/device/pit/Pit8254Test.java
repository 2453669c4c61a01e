package dev.hindsight.device.pit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.device.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data sheet of the 8254 says (Intel 231164, "Mode Definitions" and "Programming"). */
class Pit8254Test {
  private static final long HZ = 1_193_182;
  private static final int CONTROL = 3;

  private final Rig rig = new Rig();
  private final Pit8254 pit = new Pit8254("pit", rig, rig.deadlines(), rig.line("out0"));
  private long cycle;

  Pit8254Test() {
    pit.reset();
  }

  /** The first tick at which so many cycles are over. */
  private static long tickOf(long cycles) {
    return (cycles * 1_000_000_000 + HZ - 1) / HZ;
  }

  private void cycles(long count) {
    cycle += count;
    rig.advance(pit, tickOf(cycle) - rig.now());
  }

  private void write(int offset, int value) {
    pit.write(offset, 1, value);
  }

  private int read(int counter) {
    return (int) pit.read(counter, 1);
  }

  private void command(int counter, int access, int mode) {
    write(CONTROL, counter << 6 | access << 4 | mode << 1);
  }

  private void count(int counter, int value) {
    write(counter, value & 0xFF);
    write(counter, value >>> 8);
  }

  private int latchedCount(int counter) {
    write(CONTROL, counter << 6);
    return read(counter) | read(counter) << 8;
  }

  private int status(int counter) {
    write(CONTROL, 0xE0 | 2 << counter);
    return read(counter);
  }

  /** OUT0 and the count after each of the next pulses: "0 4, 0 3". */
  private String wave(int pulses) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < pulses; i++) {
      cycles(1);
      assertThat(pit.output(0)).isEqualTo(rig.level("out0"));
      seen.add((rig.level("out0") ? "1 " : "0 ") + Integer.toHexString(latchedCount(0)));
    }
    return String.join(", ", seen);
  }

  // the counts and levels of the data sheet's timing diagrams; mode 1 and 5 after a trigger
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 4 | 0 4, 0 3, 0 2, 0 1, 1 0, 1 ffff, 1 fffe",
        "1 | 3 | 0 3, 0 2, 0 1, 1 0, 1 ffff, 1 fffe",
        "2 | 3 | 1 3, 1 2, 0 1, 1 3, 1 2, 0 1, 1 3",
        "3 | 4 | 1 4, 1 2, 0 4, 0 2, 1 4, 1 2, 0 4, 0 2",
        "3 | 5 | 1 4, 1 2, 1 0, 0 4, 0 2, 1 4, 1 2, 1 0, 0 4, 0 2",
        "4 | 3 | 1 3, 1 2, 1 1, 0 0, 1 ffff, 1 fffe, 1 fffd",
        "5 | 3 | 1 3, 1 2, 1 1, 0 0, 1 ffff, 1 fffe"
      })
  void timingDiagrams(int mode, int count, String expected) {
    if (mode == 1 || mode == 5) {
      pit.gate(0, false);
    }
    command(0, 3, mode);
    assertThat(pit.output(0)).isEqualTo(mode != 0);
    count(0, count);
    if (mode == 1 || mode == 5) {
      cycles(3);
      assertThat(pit.output(0)).isTrue();
      pit.gate(0, true);
    }
    assertThat(wave(expected.split(",").length)).isEqualTo(expected);
  }

  @Test
  void countIsReadOnTheFlyOrLatched() {
    command(2, 3, 2);
    count(2, 0x1234);
    cycles(1 + 0x34);
    write(CONTROL, 2 << 6);
    cycles(0x100);
    // a second latch command is ignored until the first count was read
    write(CONTROL, 2 << 6);
    assertThat(read(2)).isZero();
    cycles(5);
    assertThat(read(2)).isEqualTo(0x12);
    assertThat(read(2)).isEqualTo(0xFB);
    assertThat(read(2)).isEqualTo(0x10);
  }

  @Test
  void readBackLatchesCountsAndStatusOfSeveralCounters() {
    command(0, 3, 3);
    count(0, 100);
    command(2, 1, 2);
    write(2, 50);
    cycles(11);
    write(CONTROL, 0xC0 | 1 << 1 | 1 << 3);
    cycles(1010);
    assertThat(read(0)).isEqualTo(0x80 | 0x30 | 3 << 1);
    assertThat(read(0) | read(0) << 8).isEqualTo(80);
    assertThat(read(2)).isEqualTo(0x80 | 0x10 | 2 << 1);
    assertThat(read(2)).isEqualTo(40);
    // nothing is latched any more
    assertThat(read(2)).isNotEqualTo(40);
  }

  @Test
  void nullCountUntilTheCountIsInTheElement() {
    command(0, 3, 0);
    assertThat(status(0) & 0x40).isNotZero();
    count(0, 5);
    assertThat(status(0) & 0x40).isNotZero();
    cycles(1);
    assertThat(status(0) & 0x40).isZero();

    command(0, 3, 2);
    count(0, 10);
    cycles(4);
    assertThat(status(0) & 0x40).isZero();
    count(0, 20);
    assertThat(status(0) & 0x40).isNotZero();
    cycles(7);
    assertThat(status(0) & 0x40).isZero();
  }

  @Test
  void firstByteInMode0StopsTheCountAndLowersOut() {
    command(0, 3, 0);
    count(0, 3);
    cycles(5);
    assertThat(rig.level("out0")).isTrue();
    write(0, 2);
    assertThat(rig.level("out0")).isFalse();
    int stopped = latchedCount(0);
    cycles(50);
    assertThat(latchedCount(0)).isEqualTo(stopped);
    write(0, 0);
    assertThat(wave(3)).isEqualTo("0 2, 0 1, 1 0");
  }

  @Test
  void gateHoldsMode0AndRestartsMode2() {
    command(0, 3, 0);
    count(0, 4);
    cycles(2);
    pit.gate(0, false);
    cycles(100);
    assertThat(latchedCount(0)).isEqualTo(3);
    pit.gate(0, true);
    assertThat(wave(3)).isEqualTo("0 2, 0 1, 1 0");

    command(0, 3, 2);
    count(0, 3);
    cycles(3);
    assertThat(rig.level("out0")).isFalse();
    pit.gate(0, false);
    assertThat(rig.level("out0")).isTrue();
    cycles(10);
    pit.gate(0, true);
    assertThat(wave(4)).isEqualTo("1 3, 1 2, 0 1, 1 3");
  }

  @Test
  void mode3TakesANewCountAtTheEndOfTheHalfCycle() {
    command(0, 3, 3);
    count(0, 8);
    cycles(2);
    count(0, 4);
    assertThat(wave(7)).isEqualTo("1 4, 1 2, 0 4, 0 2, 1 4, 1 2, 0 4");
  }

  @Test
  void mode1IsRetriggerableAndTakesANewCountWithTheTrigger() {
    command(0, 3, 1);
    count(0, 4);
    pit.gate(0, false);
    pit.gate(0, true);
    cycles(3);
    count(0, 2);
    pit.gate(0, false);
    assertThat(wave(1)).isEqualTo("0 1");
    pit.gate(0, true);
    assertThat(wave(3)).isEqualTo("0 2, 0 1, 1 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4})
  void countZeroIsTheLargest(int mode) {
    command(1, 3, mode);
    count(1, 0);
    cycles(1);
    assertThat(latchedCount(1)).isZero();
    cycles(1);
    assertThat(latchedCount(1)).isEqualTo(0xFFFF);
    write(CONTROL, 1 << 6 | 0x30 | mode << 1 | 1);
    count(1, 0);
    cycles(2);
    assertThat(latchedCount(1)).isEqualTo(0x9999);
  }

  /** Mode 2 with the divisor of a 100 Hz clock: so many edges in ten seconds, and no more. */
  @Test
  void interruptsComeAtTheRateThatWasAskedFor() {
    command(0, 3, 2);
    count(0, 11932);
    int edges = 0;
    boolean was = true;
    for (int ms = 0; ms < 10_000; ms++) {
      // at least the low cycle is not missed: OUT0 is looked at at each of its deadlines
      while (!rig.pending().pending().isEmpty()
          && rig.pending().pending().getFirst().tick() <= (ms + 1) * 1_000_000L) {
        rig.advance(pit, rig.pending().pending().getFirst().tick() - rig.now());
        boolean level = rig.level("out0");
        edges += level && !was ? 1 : 0;
        was = level;
      }
      rig.advance(pit, (ms + 1) * 1_000_000L - rig.now());
    }
    assertThat(edges).isEqualTo((int) (10 * HZ / 11932));
  }

  /** A deadline that comes late does not lose the pulse. */
  @Test
  void lateDeadlinesMakeUpForEveryChange() {
    List<Boolean> levels = new ArrayList<>();
    Pit8254 late = new Pit8254("late", rig, rig.deadlines(), levels::add);
    late.reset();
    late.write(CONTROL, 1, 0x34);
    late.write(0, 1, 10);
    late.write(0, 1, 0);
    levels.clear();
    long first = rig.pending().pending().getFirst().tick();
    // the present is well past the pulse, as at the end of a quantum
    rig.load(first + 10_000, rig.pending());
    late.deadline(0, first);
    long second = rig.pending().pending().getFirst().tick();
    late.deadline(0, second);
    assertThat(levels).containsExactly(false, true);
    assertThat(second).isEqualTo(tickOf(11));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithACounterThatIsClockedPulseByPulse(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SteppedCounter model = new SteppedCounter();
    int programs = 0;
    StringBuilder story = new StringBuilder();
    for (int step = 0; step < 40_000; step++) {
      for (int writes = random.nextInt(2); writes > 0; writes--) {
        switch (random.nextInt(24)) {
          case 0 -> {
            int access = 1 + random.nextInt(3);
            int mode = random.nextInt(6);
            boolean bcd = random.nextInt(4) == 0;
            story.setLength(0);
            story
                .append("command ")
                .append(access)
                .append(' ')
                .append(mode)
                .append(' ')
                .append(bcd);
            write(CONTROL, access << 4 | mode << 1 | (bcd ? 1 : 0));
            model.command(access, mode, bcd);
            programs++;
          }
          case 1, 2, 3, 4 -> {
            // digits that are valid in BCD too; 1 is not allowed in modes 2 and 3
            int value = random.nextInt(4) == 0 ? 0 : 2 + random.nextInt(8);
            story.append("; ").append(step).append(" write ").append(value);
            write(0, value);
            model.write(value);
          }
          case 5, 6 -> {
            // a strobe of mode 4 that meets a closing gate ends early here
            if (!model.isStrobing() || model.mode() != 4) {
              boolean level = !model.gate();
              story.append("; ").append(step).append(" gate ").append(level);
              pit.gate(0, level);
              model.gate(level);
            }
          }
          default -> {
            // nothing
          }
        }
        compare(model, story, step);
      }
      cycles(1);
      model.clock();
      compare(model, story, step);
    }
    assertThat(programs).isGreaterThan(500);
  }

  private void compare(SteppedCounter model, StringBuilder story, int step) {
    write(CONTROL, 0xC2);
    String expected = model.out() + " " + Integer.toHexString(model.status());
    String seen = rig.level("out0") + " " + Integer.toHexString(read(0));
    int count = read(0);
    int high = model.access() == 3 ? read(0) : 0;
    if (model.isLoaded()) {
      int shown = model.shown();
      expected +=
          " " + (model.access() == 1 ? shown & 0xFF : model.access() == 2 ? shown >>> 8 : shown);
      seen += " " + (count | high << 8);
    }
    assertThat(seen).as("%s; at %d", story, step).isEqualTo(expected);
  }
}
