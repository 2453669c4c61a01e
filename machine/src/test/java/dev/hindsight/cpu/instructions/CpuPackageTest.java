package dev.hindsight.cpu.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.CpuPackage;
import dev.hindsight.cpu.instructions.system.Cpuid;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What vCPUs share: the clock, and how many they are. */
class CpuPackageTest {
  private static final byte[] RDTSC = HexFormat.of().parseHex("0f31");

  @Test
  void noVcpuReadsATimeBeforeOneThatAnotherHasRead() {
    CpuPackage common = new CpuPackage(2, 1_000_000_000, 1);
    try (ScenarioMachine ahead = new ScenarioMachine(CpuModels.V3);
        ScenarioMachine behind = new ScenarioMachine(CpuModels.V3)) {
      ahead.cpu().join(common);
      behind.cpu().join(common);
      ahead.cpu().tick(5000);
      behind.cpu().tick(4000);
      assertThat(readClock(behind)).isEqualTo(4000);
      assertThat(readClock(ahead)).isEqualTo(5000);
      assertThat(readClock(behind)).isEqualTo(5000);
      behind.cpu().tick(6000);
      assertThat(readClock(behind)).isEqualTo(6000);
      assertThat(common.latestRead()).isEqualTo(6000);
    }
  }

  private static int readClock(ScenarioMachine machine) {
    machine.execute(RDTSC);
    return machine.cpu().general().get32(0);
  }

  @Test
  void topologyLeavesAgree() {
    try (ScenarioMachine machine = new ScenarioMachine(CpuModels.V3)) {
      machine.cpu().join(new CpuPackage(6, 1_000_000_000, 1));
      // leaf 1: HTT, room for eight identifiers
      assertThat(Cpuid.leaf(machine.cpu(), 1, 0).edx() >>> 28 & 1).isEqualTo(1);
      assertThat(Cpuid.leaf(machine.cpu(), 1, 0).ebx() >>> 16 & 0xFF).isEqualTo(8);
      // leaf 4: eight cores; L1 and L2 belong to one, L3 to all
      assertThat(Cpuid.leaf(machine.cpu(), 4, 0).eax() >>> 26).isEqualTo(7);
      assertThat(Cpuid.leaf(machine.cpu(), 4, 2).eax() >>> 14 & 0xFFF).isZero();
      assertThat(Cpuid.leaf(machine.cpu(), 4, 3).eax() >>> 14 & 0xFFF).isEqualTo(7);
      // leaf 0xB: one thread a core, six cores, three bits to shift out
      assertThat(Cpuid.leaf(machine.cpu(), 0xB, 0)).isEqualTo(new Cpuid.Leaf(0, 1, 0x100, 0));
      assertThat(Cpuid.leaf(machine.cpu(), 0xB, 1)).isEqualTo(new Cpuid.Leaf(3, 6, 0x201, 0));
    }
  }

  @Test
  void randomNumbersDependOnSeedVcpuAndCount() {
    CpuPackage a = new CpuPackage(2, 1, 1);
    CpuPackage b = new CpuPackage(2, 1, 2);
    assertThat(new long[] {a.random(0, 0), a.random(0, 1), a.random(1, 0), b.random(0, 0)})
        .doesNotHaveDuplicates();
    assertThat(new CpuPackage(2, 1, 1).random(1, 7)).isEqualTo(a.random(1, 7));
  }
}
