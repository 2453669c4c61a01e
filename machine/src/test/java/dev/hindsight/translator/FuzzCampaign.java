package dev.hindsight.translator;

import dev.hindsight.x86.Disassembler;
import dev.hindsight.x86.Instruction;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Runs many random sequences in both engines, and makes those smaller that differ. */
final class FuzzCampaign implements AutoCloseable {
  private static final int[] TLB_CAPACITIES = {1, 16, 1024, 1024};
  private static final int USUAL = 2;
  private static final int IMPATIENT = 3;

  private final FuzzGenerator generator;
  private final EnginePair[] pairs = new EnginePair[TLB_CAPACITIES.length];
  private byte[] data = new byte[0];
  private long dataOf = -1;

  FuzzCampaign(long seed) {
    generator = new FuzzGenerator(seed);
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = pair(i);
    }
  }

  /**
   * Those with few entries correct flags; of those that run on the host as it is, one is impatient.
   */
  private static EnginePair pair(int number) {
    int tlb = TLB_CAPACITIES[number];
    return switch (number) {
      case USUAL -> new EnginePair(tlb);
      case IMPATIENT -> new EnginePair(tlb, TestEngines.impatient());
      default -> new EnginePair(tlb, TestEngines.correctingFlags());
    };
  }

  /**
   * Runs a case.
   *
   * @return null, or a report of how the engines differ
   */
  @Nullable String run(long number) {
    FuzzCase c = generator.make(number);
    int pair = (int) (number % 8 < 6 ? USUAL + number / 8 % 2 : number % 2);
    String difference = pairs[pair].run(c, data(number));
    if (difference == null) {
      return null;
    }
    // what follows a difference would be told apart by what went before
    pairs[pair].close();
    pairs[pair] = pair(pair);
    return report(c, pair, difference);
  }

  private byte[] data(long number) {
    long batch = number / FuzzGenerator.BATCH;
    if (batch != dataOf) {
      data = generator.data(number);
      dataOf = batch;
    }
    return data;
  }

  /** Steps that translated code executed, and such that the interpreter did for it. */
  long[] steps() {
    long interpreted = 0;
    long all = 0;
    for (EnginePair pair : pairs) {
      interpreted += ((Translator) pair.tested().engine()).counters().interpretedSteps();
      all += pair.steps();
    }
    return new long[] {all, interpreted};
  }

  private @Nullable String alone(FuzzCase c, int number) {
    try (EnginePair fresh = pair(number)) {
      return fresh.run(c, data(c.number()));
    }
  }

  private String report(FuzzCase c, int pair, String difference) {
    String now = alone(c, pair);
    if (now == null) {
      return text(c, TLB_CAPACITIES[pair], difference + " (only after the cases before)");
    }
    FuzzCase small = c;
    for (int i = 0; i < c.starts().length; i++) {
      byte[] code = small.code().clone();
      int end = i + 1 < c.starts().length ? c.starts()[i + 1] : code.length;
      Arrays.fill(code, c.starts()[i], end, (byte) 0x90);
      FuzzCase smaller = small.with(code);
      String still = alone(smaller, pair);
      if (still != null) {
        small = smaller;
        now = still;
      }
    }
    return text(small, TLB_CAPACITIES[pair], now);
  }

  private String text(FuzzCase c, int tlb, String difference) {
    StringBuilder t = new StringBuilder();
    t.append(
        String.format(
            "case %d, %d-bit code at level %d, TLB of %d, RFLAGS %x, MXCSR %x, CR0 ^ %x, CR4 ^ %x%n",
            c.number(),
            c.mode(),
            c.cpl(),
            tlb,
            c.registers()[0].flags(),
            c.registers()[0].mxcsr(),
            c.cr0(),
            c.cr4()));
    for (int i = 0; i < c.starts().length; i++) {
      int start = c.starts()[i];
      int end = i + 1 < c.starts().length ? c.starts()[i + 1] : c.code().length;
      byte[] bytes = Arrays.copyOfRange(c.code(), start, end);
      if (bytes[0] == (byte) 0x90) {
        continue;
      }
      Instruction in = generator.decode(c.mode(), bytes);
      String instruction = in == null ? "?" : Disassembler.text(in, c.address(i));
      t.append(
          String.format(
              "  %x  %-32s %s%n",
              c.address(i), HexFormat.ofDelimiter(" ").formatHex(bytes), instruction));
    }
    for (int i = 0; i < 16; i++) {
      t.append(String.format("  R%d=%x", i, c.registers()[0].general()[i]));
    }
    return t.append("\n  * ").append(difference).append('\n').toString();
  }

  @Override
  public void close() {
    for (EnginePair pair : pairs) {
      pair.close();
    }
  }
}
