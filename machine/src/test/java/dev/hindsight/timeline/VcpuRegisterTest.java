package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Registers as somebody outside writes them: at power-on, in real mode. */
class VcpuRegisterTest {
  private static List<VcpuRegister> all() {
    List<VcpuRegister> all = new ArrayList<>();
    for (int n = 0; n < 144; n++) {
      if (n < 36 || n >= 64) {
        all.add(new VcpuRegister(n));
      }
    }
    return all;
  }

  private static Machine machine(CpuModel model) {
    return BuiltinMachine.builder(new BuiltinGuest(1), model, 1)
        .engine(new InterpreterFactory())
        .build();
  }

  /** A value that is not the present one and that the register takes. */
  private static long another(VcpuRegister register, Vcpu cpu) {
    long before = register.read(cpu);
    return switch (register.name()) {
      case "rip" -> 0x1234;
      case "rflags" -> before ^ 0xCD5;
      case "fs_base", "gs_base", "k_gs_base" -> 0xFFFF_8123_4567_89ABL;
      case "cr0" -> before | ControlRegisters.CR0_TS;
      case "cr3" -> 0x5000;
      case "cr4" -> ControlRegisters.CR4_PAE | ControlRegisters.CR4_OSFXSR;
      case "efer" -> ControlRegisters.EFER_LME | ControlRegisters.EFER_SCE;
      case "mxcsr" -> 0x9FC0;
      case "fctrl" -> 0x37F;
      case "fstat" -> 0x4700;
      case "fempty" -> 0xA5;
      case "fop" -> 0x7FE;
      case "fiseg", "foseg" -> 0xFEDC;
      default -> register.name().endsWith(".exponent") ? 0xC001 : ~before & 0xFFFF_FFFFL;
    };
  }

  @Test
  void eachIsReadAsItWasWrittenAndChangesNothingElse() {
    for (CpuModel model : CpuModels.ALL) {
      Set<String> names = new HashSet<>();
      int there = 0;
      try (Machine machine = machine(model)) {
        Vcpu cpu = machine.vcpus().getFirst();
        VcpuState before = cpu.save();
        for (VcpuRegister register : all()) {
          assertThat(names.add(register.name())).isTrue();
          long value = another(register, cpu);
          Edit edit = new Edit.Register(0, register, value);
          if (!register.isIn(model)) {
            assertThatThrownBy(() -> edit.apply(machine))
                .hasMessage("A CPU " + model.name() + " has no register " + register.name() + ".");
            assertThat(cpu.save()).usingRecursiveComparison().isEqualTo(before);
            continue;
          }
          there++;
          List<Long> others = values(cpu, register);
          edit.apply(machine);
          assertThat(register.read(cpu)).as(register.name()).isEqualTo(value);
          assertThat(values(cpu, register)).as(register.name()).isEqualTo(others);
          assertThat(cpu.save()).usingRecursiveComparison().isNotEqualTo(before);
          cpu.load(before);
        }
      }
      assertThat(there).isEqualTo(model == CpuModels.V3 ? 116 : model == CpuModels.V2 ? 84 : 55);
    }
  }

  private static List<Long> values(Vcpu cpu, VcpuRegister but) {
    return all().stream().filter(r -> !r.equals(but)).map(r -> r.read(cpu)).toList();
  }

  /** The way into 64-bit mode, as a boot loader goes it. */
  @Test
  void modesFollow() {
    try (Machine machine = machine(CpuModels.V2)) {
      Vcpu cpu = machine.vcpus().getFirst();
      int flat = cpu.modeKey();
      VcpuRegister.CR4.write(cpu, ControlRegisters.CR4_PAE);
      VcpuRegister.EFER.write(cpu, ControlRegisters.EFER_LME);
      assertThat(cpu.isRealOrVirtual8086()).isTrue();
      VcpuRegister.CR0.write(cpu, 0x8000_0011L);
      assertThat(cpu.isLongMode()).isTrue();
      assertThat(cpu.isRealOrVirtual8086()).isFalse();
      assertThat(cpu.modeKey()).isNotEqualTo(flat);
      for (VcpuRegister r : List.of(VcpuRegister.CR4, VcpuRegister.EFER)) {
        long before = r.read(cpu);
        assertThatThrownBy(() -> r.write(cpu, 0))
            .hasMessage("The register " + r.name() + " does not take the value 0x0 now.");
        assertThat(r.read(cpu)).isEqualTo(before);
      }
      // compatibility mode has 32 bits of RIP
      assertThatThrownBy(() -> VcpuRegister.RIP.write(cpu, 1L << 32)).hasMessageContaining("rip");
      VcpuRegister.CR0.write(cpu, 0x11);
      assertThat(cpu.isLongMode()).isFalse();
    }
  }
}
