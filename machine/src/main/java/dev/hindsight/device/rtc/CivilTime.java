package dev.hindsight.device.rtc;

/**
 * A time of the Gregorian calendar.
 *
 * <p>Fields outside their ranges are allowed where a time is turned into seconds: they carry over.
 *
 * @param year 0 to 9999
 * @param month 1 to 12
 * @param day 1 to 31
 */
record CivilTime(int year, int month, int day, int hour, int minute, int second) {
  static final int SECONDS_A_DAY = 86_400;

  /** Days from 1 March of the year 0 to 1 January 1970. */
  private static final long DAYS_TO_1970 = 719_468;

  private static final int DAYS_IN_400_YEARS = 146_097;

  /** The time so many seconds after 1970, modulo 10000 years. */
  static CivilTime of(long seconds) {
    long days = Math.floorDiv(seconds, (long) SECONDS_A_DAY);
    int rest = Math.floorMod(seconds, SECONDS_A_DAY);
    // years that begin in March have the leap day at their end
    long fromMarch = days + DAYS_TO_1970;
    long era = Math.floorDiv(fromMarch, (long) DAYS_IN_400_YEARS);
    int inEra = Math.floorMod(fromMarch, DAYS_IN_400_YEARS);
    int yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365;
    int inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int fromMarchMonth = (5 * inYear + 2) / 153;
    int day = inYear - (153 * fromMarchMonth + 2) / 5 + 1;
    int month = fromMarchMonth < 10 ? fromMarchMonth + 3 : fromMarchMonth - 9;
    int year =
        Math.floorMod(Math.floorMod(era, 25) * 400 + yearOfEra + (month < 3 ? 1 : 0), 10_000);
    return new CivilTime(year, month, day, rest / 3600, rest / 60 % 60, rest % 60);
  }

  /** Seconds from 1970 to this time. */
  long toSeconds() {
    int months = month - 1;
    long y = (long) year + Math.floorDiv(months, 12) - (Math.floorMod(months, 12) < 2 ? 1 : 0);
    int m = (Math.floorMod(months, 12) + 10) % 12;
    long era = Math.floorDiv(y, 400L);
    int yearOfEra = Math.floorMod(y, 400);
    int inEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + (153 * m + 2) / 5 + day - 1;
    long days = era * DAYS_IN_400_YEARS + inEra - DAYS_TO_1970;
    return days * SECONDS_A_DAY + hour * 3600L + minute * 60L + second;
  }

  /** Day of the week of a time in seconds from 1970: 0 is Sunday. */
  static int weekday(long seconds) {
    // 1 January 1970 was a Thursday
    return Math.floorMod(Math.floorDiv(seconds, (long) SECONDS_A_DAY) + 4, 7);
  }
}
