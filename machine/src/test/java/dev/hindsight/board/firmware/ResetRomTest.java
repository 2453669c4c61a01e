package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcAddresses;
import dev.hindsight.board.PcChipset;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.assembler.Assembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResetRomTest {
  /** A kernel that powers off at once. */
  static final Handover POWER_OFF =
      new Handover() {
        @Override
        public boolean longMode() {
          return false;
        }

        @Override
        public void enter(Assembler a) {
          a.mov(DX, PcAddresses.PM1_CONTROL).mov(AX, 0x2001).out(DX, AX);
          a.hlt();
        }
      };

  private static Machine machine(CpuModel model, int vcpus) {
    return Machine.builder()
        .cpuModel(model)
        .vcpus(vcpus)
        .chipset(new PcChipset())
        .engine(new InterpreterFactory())
        .image(ResetRom.image(vcpus, POWER_OFF))
        .build();
  }

  @ParameterizedTest
  @CsvSource({"i686,1", "i686,3", "v2,1", "v2,8", "v3,64"})
  void everyProcessorHasTheSameMemoryTypes(String name, int vcpus) {
    CpuModel model = CpuModels.byName(name);
    try (Machine machine = machine(model, vcpus)) {
      assertThat(machine.run(20_000_000)).isEqualTo(Outcome.POWERED_OFF);
      long all = (1L << model.physicalAddressBits()) - 1;
      for (Vcpu cpu : machine.vcpus()) {
        ModelSpecificRegisters m = cpu.msrs();
        assertThat(m.get(ModelSpecificRegisters.MTRR_DEF_TYPE)).isEqualTo(0xC06);
        assertThat(m.get(ModelSpecificRegisters.MTRR_PHYSBASE0)).isEqualTo(0xC000_0000L);
        assertThat(m.get(ModelSpecificRegisters.MTRR_PHYSBASE0 + 1))
            .isEqualTo(all & -(1L << 30) | 0x800);
        assertThat(m.get(ModelSpecificRegisters.MTRR_FIX16K_A0000)).isZero();
        assertThat(m.get(ModelSpecificRegisters.MTRR_FIX64K_00000))
            .isEqualTo(0x0606_0606_0606_0606L);
        assertThat(m.get(ModelSpecificRegisters.MTRR_FIX4K_C0000 + 7))
            .isEqualTo(0x0606_0606_0606_0606L);
        assertThat(cpu.control().cr0() & 0x6000_0000).as("caches").isZero();
      }
    }
  }

  @Test
  void aMachineHasACpu() {
    assertThatThrownBy(() -> ResetRom.image(0, POWER_OFF))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void memoryHasAHoleBelow4GiB() {
    assertThat(new PcMemory(5L << 30).map())
        .extracting(r -> "%x+%x %s".formatted(r.start(), r.length(), r.kind()))
        .containsExactly(
            "0+9fc00 USABLE",
            "9fc00+400 RESERVED",
            "e0000+20000 RESERVED",
            "100000+bff00000 USABLE",
            "100000000+80000000 USABLE");
    assertThat(new PcMemory(16 << 20).map()).hasSize(4);
    assertThatThrownBy(() -> new PcMemory(1 << 20))
        .hasMessage("a PC needs more than 1 MiB of memory");
  }
}
