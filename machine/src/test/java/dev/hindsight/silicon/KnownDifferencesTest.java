package dev.hindsight.silicon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.silicon.CaseGenerator.Options;
import dev.hindsight.silicon.Outcome.End;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of known differences is short, and covers no more than it says. */
final class KnownDifferencesTest {
  private static GeneratedCase single(Mnemonic mnemonic) {
    return new CaseGenerator(new Options(1, List.of(64), m -> m == mnemonic, 0, 0)).make(0);
  }

  private static Outcome outcome(GeneratedCase c, int vector, Consumer<CpuState> change) {
    CpuState s = c.test().initial().copy();
    s.rip = c.test().start();
    change.accept(s);
    return new Outcome(End.EXCEPTION, vector, 0, 0, s, new long[0], new long[0]);
  }

  /** Whether the list of a maker covers a difference that is told of as the comparison does. */
  private static boolean covered(Maker maker, GeneratedCase c, Outcome host, Outcome ours) {
    return new KnownDifferences(maker)
        .covers(c, host, ours, new Comparison().differences(c, host, ours));
  }

  @ParameterizedTest
  @EnumSource
  void isShortForEachMaker(Maker maker) {
    assertThat(new KnownDifferences(maker)).isNotNull();
  }

  @Test
  void anEntryIsForItsMakersProcessorsOnly() {
    GeneratedCase c = single(Mnemonic.FCOMI);
    Outcome host = outcome(c, 3, s -> s.xsaveShort(CpuState.FSW, 0x200));
    Outcome ours = outcome(c, 3, s -> s.xsaveShort(CpuState.FSW, 0));
    assertThat(covered(Maker.AMD, c, host, ours)).isTrue();
    assertThat(covered(Maker.INTEL, c, host, ours)).isFalse();
    assertThat(covered(Maker.OTHER, c, host, ours)).isFalse();
  }

  @Test
  void aDotProductMayDifferInItsNaNsOnly() {
    GeneratedCase c = single(Mnemonic.DPPS);
    Outcome one = outcome(c, 3, s -> s.ymm(3, 0, 0x7FC0_0001_3F80_0000L));
    Outcome other = outcome(c, 3, s -> s.ymm(3, 0, 0xFFC0_0002_3F80_0000L));
    Outcome number = outcome(c, 3, s -> s.ymm(3, 0, 0x7FC0_0001_3F80_0001L));
    assertThat(covered(Maker.INTEL, c, one, other)).isTrue();
    assertThat(covered(Maker.INTEL, c, one, number)).isFalse();
  }

  @Test
  void aSuspendedGatherMayFillItsMaskOnly() {
    GeneratedCase c = single(Mnemonic.VPGATHERDQ);
    int mask = ((Register) c.instructions().getFirst().operand(2)).number();
    Outcome ours = outcome(c, 14, s -> s.ymm(mask, 0, 0x8000_0000_0000_0001L));
    Outcome filled = outcome(c, 14, s -> s.ymm(mask, 0, -1));
    Outcome done = outcome(c, 14, s -> s.ymm(mask, 0, 0));
    assertThat(covered(Maker.INTEL, c, filled, ours)).isTrue();
    assertThat(covered(Maker.INTEL, c, done, ours)).isFalse();
    assertThat(covered(Maker.AMD, c, filled, ours)).isFalse();
  }

  @Test
  void aStoreFromAnMmxRegisterMayClearTopOnly() {
    GeneratedCase c = single(Mnemonic.MOVNTQ);
    Consumer<CpuState> top0 = s -> numbered(s, 0);
    Consumer<CpuState> top3 = s -> numbered(s, 3);
    Outcome ours = outcome(c, 14, top3);
    assertThat(covered(Maker.INTEL, c, outcome(c, 14, top0), ours)).isTrue();
    Outcome changed = outcome(c, 14, top0.andThen(s -> s.xsaveLong(CpuState.ST0, 9)));
    assertThat(covered(Maker.INTEL, c, changed, ours)).isFalse();
  }

  /** Puts their numbers into the x87 registers. */
  private static void numbered(CpuState s, int top) {
    s.xsaveShort(CpuState.FSW, top << 11);
    for (int i = 0; i < 8; i++) {
      s.xsaveLong(CpuState.ST0 + 16 * i, i + top & 7);
      s.xsaveShort(CpuState.ST0 + 16 * i + 8, 0xFFFF);
    }
  }
}
