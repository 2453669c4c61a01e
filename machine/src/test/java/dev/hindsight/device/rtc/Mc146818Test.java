package dev.hindsight.device.rtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.device.Rig;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data sheet of the MC146818A says; calendars are compared with java.time. */
class Mc146818Test {
  private static final long SECOND = 1_000_000_000;
  private static final int A = 10;
  private static final int B = 11;
  private static final int C = 12;
  private static final int D = 13;
  private static final int CENTURY = 0x32;

  private static final int SET = 0x80;
  private static final int PIE = 0x40;
  private static final int AIE = 0x20;
  private static final int UIE = 0x10;
  private static final int BINARY = 4;
  private static final int HOURS_24 = 2;

  private final Rig rig = new Rig();
  private Mc146818 rtc = at("2023-12-31T23:59:58");

  private Mc146818 at(String time) {
    long seconds = LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC);
    byte[] cmos = CmosContents.ofMemory(1 << 30, 0);
    Mc146818 made = new Mc146818("dut", rig, rig.deadlines(), rig.line("irq"), seconds, cmos);
    made.reset();
    return made;
  }

  private int read(int index) {
    rtc.write(0, 1, index);
    return (int) rtc.read(1, 1);
  }

  private void write(int index, int value) {
    rtc.write(0, 1, index);
    rtc.write(1, 1, value);
  }

  private void pass(long ticks) {
    rig.advance(rtc, ticks);
  }

  /** The registers of the time as digits. */
  private String time() {
    return "%02x%02x-%02x-%02x %02x:%02x:%02x day %x"
        .formatted(read(CENTURY), read(9), read(8), read(7), read(4), read(2), read(0), read(6));
  }

  private void setTime(int... centuryToSeconds) {
    int[] registers = {CENTURY, 9, 8, 7, 4, 2, 0};
    for (int i = 0; i < registers.length; i++) {
      write(registers[i], centuryToSeconds[i]);
    }
  }

  // ---- time

  @Test
  void timeGoesOn() {
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 day 1");
    pass(2 * SECOND - 1);
    assertThat(time()).isEqualTo("2023-12-31 23:59:59 day 1");
    pass(1);
    assertThat(time()).isEqualTo("2024-01-01 00:00:00 day 2");
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void calendarIsGregorian() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      // the years 0 to 9999
      long seconds = random.nextLong(-62_167_219_200L, 253_402_300_800L);
      LocalDateTime expected = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
      CivilTime time = CivilTime.of(seconds);
      assertThat(time)
          .isEqualTo(
              new CivilTime(
                  expected.getYear(),
                  expected.getMonthValue(),
                  expected.getDayOfMonth(),
                  expected.getHour(),
                  expected.getMinute(),
                  expected.getSecond()));
      assertThat(time.toSeconds()).isEqualTo(seconds);
      assertThat(CivilTime.weekday(seconds)).isEqualTo(expected.getDayOfWeek().getValue() % 7);
    }
  }

  @Test
  void fieldsOutsideTheirRangesCarryOver() {
    assertThat(CivilTime.of(new CivilTime(2023, 14, 30, 25, 61, 75).toSeconds()))
        .isEqualTo(new CivilTime(2024, 3, 2, 2, 2, 15));
    assertThat(CivilTime.of(new CivilTime(2023, 0, 0, 0, 0, 0).toSeconds()))
        .isEqualTo(new CivilTime(2022, 11, 30, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "0x12, 0x01",
    "0x01, 0x02",
    "0x11, 0x92",
    "0x92, 0x81",
    "0x81, 0x82",
    "0x89, 0x90",
    "0x91, 0x12"
  })
  void twelveHours(int hour, int next) {
    write(B, SET);
    write(4, hour);
    write(2, 0x59);
    write(0, 0x59);
    write(B, 0);
    assertThat(read(4)).isEqualTo(hour);
    pass(SECOND);
    assertThat(read(4)).isEqualTo(next);
  }

  /** Changing the format does not change the registers, but what they mean. */
  @Test
  void formatsAreNotConverted() {
    write(B, SET | HOURS_24 | BINARY);
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 day 1");
    rtc = at("2024-01-01T00:00:10");
    write(B, HOURS_24 | BINARY);
    assertThat(read(0)).isEqualTo(0x10);
    pass(SECOND);
    assertThat(read(0)).isEqualTo(0x11);
  }

  @Test
  void binaryMode() {
    write(B, SET | BINARY | HOURS_24);
    setTime(20, 24, 2, 28, 23, 59, 59);
    write(B, BINARY | HOURS_24);
    pass(SECOND);
    assertThat(read(7)).isEqualTo(29);
    assertThat(read(8)).isEqualTo(2);
    assertThat(read(9)).isEqualTo(24);
    assertThat(read(CENTURY)).isEqualTo(20);
    assertThat(read(4)).isZero();
  }

  /** With SET the registers are memory, and the divider goes on. */
  @Test
  void setStopsUpdatesButNotTheDivider() {
    pass(SECOND / 4);
    write(B, SET | HOURS_24);
    pass(10 * SECOND);
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 day 1");
    setTime(0x19, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59);
    write(6, 6);
    assertThat(time()).isEqualTo("1999-12-31 23:59:59 day 6");
    write(B, HOURS_24);
    pass(SECOND * 3 / 4 - 1);
    assertThat(time()).isEqualTo("1999-12-31 23:59:59 day 6");
    pass(1);
    assertThat(time()).isEqualTo("2000-01-01 00:00:00 day 7");
  }

  @Test
  void registersWrittenWithoutSet() {
    write(7, 0x15);
    write(2, 0x30);
    assertThat(time()).isEqualTo("2023-12-15 23:30:58 day 1");
    pass(2 * SECOND);
    assertThat(time()).isEqualTo("2023-12-15 23:31:00 day 1");
  }

  @Test
  void firstUpdateComesHalfASecondAfterTheDividerStarts() {
    pass(SECOND / 3);
    write(A, 0x76);
    pass(5 * SECOND);
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 day 1");
    assertThat(read(A)).isEqualTo(0x76);
    write(A, 0x26);
    pass(SECOND / 2 - 1);
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 day 1");
    pass(1);
    assertThat(time()).isEqualTo("2023-12-31 23:59:59 day 1");
    pass(SECOND);
    assertThat(time()).isEqualTo("2024-01-01 00:00:00 day 2");
  }

  @Test
  void updateInProgressIsSet244MicrosecondsBefore() {
    pass(SECOND - 244_200);
    assertThat(read(A)).isEqualTo(0x26);
    pass(200);
    assertThat(read(A)).isEqualTo(0xA6);
    pass(243_999);
    assertThat(read(A)).isEqualTo(0xA6);
    assertThat(read(0)).isEqualTo(0x58);
    pass(1);
    assertThat(read(A)).isEqualTo(0x26);
    assertThat(read(0)).isEqualTo(0x59);
    pass(SECOND - 1);
    assertThat(read(A)).isEqualTo(0xA6);
    write(B, SET | HOURS_24);
    assertThat(read(A)).isEqualTo(0x26);
  }

  // ---- interrupts

  /** Rate bits and frequency of the periodic interrupt, data sheet table 5, 32.768 kHz. */
  @ParameterizedTest
  @CsvSource({
    "1, 256", "2, 128", "3, 8192", "4, 4096", "5, 2048", "6, 1024", "7, 512", "8, 256", "9, 128",
    "10, 64", "11, 32", "12, 16", "13, 8", "14, 4", "15, 2"
  })
  void periodicInterrupt(int rate, int hz) {
    write(A, 0x20 | rate);
    write(B, PIE | HOURS_24);
    int count = 0;
    for (int i = 0; i < hz; i++) {
      long before = rig.now();
      while (!rig.level("irq")) {
        rig.advance(rtc, SECOND, 1);
      }
      assertThat(rig.now() - before).isBetween(SECOND / hz - 1, SECOND / hz + 1);
      assertThat(read(C) & 0xC0).isEqualTo(0xC0);
      assertThat(rig.level("irq")).isFalse();
      count++;
    }
    assertThat(count).isEqualTo(hz);
    assertThat(rig.now()).isEqualTo(SECOND);
  }

  @Test
  void rate0IsNone() {
    write(A, 0x20);
    write(B, PIE | HOURS_24);
    pass(SECOND / 2);
    assertThat(read(C)).isZero();
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void updateEndedInterrupt() {
    write(B, UIE | HOURS_24);
    pass(SECOND - 1);
    assertThat(rig.level("irq")).isFalse();
    pass(1);
    assertThat(rig.level("irq")).isTrue();
    assertThat(read(C) & 0x90).isEqualTo(0x90);
    assertThat(rig.level("irq")).isFalse();
    assertThat(read(C)).isZero();
    // SET takes the enable bit back
    write(B, SET | UIE | HOURS_24);
    assertThat(read(B)).isEqualTo(SET | HOURS_24);
  }

  @Test
  void flagsAreSetWithoutInterrupts() {
    pass(SECOND);
    assertThat(rig.pending().pending()).isEmpty();
    assertThat(read(C)).isEqualTo(PIE | UIE);
    assertThat(read(C)).isZero();
    pass(SECOND / 1024);
    assertThat(read(C)).isZero();
    pass(1);
    assertThat(read(C)).isEqualTo(PIE);
  }

  /** An interrupt that is enabled when its flag is set already comes at once. */
  @Test
  void enablingTurnsAFlagIntoAnInterrupt() {
    pass(SECOND);
    assertThat(rig.level("irq")).isFalse();
    write(B, UIE | HOURS_24);
    assertThat(rig.level("irq")).isTrue();
    write(B, HOURS_24);
    assertThat(rig.level("irq")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // hours, minutes, seconds; seconds from 23:59:58 to the next
    "0x00, 0x00, 0x00, 2",
    "0x23, 0x59, 0x59, 1",
    "0x23, 0x59, 0x58, 86400",
    "0xFF, 0xC0, 0xD5, 1",
    "0xFF, 0xFF, 0x30, 32",
    "0xFF, 0x30, 0x00, 1802",
    "0x05, 0xFF, 0x07, 18009",
    "0x23, 0xFF, 0x57, 82859"
  })
  void alarm(int hour, int minute, int second, int after) {
    write(5, hour);
    write(3, minute);
    write(1, second);
    write(B, AIE | HOURS_24);
    assertThat(rig.pending().pending()).hasSize(1);
    pass(after * SECOND - 1);
    assertThat(rig.level("irq")).isFalse();
    pass(1);
    assertThat(rig.level("irq")).isTrue();
    assertThat(read(C) & 0xA0).isEqualTo(0xA0);
    assertThat(rig.level("irq")).isFalse();
  }

  /** The same, but only looked at afterwards. */
  @Test
  void alarmFlagWithoutInterrupt() {
    write(5, 0x05);
    write(3, 0x00);
    write(1, 0x00);
    read(C);
    pass(5 * 3600 * SECOND);
    assertThat(read(C) & AIE).isZero();
    pass(3 * SECOND);
    assertThat(read(C) & AIE).isEqualTo(AIE);
    pass(7200 * SECOND);
    assertThat(read(C) & AIE).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x60, 0x5A, 0xBF, 0x7F})
  void anAlarmThatNeverMatchesSetsNoDeadline(int second) {
    write(5, 0xFF);
    write(3, 0xFF);
    write(1, second);
    write(B, AIE | HOURS_24);
    assertThat(rig.pending().pending()).isEmpty();
    pass(200 * SECOND);
    assertThat(read(C) & AIE).isZero();
  }

  /** Alarms in all four formats against a search second by second. */
  @Test
  void nextAlarmIsTheFirstThatMatches() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 300; i++) {
      TimeFormat format = new TimeFormat(random.nextBoolean(), random.nextBoolean());
      int now = random.nextInt(86_400);
      int h = random.nextInt(4) == 0 ? 0xC7 : format.encodeHour(random.nextInt(24));
      int m = random.nextInt(4) == 0 ? 0xFF : format.encode(random.nextInt(60));
      int s = random.nextInt(4) == 0 ? 0xC0 : format.encode(random.nextInt(60));
      int expected = 1;
      while (!matches(format, (now + expected) % 86_400, h, m, s)) {
        expected++;
      }
      assertThat(format.untilAlarm(now, h, m, s)).isEqualTo(expected);
    }
  }

  private static boolean matches(TimeFormat format, int time, int h, int m, int s) {
    return (h >= 0xC0 || h == format.encodeHour(time / 3600))
        && (m >= 0xC0 || m == format.encode(time / 60 % 60))
        && (s >= 0xC0 || s == format.encode(time % 60));
  }

  // ---- memory

  @Test
  void memoryAndItsSecondBank() {
    List<Integer> plain = new ArrayList<>();
    for (int i = D + 1; i < 128; i++) {
      if (i != CENTURY) {
        plain.add(i);
      }
    }
    plain.forEach(i -> write(i, i ^ 0x5A));
    plain.forEach(i -> assertThat(read(i)).isEqualTo(i ^ 0x5A));
    for (int i = 0; i < 128; i++) {
      rtc.write(2, 1, i);
      rtc.write(3, 1, 255 - i);
    }
    rtc.write(2, 1, 0x0C);
    assertThat(rtc.read(3, 1)).isEqualTo(255 - 0x0C);
    plain.forEach(i -> assertThat(read(i)).isEqualTo(i ^ 0x5A));
  }

  @Test
  void theNmiMaskIsKept() {
    rtc.write(0, 1, 0x8D);
    assertThat(rtc.read(0, 1)).isEqualTo(0x8D);
    assertThat(rtc.read(1, 1)).isEqualTo(0x80);
  }

  @Test
  void registersCAndDAreReadOnly() {
    write(D, 0);
    write(C, 0xFF);
    assertThat(read(D)).isEqualTo(0x80);
    assertThat(read(C)).isZero();
    write(A, 0xA6);
    assertThat(read(A)).isEqualTo(0x26);
  }

  @Test
  void memorySizes() {
    rtc =
        new Mc146818(
            "dut",
            rig,
            rig.deadlines(),
            rig.line("irq"),
            0,
            CmosContents.ofMemory(0xC000_0000L, 0x1_4000_0000L));
    assertThat(read(0x15) | read(0x16) << 8).isEqualTo(640);
    assertThat(read(0x17) | read(0x18) << 8).isEqualTo(0xFFFF);
    assertThat(read(0x30) | read(0x31) << 8).isEqualTo(0xFFFF);
    assertThat(read(0x34) | read(0x35) << 8).isEqualTo(0xBF00);
    assertThat(read(0x5B) | read(0x5C) << 8 | read(0x5D) << 16).isEqualTo(0x1_4000);
    assertThat(read(0x0F)).isZero();
    byte[] small = CmosContents.ofMemory(8 << 20, 0);
    assertThat(small[0x17] & 0xFF | (small[0x18] & 0xFF) << 8).isEqualTo(7 * 1024);
    assertThat(small[0x34]).isZero();
  }

  @Test
  void resetKeepsTimeAndMemory() {
    write(0x0F, 5);
    write(B, PIE | AIE | UIE | 8 | HOURS_24);
    pass(SECOND);
    assertThat(rig.level("irq")).isTrue();
    rtc.reset();
    assertThat(rig.level("irq")).isFalse();
    assertThat(read(B)).isEqualTo(HOURS_24);
    assertThat(read(0x0F)).isEqualTo(5);
    assertThat(time()).isEqualTo("2023-12-31 23:59:59 day 1");
  }

  /** The way Linux reads it (mc146818_get_time), over the seconds around a new day. */
  @Test
  void whatADriverReadsIsWhatTimeItIs() {
    long start = LocalDateTime.parse("2023-12-31T23:59:58").toEpochSecond(ZoneOffset.UTC);
    for (int i = 0; i < 4000; i++) {
      pass(999_983);
      if ((read(A) & 0x80) == 0) {
        Instant now = Instant.ofEpochSecond(start + rig.now() / SECOND);
        assertThat(time()).startsWith(now.toString().substring(0, 19).replace('T', ' '));
      }
    }
  }
}
