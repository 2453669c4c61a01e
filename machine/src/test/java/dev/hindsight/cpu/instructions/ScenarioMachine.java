package dev.hindsight.cpu.instructions;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortBus;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A vCPU with 1 MiB of RAM that executes single instructions. Its registers, flags and memory have
 * names ({@link ScenarioState}), so that tests can be text.
 *
 * <p>Ports read as their number in every byte; the last write is remembered.
 */
final class ScenarioMachine implements AutoCloseable {
  static final long CODE = 0x1000;
  static final long STACK = 0x8000;
  private static final long RAM_BYTES = 1 << 20;
  private static final SemanticTable SEMANTICS = InstructionSet.semantics();
  private static final Map<String, Decoder> DECODERS =
      CpuModels.ALL.stream()
          .collect(Collectors.toMap(CpuModel::name, m -> new Decoder(m.features())));

  /** How the CPU is set up before a scenario's own settings. */
  enum Mode {
    /** Real mode. */
    R16,
    /** 16-bit protected mode, CPL 0. */
    P16,
    /** 32-bit protected mode, CPL 0. */
    P32,
    /** 64-bit mode, CPL 0. */
    L64,
    /** 32-bit compatibility mode, CPL 0. */
    C32,
    /** Virtual-8086 mode. */
    V86
  }

  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final PhysicalMap memory = new PhysicalMap();
  private final Ports ports = new Ports();
  private final Tpr interrupts = new Tpr();
  private final Vcpu cpu;
  private final Decoder decoder;

  ScenarioMachine(CpuModel model) {
    memory.mapRam(0, ram, 0, RAM_BYTES);
    cpu =
        new Vcpu(
            0,
            model,
            memory,
            new TranslationCaches(memory, model.physicalAddressBits()),
            ports,
            new OneMsr(),
            interrupts);
    decoder = Objects.requireNonNull(DECODERS.get(model.name()));
  }

  Vcpu cpu() {
    return cpu;
  }

  PhysicalMap memory() {
    return memory;
  }

  Ports ports() {
    return ports;
  }

  void enter(Mode mode) {
    ControlRegisters c = cpu.control();
    boolean isLong = mode == Mode.L64 || mode == Mode.C32;
    if (mode != Mode.R16) {
      c.cr0(c.cr0() | ControlRegisters.CR0_PE);
    }
    if (isLong) {
      // without paging, which no real CPU does, but the instructions at hand do not mind
      c.efer(ControlRegisters.EFER_LME | ControlRegisters.EFER_LMA);
      c.cr4(ControlRegisters.CR4_PAE);
    }
    int size = mode == Mode.P16 || mode == Mode.R16 || mode == Mode.V86 ? 0 : 4;
    long limit = size == 0 ? 0xFFFF : 0xFFFF_FFFFL;
    int dpl = mode == Mode.V86 ? 0x60 : 0;
    for (int s = 0; s < 6; s++) {
      cpu.segment(s).set(mode == Mode.P16 || size != 0 ? 0x10 : 0, 0, limit, 0x93 | dpl, size);
    }
    int selector = mode == Mode.R16 || mode == Mode.V86 ? 0 : 8;
    int codeAccess = mode == Mode.V86 ? 0xF3 : 0x9B;
    cpu.cs().set(selector, 0, limit, codeAccess, mode == Mode.L64 ? 2 : size);
    if (mode == Mode.V86) {
      cpu.flags().put(Flags.VM, true);
      cpu.cpl(3);
    }
    // the signature that reset leaves there is in nobody's way then
    cpu.general().set64(GeneralRegisters.RDX, 0);
    cpu.general().set64(GeneralRegisters.RSP, STACK);
    cpu.rip(CODE);
    cpu.updateMode();
  }

  /** Puts bytes at CS:RIP and executes one instruction; RIP stays there after a fault. */
  void execute(byte[] code) {
    long at = cpu.rip();
    Decoded decoded = decoder.decode(cpu.codeMode(), i -> i < code.length ? code[i] & 0xFF : -1);
    if (!(decoded instanceof Instruction in)) {
      throw GuestFault.undefined();
    }
    if (in.length() != code.length) {
      throw new IllegalArgumentException(in + " has not the length that was meant");
    }
    Semantic semantic = SEMANTICS.find(in.mnemonic());
    if (semantic == null) {
      throw new IllegalArgumentException(in.mnemonic() + " has no semantic");
    }
    cpu.rip(at + in.length());
    try {
      semantic.execute(cpu, in);
    } catch (GuestFault fault) {
      cpu.rip(at);
      throw fault;
    }
  }

  @Override
  public void close() {
    ram.close();
  }

  static final class Ports implements PortBus {
    int port = -1;
    int value;

    @Override
    public int read(int port, int bytes) {
      return peek(port, bytes);
    }

    @Override
    public int peek(int port, int bytes) {
      return (int) ((port & 0xFF) * 0x0101_0101L & (-1L >>> (64 - 8 * bytes)));
    }

    @Override
    public void write(int port, int bytes, int value) {
      this.port = port;
      this.value = (int) (value & (-1L >>> (64 - 8 * bytes)));
    }
  }

  private static final class Tpr implements InterruptSource {
    private int value;

    @Override
    public int acknowledge() {
      return 0xFF;
    }

    @Override
    public int taskPriority() {
      return value;
    }

    @Override
    public void taskPriority(int value) {
      this.value = value;
    }
  }

  /** A bus with one MSR, 0x1234, of 32 bits. */
  private static final class OneMsr implements MsrBus {
    private long value = 0x55AA;

    @Override
    public OptionalLong read(int vcpu, int number) {
      return number == 0x1234 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    @Override
    public boolean write(int vcpu, int number, long value) {
      if (number != 0x1234 || value >>> 32 != 0) {
        return false;
      }
      this.value = value;
      return true;
    }
  }
}
