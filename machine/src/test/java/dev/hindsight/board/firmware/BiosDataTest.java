package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.AX;
import static dev.hindsight.x86.Register.SP;
import static dev.hindsight.x86.Register.SS;
import static dev.hindsight.x86.assembler.Arguments.far;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.PcChipset;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code in real mode calls what is left of the BIOS. */
class BiosDataTest {
  private static final long ROM = 0xFFFF_F000L;
  private static final int ROM_BYTES = 4096;

  private static final int PROGRAM = 0x7C00;

  /** At the reset vector. */
  private static Image entry() {
    Assembler a = new Assembler(CodeMode.BITS16, ROM);
    a.org(ROM + ROM_BYTES - 16, 0xFF).jmpf(far(0, PROGRAM, 16)).org(ROM + ROM_BYTES, 0xFF);
    return Image.rom("entry", ROM, a.assemble());
  }

  /** An interrupt with AX and flags clear, then HLT. */
  private static Image caller(int interrupt) {
    Assembler a = new Assembler(CodeMode.BITS16, PROGRAM);
    a.xor(AX, AX).mov(SS, AX).mov(SP, PROGRAM).interrupt(interrupt).hlt();
    return Image.ram("caller", PROGRAM, a.assemble());
  }

  @ParameterizedTest
  @CsvSource({"0x08,false", "0x0F,false", "0x10,true", "0x15,true", "0x1A,true", "0x70,false"})
  void servicesFailAndInterruptsReturn(String number, boolean isService) {
    MachineBuilder builder =
        Machine.builder()
            .chipset(new PcChipset())
            .engine(new InterpreterFactory())
            .image(entry())
            .image(caller(Integer.decode(number)));
    BiosData.images().forEach(builder::image);
    try (Machine machine = builder.build()) {
      machine.run(1000);
      Vcpu cpu = machine.vcpus().getFirst();
      assertThat(cpu.activity()).isEqualTo(Activity.HALTED);
      assertThat(cpu.general().get64(0)).isEqualTo(isService ? 0x8600 : 0);
      assertThat(cpu.flags().cf()).isEqualTo(isService);
      assertThat(cpu.general().get64(4)).isEqualTo(PROGRAM);
      assertThat(machine.memory().peek(0x40E, 2)).isEqualTo(0x9FC0);
      assertThat(machine.memory().peek(0x413, 2)).isEqualTo(639);
    }
  }
}
