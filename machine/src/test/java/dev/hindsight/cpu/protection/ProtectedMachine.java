package dev.hindsight.cpu.protection;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import java.util.Arrays;

/**
 * A vCPU with 64 KiB of memory in which descriptor tables, task-state segments and a stack for each
 * privilege level lie at fixed places. It decodes and executes one instruction at a time and tells
 * how that ended; after a fault it insists that nothing has changed.
 */
final class ProtectedMachine {
  static final int GDT = 0x1000;
  static final int GDT_LIMIT = 0xFF;
  static final int LDT = 0x1800;
  static final int LDT_LIMIT = 0x3F;
  static final int IDT = 0x2000;
  static final int TSS = 0x3000;
  static final int OTHER_TSS = 0x3800;
  static final int CODE = 0x4000;

  /** Where gates and far pointers of the tests lead. */
  static final int TARGET = 0x4800;

  /** Selectors of the GDT; those of code and data are for DPL 0, with 8 more for each level. */
  static final int CODE_SELECTOR = 0x08;

  static final int DATA_SELECTOR = 0x28;
  static final int LDT_SELECTOR = 0x48;
  static final int TSS_SELECTOR = 0x50;
  static final int OTHER_TSS_SELECTOR = 0x60;

  /** Descriptors under test. */
  static final int SUBJECT = 0x80;

  static final int SECOND_SUBJECT = 0x90;

  private static final int MEMORY = 0x1_0000;

  /** What each case starts with zeroes in; page tables lie above. */
  private static final int SCRATCH = 0xA000;

  private static final byte[] ZEROES = new byte[SCRATCH];

  /** Memory is compared after one fault in so many. */
  private static final int MEMORY_CHECKS = 16;

  private static final int PML4 = 0xA000;

  final Vcpu cpu;
  private final PhysicalMap memory = new PhysicalMap();
  private final Decoder decoder = new Decoder(CpuModels.V3.features());
  private final SemanticTable semantics = InstructionSet.semantics();
  private final byte[] before = new byte[SCRATCH];
  private final byte[] after = new byte[SCRATCH];
  private int faults;
  private boolean longMode;

  ProtectedMachine(GuestRam ram) {
    memory.mapRam(0, ram, 0, MEMORY);
    cpu =
        new Vcpu(
            0,
            CpuModels.V3,
            memory,
            new TranslationCaches(memory, CpuModels.V3.physicalAddressBits()),
            new PortMap(),
            MsrBus.EMPTY,
            InterruptSource.NONE);
    write(PML4, 8, PML4 + 0x1000 | 0x27);
    write(PML4 + 0x1000, 8, PML4 + 0x2000 | 0x27);
    write(PML4 + 0x2000, 8, 0xE7);
  }

  /** Memory for a machine. */
  static GuestRam ram() {
    return new GuestRam(MEMORY);
  }

  // ---- modes

  /** Real mode: code at CS 0, stack below 0x9000. */
  void realMode() {
    reset();
    cpu.control().cr0(ControlRegisters.CR0_ET);
    for (int i = 0; i < 6; i++) {
      cpu.segment(i).set(0, 0, 0xFFFF, i == 1 ? 0x9B : 0x93, 0);
    }
    cpu.idtr().set(0, 0x3FF);
    cpu.rip(CODE);
    cpu.general().set64(GeneralRegisters.RSP, 0x9000);
    cpu.updateMode();
  }

  /** 32-bit protected mode at a privilege level, with flat segments and a 32-bit TSS. */
  void protectedMode(int cpl) {
    reset();
    cpu.control().cr0(ControlRegisters.CR0_ET | ControlRegisters.CR0_PE);
    tables(4);
    descriptor(LDT_SELECTOR, LDT, LDT_LIMIT, 0x82, 0);
    descriptor(TSS_SELECTOR, TSS, 0xFF, 0x8B, 0);
    descriptor(OTHER_TSS_SELECTOR, OTHER_TSS, 0xFF, 0x89, 0);
    cpu.tr().set(TSS_SELECTOR, TSS, 0xFF, 0x8B, 0);
    for (int level = 0; level < 3; level++) {
      write(TSS + 4 + level * 8, 4, stackTop(level));
      write(TSS + 8 + level * 8, 4, dataSelector(level));
    }
    enter(cpl);
  }

  /** 64-bit mode at a privilege level, with identity paging. */
  void longMode(int cpl) {
    longModeTables();
    enter(cpl);
    cpu.cs().set(codeSelector(cpl), 0, 0xFFFF_FFFFL, 0x9B | cpl << 5, 0xA);
    cpu.updateMode();
  }

  /** Compatibility mode, 32 bits, at a privilege level; the code segments of the GDT are 64-bit. */
  void compatibilityMode(int cpl) {
    longModeTables();
    enter(cpl);
  }

  private void longModeTables() {
    reset();
    longMode = true;
    cpu.control().cr3(PML4);
    cpu.control().cr4(ControlRegisters.CR4_PAE);
    cpu.control().efer(ControlRegisters.EFER_LME | ControlRegisters.EFER_LMA);
    cpu.control().cr0(ControlRegisters.CR0_ET | ControlRegisters.CR0_PE | ControlRegisters.CR0_PG);
    tables(2);
    descriptor(LDT_SELECTOR, LDT, LDT_LIMIT, 0x82, 0);
    descriptor(TSS_SELECTOR, TSS, 0xFF, 0x8B, 0);
    cpu.tr().set(TSS_SELECTOR, TSS, 0xFF, 0x8B, 0);
    for (int level = 0; level < 3; level++) {
      write(TSS + 4 + level * 8, 8, stackTop(level));
    }
    for (int i = 1; i <= 7; i++) {
      write(TSS + 36 + (i - 1) * 8, 8, 0x9100 + 0x100 * i);
    }
  }

  private void reset() {
    longMode = false;
    cpu.events().nmiBlocked(false);
    cpu.activity(Activity.ACTIVE);
    memory.write(0, ZEROES, 0, SCRATCH);
    for (int i = 0; i < 16; i++) {
      cpu.general().set64(i, 0);
    }
    cpu.cpl(0);
    cpu.control().efer(0);
    cpu.control().cr4(0);
    cpu.control().cr2(0);
    cpu.control().cr3(0);
    cpu.debug().dr6(0xFFFF_0FF0);
    cpu.flags().set(2);
  }

  /** Descriptor tables with code and data of every level; flags of code are {@code codeSize}. */
  private void tables(int codeSize) {
    cpu.gdtr().set(GDT, GDT_LIMIT);
    cpu.idtr().set(IDT, longMode ? 0xFFF : 0x7FF);
    cpu.ldtr().set(LDT_SELECTOR, LDT, LDT_LIMIT, 0x82, 0);
    for (int level = 0; level < 4; level++) {
      descriptor(codeSelector(level), 0, 0xFFFFF, 0x9B | level << 5, 8 | codeSize);
      descriptor(dataSelector(level), 0, 0xFFFFF, 0x93 | level << 5, 12);
    }
  }

  private void enter(int cpl) {
    cpu.cs().set(codeSelector(cpl), 0, 0xFFFF_FFFFL, 0x9B | cpl << 5, 12);
    cpu.ss().set(dataSelector(cpl), 0, 0xFFFF_FFFFL, 0x93 | cpl << 5, 12);
    for (int n : new int[] {0, 3, 4, 5}) {
      cpu.segment(n).set(dataSelector(3), 0, 0xFFFF_FFFFL, 0xF3, 12);
    }
    cpu.cpl(cpl);
    cpu.rip(CODE);
    cpu.general().set64(GeneralRegisters.RSP, stackTop(cpl) - 0x100);
    cpu.updateMode();
  }

  /** Virtual-8086 mode: segments at 0 except CS at 0x400 and SS at 0x900. */
  void virtual8086(int iopl) {
    protectedMode(3);
    cpu.flags().set(0x2_0002 | iopl << 12);
    for (int i = 0; i < 6; i++) {
      int selector = i == 1 ? 0x400 : i == 2 ? 0x800 : i;
      cpu.segment(i).set(selector, selector * 16, 0xFFFF, 0xF3, 0);
    }
    cpu.rip(0);
    cpu.general().set64(GeneralRegisters.RSP, 0x800);
    cpu.updateMode();
  }

  static int codeSelector(int level) {
    return CODE_SELECTOR + 8 * level + level;
  }

  static int dataSelector(int level) {
    return DATA_SELECTOR + 8 * level + level;
  }

  static int stackTop(int level) {
    return 0x6000 + 0x1000 * level;
  }

  // ---- memory

  /** Writes a segment descriptor; the limit is the raw 20-bit field. */
  void descriptor(int selector, long base, long limit, int access, int flags) {
    long low =
        (limit & 0xFFFF)
            | (base & 0xFF_FFFF) << 16
            | (long) access << 40
            | (limit >> 16 & 15) << 48
            | (long) flags << 52
            | (base >> 24 & 0xFF) << 56;
    write(place(selector), 8, low);
  }

  /** Writes an 8-byte gate into the GDT or LDT, or the first half of a 16-byte one. */
  void gate(int selector, int target, long offset, int access, int parameters) {
    write(place(selector), 8, gate(target, offset, access, parameters));
    if (longMode) {
      write(place(selector) + 8, 8, offset >>> 32);
    }
  }

  /** Writes an entry of the IDT. */
  void vector(int vector, int target, long offset, int access, int ist) {
    if (longMode) {
      write(IDT + vector * 16, 8, gate(target, offset, access, ist));
      write(IDT + vector * 16 + 8, 8, offset >>> 32);
    } else {
      write(IDT + vector * 8, 8, gate(target, offset, access, 0));
    }
  }

  private static long gate(int target, long offset, int access, int count) {
    return (offset & 0xFFFF)
        | (long) target << 16
        | (long) count << 32
        | (long) access << 40
        | (offset >>> 16 & 0xFFFF) << 48;
  }

  static int place(int selector) {
    return ((selector & 4) != 0 ? LDT : GDT) + (selector & 0xFFF8);
  }

  void write(long address, int bytes, long value) {
    memory.write(address, bytes, value);
  }

  long read(long address, int bytes) {
    return memory.peek(address, bytes);
  }

  int accessByte(int selector) {
    return (int) read(place(selector) + 5, 1);
  }

  // ---- running

  /** Executes one instruction: "ok", or the fault as "#GP(0028)" or "#UD". */
  String execute(int... code) {
    long at = cpu.cs().base() + cpu.rip();
    for (int i = 0; i < code.length; i++) {
      write(at + i, 1, code[i]);
    }
    Decoded decoded = decoder.decode(cpu.codeMode(), i -> i < code.length ? code[i] : -1);
    if (!(decoded instanceof Instruction in)) {
      return "#UD";
    }
    Semantic semantic = semantics.find(in.mnemonic());
    if (semantic == null) {
      throw new IllegalStateException("nothing executes " + in);
    }
    long rip = cpu.rip();
    return attempt(
        () -> {
          cpu.rip(rip + in.length());
          semantic.execute(cpu, in);
        },
        rip);
  }

  /** Delivers an event: "ok" or the fault that was met. */
  String deliver(Event event) {
    return attempt(
        () -> {
          try {
            InterruptGate.enter(cpu, event);
          } catch (FaultInNewTask e) {
            throw new AssertionError(e);
          }
        },
        cpu.rip());
  }

  private String attempt(Runnable action, long rip) {
    long[] state = state();
    boolean checksMemory = faults % MEMORY_CHECKS == 0;
    if (checksMemory) {
      memory.read(0, before, 0, SCRATCH);
    }
    try {
      action.run();
      return "ok";
    } catch (GuestFault fault) {
      faults++;
      cpu.rip(rip);
      if (!Arrays.equals(state, state())) {
        throw new AssertionError(
            text(fault) + " changed " + Arrays.toString(state) + " to " + Arrays.toString(state()));
      }
      if (checksMemory) {
        memory.read(0, after, 0, SCRATCH);
        if (!Arrays.equals(before, after)) {
          throw new AssertionError(
              "memory changed at %x in spite of %s"
                  .formatted(Arrays.mismatch(before, after), text(fault)));
        }
      }
      return text(fault);
    }
  }

  static String text(GuestFault fault) {
    Vector v = fault.vector();
    return "#" + v + (v.hasErrorCode() ? "(%04x)".formatted(fault.errorCode()) : "");
  }

  /** General and segment registers, CPL, RIP and RFLAGS. */
  private long[] state() {
    long[] state = new long[59];
    int n = 0;
    for (int i = 0; i < 16; i++) {
      state[n++] = cpu.general().get64(i);
    }
    for (int i = 0; i < 8; i++) {
      SegmentRegister s = i == 6 ? cpu.ldtr() : i == 7 ? cpu.tr() : cpu.segment(i);
      state[n++] = s.selector();
      state[n++] = s.base();
      state[n++] = s.limit();
      state[n++] = s.access();
      state[n++] = s.flags();
    }
    state[n++] = cpu.cpl();
    state[n++] = cpu.rip();
    state[n] = cpu.flags().get();
    return state;
  }
}
