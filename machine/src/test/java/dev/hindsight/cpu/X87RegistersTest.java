package dev.hindsight.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.memory.HostMemory;
import org.junit.jupiter.api.Test;

/** Physical registers stay what they are, whatever order the image has. */
class X87RegistersTest {
  private static final int FIRST = 32;

  private final RegisterArea area = new RegisterArea();
  private final X87Registers x = new X87Registers(area);

  X87RegistersTest() {
    for (int n = 0; n < 8; n++) {
      x.set(n, 0x4000 + n, 100 + n);
    }
  }

  private long inImage(int i) {
    return HostMemory.getLong(area.address() + RegisterArea.X87 + FIRST + 16 * i);
  }

  private void assertUnchanged() {
    for (int n = 0; n < 8; n++) {
      assertThat(x.significand(n)).isEqualTo(100 + n);
      assertThat(x.signExponent(n)).isEqualTo(0x4000 + n);
    }
  }

  @Test
  void theImageHasTheOrderOfTheStackWhenItIsArranged() {
    for (int top : new int[] {5, 5, 0, 7, 1, 4, 3}) {
      x.status(top << 11);
      assertUnchanged();
      x.arrange();
      assertUnchanged();
      for (int i = 0; i < 8; i++) {
        assertThat(inImage(i)).isEqualTo(100 + (top + i & 7));
      }
    }
  }

  @Test
  void anImageThatWasWrittenHasTheOrderOfTheStack() {
    // as FLD would leave it
    x.status(6 << 11);
    x.written();
    assertThat(x.significand(6)).isEqualTo(100);
    assertThat(x.significand(5)).isEqualTo(107);
  }

  @Test
  void whatIsSavedDoesNotDependOnTheOrder() {
    x.status(0x3C7F);
    x.control(0x27F);
    x.emptyMask(0x5A);
    VcpuState.X87 before = x.save();
    x.arrange();
    X87Registers other = new X87Registers(new RegisterArea());
    other.load(x.save());
    for (X87Registers one : new X87Registers[] {x, other}) {
      VcpuState.X87 after = one.save();
      assertThat(after.significands()).isEqualTo(before.significands());
      assertThat(after.signExponents()).isEqualTo(before.signExponents());
      assertThat(after.status()).isEqualTo(0x3C7F);
      assertThat(after.control()).isEqualTo(0x27F);
      assertThat(after.emptyMask()).isEqualTo(0x5A);
    }
  }
}
