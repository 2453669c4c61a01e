package dev.hindsight.cpu.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.Decoder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Repeated MOVS and STOS in bulk against the same one iteration after another: overlaps in both
 * directions, over page borders, over the instruction itself, cut into random slices.
 */
class RepeatedStringTest {
  private static final int RAM = 1 << 16;
  private static final int CODE = 0x5FF0;
  private static final int CASES = 1000;

  private static final class Side implements AutoCloseable {
    final GuestRam ram = new GuestRam(RAM);
    final Vcpu cpu;
    final Interpreter engine;

    Side(boolean fast) {
      PhysicalMap memory = new PhysicalMap();
      memory.mapRam(0, ram, 0, RAM);
      cpu =
          new Vcpu(
              0,
              CpuModels.V2,
              memory,
              new TranslationCaches(memory, CpuModels.V2.physicalAddressBits()),
              new PortMap(),
              MsrBus.EMPTY,
              InterruptSource.NONE);
      engine =
          new Interpreter(
              memory, new Decoder(CpuModels.V2.features()), InstructionSet.semantics(), fast);
      cpu.control().cr0(ControlRegisters.CR0_PE | ControlRegisters.CR0_ET);
      cpu.cs().set(8, 0, 0xFFFF_FFFFL, 0x9B, 0xC);
      for (int s : new int[] {0, 2, 3, 4, 5}) {
        cpu.segment(s).set(16, 0, 0xFFFF_FFFFL, 0x93, 0xC);
      }
      cpu.updateMode();
    }

    /** One case; the same random numbers give the same one. */
    void run(Random random) {
      byte[] data = new byte[0x3000];
      random.nextBytes(data);
      ram.write(0x4000, data, 0, data.length);
      byte[] code = {
        (byte) 0xF3,
        random.nextInt(4) == 0 ? (byte) 0x66 : (byte) 0x3E,
        new byte[] {(byte) 0xA4, (byte) 0xA5, (byte) 0xAA, (byte) 0xAB}[random.nextInt(4)],
        0x40, // INC EAX
        (byte) 0xEB,
        (byte) 0xFE // JMP to itself
      };
      ram.write(CODE, code, 0, code.length);
      cpu.memory().write8(CODE, code[0]); // as a guest would, so that everybody hears of it
      cpu.rip(CODE);
      GeneralRegisters r = cpu.general();
      int from = 0x4800 + random.nextInt(0x2000);
      r.set64(GeneralRegisters.RSI, from);
      r.set64(
          GeneralRegisters.RDI,
          random.nextBoolean() ? from + random.nextInt(64) - 32 : 0x4800 + random.nextInt(0x2000));
      r.set64(GeneralRegisters.RCX, random.nextInt(700));
      r.set64(GeneralRegisters.RAX, random.nextBoolean() ? 0 : random.nextInt() & 0xFFFF_FFFFL);
      cpu.flags().put(Flags.DF, random.nextBoolean());
      Random cuts = new Random(random.nextLong());
      long end = cpu.tick() + 1000;
      RunExit exit = RunExit.BUDGET;
      // where the instruction overwrote itself anything may come, a triple fault too
      while (exit == RunExit.BUDGET && cpu.tick() < end) {
        exit = engine.run(cpu, Math.min(end - cpu.tick(), 1 + cuts.nextInt(300)), Stops.NONE);
      }
    }

    @Override
    public void close() {
      ram.close();
    }

    byte[] state() {
      return RecordCodec.of(VcpuState.class).encode(cpu.save());
    }
  }

  @Test
  void inBulkIsAsOneByOne() {
    for (int seed = 0; seed < CASES; seed++) {
      try (Side bulk = new Side(true);
          Side single = new Side(false)) {
        bulk.run(new Random(seed));
        single.run(new Random(seed));
        assertThat(bulk.state()).as("registers of case %d", seed).isEqualTo(single.state());
        assertThat(bulk.ram.hash()).as("memory of case %d", seed).isEqualTo(single.ram.hash());
      }
    }
  }
}
