package dev.hindsight.cpu.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.VcpuState;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** MONITOR and MWAIT where somebody else writes. */
class MonitorTest {
  private static final byte[] MONITOR = HexFormat.of().parseHex("0f01c8");
  private static final byte[] MWAIT = HexFormat.of().parseHex("0f01c9");

  @Test
  void aWriteToTheLineWakes() {
    try (ScenarioMachine machine = asleep()) {
      machine.memory().write(0x4fff, 1, 1);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.HALTED);
      machine.memory().write(0x503f, 1, 1);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.ACTIVE);
      assertThat(machine.cpu().addressMonitor().armed()).isFalse();
    }
  }

  @Test
  void aWriteBeforeMwaitIsNotMissed() {
    try (ScenarioMachine machine = new ScenarioMachine(CpuModels.V2)) {
      machine.enter(ScenarioMachine.Mode.L64);
      machine.cpu().general().set64(0, 0x5010);
      machine.execute(MONITOR);
      machine.memory().write(0x5000, 8, 0);
      machine.execute(MWAIT);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.ACTIVE);
    }
  }

  @Test
  void aWriteDoesNotWakeFromHlt() {
    try (ScenarioMachine machine = asleep()) {
      machine.cpu().activity(Activity.ACTIVE);
      machine.execute(new byte[] {(byte) 0xF4});
      machine.memory().write(0x5000, 8, 1);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.HALTED);
    }
  }

  @Test
  void savedStateKeepsTheMonitor() {
    try (ScenarioMachine machine = asleep()) {
      VcpuState state = machine.cpu().save();
      machine.memory().write(0x5000, 8, 1);
      machine.cpu().load(state);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.HALTED);
      machine.memory().write(0x5008, 8, 1);
      assertThat(machine.cpu().activity()).isEqualTo(Activity.ACTIVE);
    }
  }

  private static ScenarioMachine asleep() {
    ScenarioMachine machine = new ScenarioMachine(CpuModels.V2);
    machine.enter(ScenarioMachine.Mode.L64);
    machine.cpu().general().set64(0, 0x5010);
    machine.execute(MONITOR);
    machine.execute(MWAIT);
    assertThat(machine.cpu().activity()).isEqualTo(Activity.HALTED);
    return machine;
  }
}
