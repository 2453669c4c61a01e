package dev.hindsight.cli.ask;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A range of memory on the command line: {@code ADDR[:LEN]}.
 *
 * @param start address of the first byte
 * @param length number of bytes, at least 1; empty if it was not said
 */
record Addresses(long start, OptionalInt length) {
  private static final long MOST = 16 << 20;

  private static final Pattern TEXT =
      Pattern.compile("(0[xX][0-9a-fA-F]+|\\d+)(?::(0[xX][0-9a-fA-F]+|\\d+))?");

  /** Reads one; numbers are decimal, or hexadecimal behind 0x. */
  static final class Converter implements ITypeConverter<Addresses> {
    @Override
    public Addresses convert(String text) {
      Matcher m = TEXT.matcher(text);
      try {
        if (m.matches()) {
          long start = number(m.group(1));
          if (m.group(2) == null) {
            return new Addresses(start, OptionalInt.empty());
          }
          long length = number(m.group(2));
          if (length >= 1 && length <= MOST) {
            return new Addresses(start, OptionalInt.of((int) length));
          }
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is no address; write 0xffffffff81000000 or 0x1000:64, at most 16 MiB long");
    }

    private static long number(String text) {
      return text.length() > 2 && Character.toLowerCase(text.charAt(1)) == 'x'
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    }
  }
}
