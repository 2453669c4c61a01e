package dev.hindsight.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How sizes and instants are written on the command line. */
final class Quantities {
  private static final Map<Character, Integer> UNITS = Map.of('K', 10, 'M', 20, 'G', 30);

  private Quantities() {}

  /** A size: bytes, or with K, M or G behind it units of 1,024, 1,024² or 1,024³ bytes. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      char unit = text.isEmpty() ? ' ' : Character.toUpperCase(text.charAt(text.length() - 1));
      int shift = UNITS.getOrDefault(unit, 0);
      String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
      try {
        long number = Long.parseLong(digits);
        if (number > 0 && number << shift >>> shift == number && number << shift > 0) {
          return number << shift;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new TypeConversionException("'" + text + "' is no size; write 256M or 2G");
    }
  }

  /** An instant as ISO 8601 has it, or "now". */
  static final class PowerOn implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      if (text.equals("now")) {
        return Instant.now();
      }
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' is no instant; write now or 2026-01-01T00:00:00Z");
      }
    }
  }
}
