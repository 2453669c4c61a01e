package dev.hindsight.device.rtc;

import java.util.stream.IntStream;

/** How register B has times written in the registers: BCD or binary, 12 or 24 hours. */
record TimeFormat(boolean binary, boolean hours24) {
  private static final int PM = 0x80;
  private static final int DONT_CARE = 0xC0;

  static TimeFormat of(int registerB) {
    return new TimeFormat(
        (registerB & Mc146818.DATA_MODE) != 0, (registerB & Mc146818.HOURS_24) != 0);
  }

  int encode(int value) {
    return binary ? value : value / 10 << 4 | value % 10;
  }

  int decode(int register) {
    return binary ? register : (register >>> 4) * 10 + (register & 15);
  }

  int encodeHour(int hour) {
    if (hours24) {
      return encode(hour);
    }
    int twelve = hour % 12 == 0 ? 12 : hour % 12;
    return encode(twelve) | (hour >= 12 ? PM : 0);
  }

  int decodeHour(int register) {
    if (hours24) {
      return decode(register);
    }
    return decode(register & ~PM) % 12 + ((register & PM) != 0 ? 12 : 0);
  }

  /**
   * Seconds until the time of day next matches an alarm, at least 1.
   *
   * @param second seconds since midnight
   * @return -1 if the alarm never matches
   */
  int untilAlarm(int second, int alarmHour, int alarmMinute, int alarmSecond) {
    int from = (second + 1) % CivilTime.SECONDS_A_DAY;
    boolean never =
        IntStream.range(0, 60).noneMatch(s -> matches(alarmSecond, encode(s)))
            || IntStream.range(0, 60).noneMatch(m -> matches(alarmMinute, encode(m)));
    // the next hour that matches, or the one after it if it has not enough left of it
    for (int h = 0; h <= 24 && !never; h++) {
      if (matches(alarmHour, encodeHour((from / 3600 + h) % 24))) {
        int into = firstInHour(h == 0 ? from % 3600 : 0, alarmMinute, alarmSecond);
        if (into >= 0) {
          return h * 3600 + into - from % 3600 + 1;
        }
      }
    }
    return -1;
  }

  /** The first second of an hour, from a given one on, whose minute and second match; or -1. */
  private int firstInHour(int from, int alarmMinute, int alarmSecond) {
    for (int minute = from / 60; minute < 60; minute++) {
      if (matches(alarmMinute, encode(minute))) {
        for (int s = minute == from / 60 ? from % 60 : 0; s < 60; s++) {
          if (matches(alarmSecond, encode(s))) {
            return minute * 60 + s;
          }
        }
      }
    }
    return -1;
  }

  private static boolean matches(int alarm, int register) {
    return (alarm & DONT_CARE) == DONT_CARE || alarm == register;
  }
}
