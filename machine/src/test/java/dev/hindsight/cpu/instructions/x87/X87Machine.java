package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import java.util.Objects;

/** A vCPU in flat 32-bit protected mode without paging, which executes single instructions. */
final class X87Machine implements AutoCloseable {
  static final int RSI = 6;

  static final int CODE = 0x1000;

  final GuestRam ram = new GuestRam(1 << 20);
  final Vcpu cpu;
  private final SemanticTable semantics = InstructionSet.semantics();
  private final Decoder decoder = new Decoder(CpuModels.V3.features());

  X87Machine() {
    PhysicalMap map = new PhysicalMap();
    map.mapRam(0, ram, 0, 1 << 20);
    cpu =
        new Vcpu(
            0,
            CpuModels.V3,
            map,
            new TranslationCaches(map, CpuModels.V3.physicalAddressBits()),
            new PortMap(),
            MsrBus.EMPTY,
            InterruptSource.NONE);
    protectedMode();
  }

  /** Flat 32-bit protected mode, CR0.NE set. */
  void protectedMode() {
    cpu.control().cr0(ControlRegisters.CR0_PE | ControlRegisters.CR0_NE);
    for (int i = 0; i < 6; i++) {
      cpu.segment(i).set(0x10, 0, 0xFFFF_FFFFL, i == 1 ? 0x9B : 0x93, 0xC);
    }
    cpu.updateMode();
  }

  Instruction decode(int... bytes) {
    return (Instruction) decoder.decode(cpu.codeMode(), i -> i < bytes.length ? bytes[i] : -1);
  }

  /** Executes an instruction that stands at a fixed place. */
  void execute(Instruction in) {
    cpu.rip(CODE + in.length());
    Objects.requireNonNull(semantics.find(in.mnemonic())).execute(cpu, in);
  }

  void execute(int... bytes) {
    execute(decode(bytes));
  }

  @Override
  public void close() {
    ram.close();
  }
}
