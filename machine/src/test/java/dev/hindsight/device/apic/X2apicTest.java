package dev.hindsight.device.apic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.ApicMessage;
import dev.hindsight.device.DeviceRow;
import dev.hindsight.device.Rig;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The MSRs (SDM volume 3, "Extended xAPIC (x2APIC)"): which there are, and what is #GP. */
class X2apicTest {
  private static final int BASE = 0x1B;
  private static final long XAPIC = 0xFEE0_0800L;
  private static final long X2APIC = 0xFEE0_0C00L;
  private static final long OFF = 0xFEE0_0000L;

  private final Rig rig = new Rig();
  private final LocalApic apic = DeviceRow.localApic(rig, 0x25);
  private final X2apicRegisters msrs = new X2apicRegisters(apic, () -> 0, 40);

  X2apicTest() {
    apic.reset();
  }

  private void x2apic() {
    assertThat(msrs.write(BASE, X2APIC)).isTrue();
    assertThat(msrs.write(0x80F, 0x1FF)).isTrue();
  }

  // the state diagram: from, to, allowed
  @ParameterizedTest
  @CsvSource({
    "0, 0, true",
    "0, 0x800, true",
    "0, 0xC00, false",
    "0, 0x400, false",
    "0x800, 0, true",
    "0x800, 0x800, true",
    "0x800, 0xC00, true",
    "0x800, 0x400, false",
    "0xC00, 0, true",
    "0xC00, 0x800, false",
    "0xC00, 0xC00, true",
    "0xC00, 0x400, false",
  })
  void transitions(long from, long to, boolean allowed) {
    if (from == 0xC00) {
      x2apic();
    } else {
      assertThat(msrs.write(BASE, OFF | from)).isTrue();
    }
    assertThat(msrs.write(BASE, OFF | to)).isEqualTo(allowed);
    assertThat(msrs.read(BASE)).hasValue(OFF | (allowed ? to : from));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1 << 7, 1 << 9, 1L << 40, 1L << 63})
  void reservedBitsOfTheBase(long bit) {
    assertThat(msrs.write(BASE, XAPIC | bit)).isFalse();
    assertThat(msrs.read(BASE)).hasValue(XAPIC);
  }

  @Test
  void theBootstrapProcessorIsTheOneWithId0() {
    LocalApic first = DeviceRow.localApic(new Rig(), 0);
    first.reset();
    assertThat(new X2apicRegisters(first, () -> 0, 40).read(BASE)).hasValue(XAPIC | 0x100);
    assertThat(msrs.read(BASE)).hasValue(XAPIC);
  }

  @Test
  void theRegistersAreThereInX2apicModeOnly() {
    for (int n = 0x800; n <= 0x8FF; n++) {
      assertThat(msrs.read(n)).isEmpty();
      assertThat(msrs.write(n, 0)).isFalse();
    }
    x2apic();
    XapicRegisters memory = new XapicRegisters(apic);
    assertThat(memory.read(0x20, 4)).isEqualTo(0xFFFF_FFFFL);
    memory.write(0x80, 4, 0x50);
    assertThat(msrs.read(0x808)).hasValue(0);
  }

  /** Readable and writable registers, as the table of the manual has them. */
  @Test
  void theMap() {
    x2apic();
    Set<Integer> writeOnly = Set.of(0x80B, 0x83F);
    Set<Integer> readOnly = Set.of(0x802, 0x803, 0x80A, 0x80D, 0x839);
    Set<Integer> both =
        Set.of(0x808, 0x80F, 0x828, 0x830, 0x832, 0x833, 0x834, 0x835, 0x836, 0x837, 0x838, 0x83E);
    for (int n = 0x800; n <= 0x83F; n++) {
      boolean sets = n >= 0x810 && n <= 0x827;
      boolean readable = sets || readOnly.contains(n) || both.contains(n);
      boolean writable = both.contains(n) || writeOnly.contains(n);
      assertThat(msrs.read(n).isPresent()).as("RDMSR %x", n).isEqualTo(readable);
      assertThat(msrs.write(n, n == 0x83F ? 0x40 : 0)).as("WRMSR %x", n).isEqualTo(writable);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x808, 0x100",
    "0x80B, 1",
    "0x80F, 0x1000",
    "0x828, 1",
    "0x830, 0x2000",
    "0x830, 0x10000",
    "0x830, 0x100000",
    "0x832, 0x80000",
    "0x832, 0x100",
    "0x835, 0x20000",
    "0x837, 0x700",
    "0x838, 0x100000000",
    "0x83E, 4",
    "0x83F, 0x100",
  })
  void reservedBits(int msr, long bits) {
    x2apic();
    assertThat(msrs.write(msr, bits)).isFalse();
    assertThat(rig.takeEvents()).isEmpty();
  }

  @Test
  void idsHave32Bits() {
    x2apic();
    assertThat(msrs.read(0x802)).hasValue(0x25);
    // cluster 2, member 5
    assertThat(msrs.read(0x80D)).hasValue(0x0002_0020);
  }

  @ParameterizedTest
  @CsvSource({
    "PHYSICAL, 0x25, true",
    "PHYSICAL, 0x125, false",
    "PHYSICAL, 0xFF, false",
    "PHYSICAL, -1, true",
    "LOGICAL, 0x00020020, true",
    "LOGICAL, 0x0002FFFF, true",
    "LOGICAL, 0x00020010, false",
    "LOGICAL, 0x00030020, false",
    "LOGICAL, -1, true",
  })
  void destinations(ApicMessage.Target target, int destination, boolean accepted) {
    x2apic();
    assertThat(
            apic.accepts(
                new ApicMessage(ApicMessage.Mode.FIXED, 0x45, target, destination, false, true, 0)))
        .isEqualTo(accepted);
  }

  /** I/O APICs and devices have eight bits for a destination: SDM table of MSI address fields. */
  @ParameterizedTest
  @CsvSource({
    "PHYSICAL, 0x25, true",
    "PHYSICAL, 0x24, false",
    "PHYSICAL, 0xFF, true",
    "LOGICAL, 0xFF, true",
    "LOGICAL, 0x20, false",
  })
  void destinationsOfDevices(ApicMessage.Target target, int destination, boolean accepted) {
    x2apic();
    assertThat(
            apic.accepts(
                new ApicMessage(ApicMessage.Mode.FIXED, 0x45, target, destination, true, true, -1)))
        .isEqualTo(accepted);
  }

  @Test
  void oneWriteSends() {
    x2apic();
    assertThat(msrs.write(0x830, 0x0000_0123_0000_4845L)).isTrue();
    assertThat(rig.takeEvents())
        .containsExactly(
            new ApicMessage(
                    ApicMessage.Mode.FIXED,
                    0x45,
                    ApicMessage.Target.LOGICAL,
                    0x123,
                    false,
                    true,
                    0x25)
                .toString());
    assertThat(msrs.read(0x830)).hasValue(0x0000_0123_0000_4845L);
    // delivery status is ignored and never shows
    assertThat(msrs.write(0x830, 0x0000_0001_0000_1045L)).isTrue();
    assertThat(msrs.read(0x830)).hasValue(0x0000_0001_0000_0045L);
  }

  @Test
  void selfInterrupt() {
    x2apic();
    assertThat(msrs.write(0x83F, 0x45)).isTrue();
    assertThat(rig.level("intr")).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x45);
    assertThat(msrs.write(0x80B, 0)).isTrue();
    assertThat(msrs.write(0x83F, 7)).isTrue();
    assertThat(rig.level("intr")).isFalse();
    msrs.write(0x828, 0);
    assertThat(msrs.read(0x828)).hasValue(1 << 5);
  }

  @Test
  void initStaysInX2apicMode() {
    x2apic();
    apic.receive(
        new ApicMessage(
            ApicMessage.Mode.INIT, 0, ApicMessage.Target.PHYSICAL, 0x25, false, true, 0));
    assertThat(msrs.read(BASE)).hasValue(X2APIC);
    assertThat(msrs.read(0x80F)).hasValue(0xFF);
    assertThat(msrs.read(0x80D)).hasValue(0x0002_0020);
  }

  @Test
  void aResetLeavesX2apicMode() {
    x2apic();
    apic.reset();
    assertThat(msrs.read(BASE)).hasValue(XAPIC);
  }
}
