package dev.hindsight.silicon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.silicon.CaseGenerator.Options;
import dev.hindsight.silicon.Outcome.End;
import dev.hindsight.x86.Mnemonic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The comparison sees each bit that counts. */
final class ComparisonTest {
  private final GeneratedCase nop =
      new CaseGenerator(new Options(1, List.of(64), m -> m == Mnemonic.NOP, 0, 0)).make(0);
  private final Comparison comparison = new Comparison();

  private Outcome outcome(Consumer<CpuState> change) {
    CpuState s = nop.test().initial().copy();
    s.rip = nop.test().start() + 1;
    change.accept(s);
    return new Outcome(End.EXCEPTION, 3, 0, 0, s, new long[] {0x1000_1000L}, new long[] {7});
  }

  private boolean seen(Consumer<CpuState> change) {
    return !comparison.differences(nop, outcome(s -> {}), outcome(change)).isEmpty();
  }

  @Test
  void seesNothingWhereNothingDiffers() {
    assertThat(seen(s -> {})).isFalse();
  }

  @Test
  void seesEachBitOfTheRegisters() {
    List<String> missed = new ArrayList<>();
    for (int bit = 0; bit < 64; bit++) {
      long mask = 1L << bit;
      for (int n = 0; n < 16; n++) {
        int register = n;
        if (!seen(s -> s.gpr[register] ^= mask)) {
          missed.add("general " + n + " bit " + bit);
        }
        for (int q = 0; q < 4; q++) {
          int quad = q;
          if (!seen(s -> s.ymm(register, quad, s.ymm(register, quad) ^ mask))) {
            missed.add("YMM" + n + " bit " + (q * 64 + bit));
          }
        }
      }
      for (int n = 0; n < 8; n++) {
        int at = CpuState.ST0 + n * 16;
        if (!seen(s -> s.xsaveLong(at, s.xsaveLong(at) ^ mask))
            || bit < 16 && !seen(s -> s.xsaveLong(at + 8, s.xsaveLong(at + 8) ^ mask))) {
          missed.add("ST" + n + " bit " + bit);
        }
      }
      if (!seen(s -> s.rip ^= mask) || !seen(s -> s.fsBase ^= mask)) {
        missed.add("RIP or FS.base bit " + bit);
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void seesEachFlagAndStatusBit() {
    for (int flag : new int[] {0x1, 0x4, 0x10, 0x40, 0x80, 0x100, 0x400, 0x800, 0x4000, 0x4_0000}) {
      assertThat(seen(s -> s.rflags ^= flag)).as("flag %x", flag).isTrue();
    }
    for (int bit = 0; bit < 16; bit++) {
      int mask = 1 << bit;
      for (int at : new int[] {CpuState.FCW, CpuState.FSW, CpuState.MXCSR}) {
        assertThat(seen(s -> s.xsaveShort(at, s.xsaveShort(at) ^ mask)))
            .as("bit %d of the word at %d", bit, at)
            .isTrue();
      }
    }
  }

  @Test
  void seesExceptionsAndMemory() {
    Outcome host = outcome(s -> {});
    List<Outcome> others =
        List.of(
            new Outcome(End.EXCEPTION, 6, 0, 0, host.state(), new long[0], new long[0]),
            new Outcome(
                End.EXCEPTION, 3, 0, 0, host.state(), new long[] {0x1000_1008L}, new long[] {7}),
            new Outcome(
                End.EXCEPTION, 3, 0, 0, host.state(), new long[] {0x1000_1000L}, new long[] {8}),
            new Outcome(End.EXCEPTION, 3, 0, 0, host.state(), new long[0], new long[0]),
            new Outcome(End.ENDLESS, -1, 0, 0, host.state(), new long[0], new long[0]));
    for (Outcome other : others) {
      assertThat(comparison.differences(nop, host, other)).isNotEmpty();
      assertThat(comparison.differences(nop, other, host)).isNotEmpty();
    }
  }
}
