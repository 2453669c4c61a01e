package dev.hindsight.board;

import static dev.hindsight.x86.Register.EAX;
import static dev.hindsight.x86.Register.ECX;
import static dev.hindsight.x86.Register.EDX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a chipset connects to a vCPU's performance counters hears of their overflow, at its tick.
 */
class PerformanceInterruptTest {
  private static final int ROM_OFFSET = 0xF000;
  private static final int PMC0 = 0xC1;
  private static final int PERFEVTSEL0 = 0x186;
  private static final int PERIOD = 1000;

  /** Instructions retired, at privilege level 0, with interrupt, enabled. */
  private static final int INSTRUCTIONS = 0x52_00C0;

  @Test
  void thePinIsConnected() {
    List<Long> ticks = new ArrayList<>();
    byte[] rom = rom();
    try (Machine machine =
        Machine.builder()
            .cpuModel(CpuModels.I686)
            .memoryBytes(1 << 20)
            .image(Image.rom("reset", 0xFFFF_F000L, rom))
            .image(Image.rom("rom", 0xF_F000, rom))
            .chipset(new OnlyThePin(ticks))
            .engine(new InterpreterFactory())
            .outputs((device, value, tick) -> {})
            .build()) {
      assertThat(machine.run(10 * PERIOD)).isEqualTo(Outcome.POWERED_OFF);
    }
    // seven instructions, and one for the jump, before the one that enables
    assertThat(ticks).containsExactly(8L + PERIOD);
  }

  private record OnlyThePin(List<Long> ticks) implements Chipset {
    @Override
    public String name() {
      return "pin";
    }

    @Override
    public void install(Sockets sockets) {
      sockets.performanceInterrupt(
          0,
          () -> {
            ticks.add(sockets.clock().now());
            sockets.control().powerOff();
          });
    }
  }

  private static byte[] rom() {
    Assembler a = new Assembler(CodeMode.BITS16, ROM_OFFSET);
    Label start = a.label("start");
    Label forever = a.label("forever");
    a.bind(start);
    a.mov(ECX, PMC0).mov(EAX, -PERIOD).mov(EDX, 0).wrmsr();
    a.mov(ECX, PERFEVTSEL0).mov(EAX, INSTRUCTIONS).mov(EDX, 0).wrmsr();
    a.bind(forever).jmp(forever);
    a.org(ROM_OFFSET + 0xFF0);
    a.jmp(start);
    a.org(ROM_OFFSET + 0x1000);
    return a.assemble();
  }
}
