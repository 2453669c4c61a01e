package dev.hindsight.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two vCPUs in long mode over pages of every kind: writable, read-only, the supervisor's, two names
 * of one, the code itself, device registers, ROM, and the page tables. Exceptions and interrupts
 * lead to a HLT at level 0.
 */
final class FuzzMachine implements AutoCloseable {
  static final int PAGE = 4096;
  static final int VCPUS = 2;

  /** Linear address of the data pages, of which there are {@link #DATA_PAGES}. */
  static final long DATA_BASE = 0x1000_0000L;

  static final int DATA_PAGES = 16;

  /** Linear address of the code pages, of which there are {@link #CODE_PAGES}. */
  static final long CODE_BASE = 0x2000_0000L;

  static final int CODE_PAGES = 4;

  /** Physical addresses. */
  static final int DATA_PT = 0x4000;

  static final int CODE_PT = 0x5000;
  static final int DATA = 0x1_0000;
  static final int DATA_FRAMES = 8;
  static final int CODE = 0x1_8000;
  static final int CODE_FRAMES = 4;
  static final int RAM_BYTES = 0x1_C000;
  static final int REGISTERS = 0xE_0000;
  static final int ROM = 0xF_0000;

  /** INT3. */
  static final byte FILL = (byte) 0xCC;

  static final int INTERRUPT = 0x20;

  private static final int PML4 = 0x1000;
  private static final int LOW_PDPT = 0x2000;
  private static final int LOW_PD = 0x3000;
  private static final int HIGH_PDPT = 0x6000;
  private static final int HIGH_PD = 0x7000;
  private static final int HIGH_PT = 0x8000;
  private static final int GDT = 0x9000;
  private static final int IDT = 0xA000;
  private static final int TSS = 0xB000;
  private static final int HANDLERS = 0xC000;
  private static final int STACK = 0xD000;
  private static final long HIGH = 0xFFFF_8000_0000_0000L;

  /** Rights of tables. They have been accessed: to set that anew for each case takes time. */
  private static final int TABLE = 0x27;

  private static final int SYSTEM_TABLE = 0x23;
  private static final int SYSTEM_PAGE = 0x63;

  private static final int CR0 =
      ControlRegisters.CR0_PE
          | ControlRegisters.CR0_MP
          | ControlRegisters.CR0_ET
          | ControlRegisters.CR0_NE
          | ControlRegisters.CR0_WP
          | ControlRegisters.CR0_AM
          | ControlRegisters.CR0_PG;

  private static final int CR4 =
      ControlRegisters.CR4_PAE
          | ControlRegisters.CR4_PGE
          | ControlRegisters.CR4_OSFXSR
          | ControlRegisters.CR4_OSXMMEXCPT
          | ControlRegisters.CR4_OSXSAVE
          | ControlRegisters.CR4_FSGSBASE;

  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final GuestRam rom = new GuestRam(PAGE);
  private final PhysicalMap memory = new PhysicalMap();
  private final MixingDevice device = new MixingDevice();
  private final List<Vcpu> cpus = new ArrayList<>();
  private final Engine engine;
  private final List<VcpuState> initial = new ArrayList<>();
  private final byte[] system = new byte[DATA];
  private final byte[] now = new byte[RAM_BYTES];
  private final byte[] wanted = new byte[RAM_BYTES];
  private boolean isRead;
  private @Nullable RamSnapshot remembered;

  FuzzMachine(EngineFactory engines, int tlbCapacity) {
    CpuModel model = CpuModels.V3;
    byte[] romContents = new byte[PAGE];
    for (int i = 0; i < PAGE; i++) {
      // ADD EAX, imm32 and the like, again and again
      romContents[i] = (byte) (i % 5 == 0 ? 0x05 + (i % 8) * 8 : i);
    }
    rom.write(0, romContents, 0, PAGE);
    memory.mapRam(0, ram, 0, RAM_BYTES);
    memory.mapRom(ROM, rom, 0, PAGE);
    memory.mapRegisters(REGISTERS, PAGE, 4, device);
    writeTables();
    writeDescriptors();
    memory.read(0, system, 0, DATA);
    TranslationCaches caches =
        new TranslationCaches(memory, model.physicalAddressBits(), tlbCapacity);
    for (int i = 0; i < VCPUS; i++) {
      Vcpu cpu =
          new Vcpu(
              i, model, memory, caches, new PortMap(), MsrBus.EMPTY, new Acknowledging(cpus, i));
      cpus.add(cpu);
      setUp(cpu);
      initial.add(cpu.save());
    }
    engine = engines.create(memory, model);
  }

  private record Acknowledging(List<Vcpu> cpus, int number) implements InterruptSource {
    @Override
    public int acknowledge() {
      cpus.get(number).events().intr(false);
      return INTERRUPT;
    }

    @Override
    public int taskPriority() {
      return 0;
    }

    @Override
    public void taskPriority(int value) {}
  }

  /** Registers whose values depend on all accesses so far. */
  private static final class MixingDevice implements IoRegion {
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private long state;

    @Override
    public long read(long offset, int bytes) {
      state = (state ^ offset << 8 ^ bytes) * FACTOR;
      return state >>> 7;
    }

    @Override
    public long peek(long offset, int bytes) {
      return (state ^ offset) * FACTOR >>> 7;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      state = (state ^ offset << 8 ^ bytes ^ 0x80 ^ value << 20) * FACTOR;
    }
  }

  private void quad(int address, long value) {
    memory.write(address, 8, value);
  }

  private void writeTables() {
    quad(PML4, LOW_PDPT | TABLE);
    quad(PML4 + 256 * 8, HIGH_PDPT | SYSTEM_TABLE);
    quad(LOW_PDPT, LOW_PD | TABLE);
    quad(HIGH_PDPT, HIGH_PD | SYSTEM_TABLE);
    quad(HIGH_PD, HIGH_PT | SYSTEM_TABLE);
    quad(LOW_PD + (int) (DATA_BASE >> 21) * 8, DATA_PT | TABLE);
    quad(LOW_PD + (int) (CODE_BASE >> 21) * 8, CODE_PT | TABLE);
    for (int page = GDT; page <= STACK; page += PAGE) {
      quad(HIGH_PT + (page >> 12) * 8, page | SYSTEM_PAGE);
    }
  }

  private void writeDescriptors() {
    quad(GDT + 0x10, 0x00AF_9B00_0000_FFFFL);
    quad(GDT + 0x18, 0x00CF_9300_0000_FFFFL);
    quad(GDT + 0x20, 0x00CF_FB00_0000_FFFFL);
    quad(GDT + 0x28, 0x00CF_F300_0000_FFFFL);
    quad(GDT + 0x30, 0x00AF_FB00_0000_FFFFL);
    quad(GDT + 0x38, 0x00CF_9B00_0000_FFFFL);
    long tss = HIGH + TSS;
    quad(GDT + 0x40, 0x0000_8B00_0000_0067L | (tss & 0xFF_FFFF) << 16 | (tss >>> 24 & 0xFF) << 56);
    quad(GDT + 0x48, tss >>> 32);
    quad(TSS + 4, HIGH + STACK + PAGE);
    quad(TSS + 0x24, HIGH + STACK + PAGE / 2);
    memory.write(TSS + 0x66, 2, 0x68);
    for (int vector = 0; vector < 256; vector++) {
      long handler = HIGH + HANDLERS + vector * 8L;
      int access = vector == 3 || vector == 4 || vector == 0x80 ? 0xEE : 0x8E;
      // IST 1, so that a stack that cannot be written to is no double fault
      quad(
          IDT + vector * 16,
          handler & 0xFFFF
              | 0x10L << 16
              | 1L << 32
              | (long) access << 40
              | (handler >>> 16 & 0xFFFF) << 48);
      quad(IDT + vector * 16 + 8, handler >>> 32);
      // HLT
      memory.write(HANDLERS + vector * 8, 1, 0xF4);
    }
  }

  private static void setUp(Vcpu cpu) {
    ControlRegisters c = cpu.control();
    c.cr0(CR0);
    c.cr3(PML4);
    c.cr4(CR4);
    c.efer(
        ControlRegisters.EFER_SCE
            | ControlRegisters.EFER_LME
            | ControlRegisters.EFER_LMA
            | ControlRegisters.EFER_NXE);
    c.xcr0(7);
    cpu.gdtr().set(HIGH + GDT, 16 * 8 - 1);
    cpu.idtr().set(HIGH + IDT, 256 * 16 - 1);
    cpu.tr().set(0x40, HIGH + TSS, 0x67, 0x8B, 0);
    cpu.ldtr().set(0, 0, 0, 0, 0);
    cpu.activity(Activity.ACTIVE);
    cpu.updateMode();
  }

  Vcpu cpu(int n) {
    return cpus.get(n);
  }

  Engine engine() {
    return engine;
  }

  PhysicalMap memory() {
    return memory;
  }

  /** What the device's registers have come to. */
  long deviceState() {
    return device.state;
  }

  /**
   * Makes everything what a case starts from.
   *
   * @param data contents of the data frames
   */
  void load(FuzzCase c, byte[] data) {
    if (remembered != null) {
      remembered.close();
      remembered = null;
    }
    System.arraycopy(system, 0, wanted, 0, DATA);
    System.arraycopy(data, 0, wanted, DATA, data.length);
    Arrays.fill(wanted, CODE, RAM_BYTES, FILL);
    System.arraycopy(c.code(), 0, wanted, CODE + c.offset(), c.code().length);
    entries(DATA_PT, c.dataEntries());
    entries(CODE_PT, c.codeEntries());
    if (!isRead) {
      memory.read(0, now, 0, RAM_BYTES);
    }
    isRead = false;
    int at = 0;
    int next;
    while ((next = Arrays.mismatch(now, at, RAM_BYTES, wanted, at, RAM_BYTES)) >= 0) {
      int from = at + next & -8;
      int to = from + 8;
      while (to % 64 != 0 && !Arrays.equals(now, to, to + 8, wanted, to, to + 8)) {
        to += 8;
      }
      memory.write(from, wanted, from, to - from);
      at = to;
    }
    device.state = c.script();
    for (int i = 0; i < VCPUS; i++) {
      Vcpu cpu = cpus.get(i);
      cpu.load(initial.get(i));
      cpu.control().cr0(CR0 ^ c.cr0());
      cpu.control().cr4(CR4 ^ c.cr4());
      cpu.control().xcr0(c.xcr0());
      FuzzCase.Registers registers = c.registers()[i];
      for (int n = 0; n < 16; n++) {
        cpu.general().set64(n, registers.general()[n]);
        for (int k = 0; k < 4; k++) {
          cpu.vectors().set(n, k, registers.vectors()[4 * n + k]);
        }
      }
      cpu.vectors().mxcsr(registers.mxcsr());
      load(cpu.x87(), registers.x87());
      enter(c, i, c.address(0), registers.general()[4]);
    }
  }

  private static void load(X87Registers x, VcpuState.X87 from) {
    x.control(from.control());
    x.status(from.status());
    x.emptyMask(from.emptyMask());
    for (int n = 0; n < 8; n++) {
      x.set(n, from.signExponents()[n], from.significands()[n]);
    }
    x.lastInstruction(from.instructionPointer(), from.instructionSelector(), from.opcode());
    x.lastData(from.dataPointer(), from.dataSelector());
  }

  private void entries(int table, long[] entries) {
    for (int i = 0; i < entries.length; i++) {
      for (int b = 0; b < 8; b++) {
        wanted[table + 8 * i + b] = (byte) (entries[i] >> 8 * b);
      }
    }
  }

  /** Has a vCPU go on at an address, with segments and flags as at the beginning. */
  void enter(FuzzCase c, int vcpu, long rip, long rsp) {
    Vcpu cpu = cpus.get(vcpu);
    boolean user = c.cpl() == 3;
    boolean narrow = c.mode() == 32;
    int code = narrow ? user ? 0x23 : 0x38 : user ? 0x33 : 0x10;
    cpu.cs().set(code, 0, 0xFFFF_FFFFL, user ? 0xFB : 0x9B, narrow ? 0xC : 0xA);
    int data = user ? 0x2B : 0x18;
    for (int i : new int[] {0, 2, 3, 4, 5}) {
      cpu.segment(i).set(data, 0, 0xFFFF_FFFFL, user ? 0xF3 : 0x93, 0xC);
    }
    for (int i = 0; i < c.segments().size(); i++) {
      FuzzCase.Segment s = c.segments().get(i);
      cpu.segment(4 + i).set(s.selector(), s.base(), s.limit(), s.access(), s.flags());
    }
    if (!narrow) {
      cpu.segment(4).base(c.registers()[vcpu].fsBase());
      cpu.segment(5).base(c.registers()[vcpu].gsBase());
    }
    cpu.flags().set(c.registers()[vcpu].flags());
    cpu.rip(rip);
    cpu.general().set64(4, rsp);
    cpu.cpl(c.cpl());
    cpu.activity(Activity.ACTIVE);
    cpu.updateMode();
  }

  RunExit run(int vcpu, long budget) {
    return engine.run(cpus.get(vcpu), budget, Stops.NONE);
  }

  /** Remembers what RAM holds: all pages are shared with that until they are written. */
  void remember() {
    if (remembered != null) {
      remembered.close();
    }
    remembered = ram.snapshot();
  }

  /** RAM becomes what was remembered last, if that was in the same case. */
  void recall() {
    if (remembered != null) {
      ram.restore(remembered);
    }
  }

  /** All of RAM, which must not change until the next case is loaded. */
  byte[] ram() {
    memory.read(0, now, 0, RAM_BYTES);
    isRead = true;
    return now;
  }

  @Override
  public void close() {
    if (remembered != null) {
      remembered.close();
    }
    ram.close();
    rom.close();
  }
}
