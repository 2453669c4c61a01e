package dev.hindsight.silicon;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortBus;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.silicon.Outcome.End;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Our CPU in the place of the host's: in long mode at privilege level 3, with the descriptors that
 * Linux gives its processes, and exceptions that lead through gates to a HLT at level 0.
 */
final class GuestProcessor implements AutoCloseable {
  private static final long STEPS = 20_000;

  private static final int PML4 = 0x1000;
  private static final int LOW_PDPT = 0x2000;
  private static final int LOW_PD = 0x3000;
  private static final int DATA_PT = 0x4000;
  private static final int CODE_PT = 0x5000;
  private static final int HIGH_PDPT = 0x6000;
  private static final int HIGH_PD = 0x7000;
  private static final int HIGH_PT = 0x8000;
  private static final int SYSTEM_PAGES = 0x10000;
  private static final int GDT = 0x10000;
  private static final int IDT = 0x11000;
  private static final int TSS = 0x12000;
  private static final int HANDLERS = 0x13000;
  private static final int STACK = 0x14000;
  private static final int SYSTEM_END = 0x15000;
  private static final int DATA = 0x20000;
  private static final int CODE = 0x30000;
  private static final int RAM_BYTES = 0x40000;

  /** Linear address of physical address 0 for the system's own pages. */
  private static final long HIGH = 0xFFFF_8000_0000_0000L;

  private static final int TABLE = 7;
  private static final long NO_EXECUTE = 1L << 63;

  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final PhysicalMap memory = new PhysicalMap();
  private final Vcpu cpu;
  private final Engine engine;
  private DataPages pages = DataPages.zeros();
  private int dirtyOffset;
  private int dirtyLength;

  /**
   * A CPU.
   *
   * @param engines makes what runs it
   */
  GuestProcessor(EngineFactory engines) {
    CpuModel model = CpuModels.V3;
    memory.mapRam(0, ram, 0, RAM_BYTES);
    writePageTables();
    writeDescriptors();
    byte[] fill = new byte[Layout.CODE_PAGES * Layout.PAGE];
    Arrays.fill(fill, Layout.CODE_FILL);
    memory.write(CODE, fill, 0, fill.length);
    TranslationCaches translations = new TranslationCaches(memory, model.physicalAddressBits());
    cpu = new Vcpu(0, model, memory, translations, NO_PORTS, MsrBus.EMPTY, InterruptSource.NONE);
    engine = engines.create(memory, model);
    setUpSystem();
  }

  private void quad(int address, long value) {
    memory.write(address, 8, value);
  }

  private void writePageTables() {
    quad(PML4, LOW_PDPT | TABLE);
    quad(PML4 + 256 * 8, HIGH_PDPT | 3);
    quad(LOW_PDPT, LOW_PD | TABLE);
    quad(HIGH_PDPT, HIGH_PD | 3);
    quad(HIGH_PD, HIGH_PT | 3);
    quad(LOW_PD + (int) (Layout.DATA_BASE >> 21) * 8, DATA_PT | TABLE);
    quad(LOW_PD + (int) (Layout.CODE_BASE >> 21) * 8, CODE_PT | TABLE);
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      if (Layout.mapped(page)) {
        long rights = Layout.writable(page) ? 7 : 5;
        quad(DATA_PT + page * 8, DATA + page * Layout.PAGE | rights | NO_EXECUTE);
      }
    }
    for (int page = 0; page < Layout.CODE_PAGES; page++) {
      quad(CODE_PT + page * 8, CODE + page * Layout.PAGE | 5);
    }
    for (int page = SYSTEM_PAGES; page < SYSTEM_END; page += Layout.PAGE) {
      quad(HIGH_PT + (page >> 12) * 8, page | 3);
    }
  }

  private void writeDescriptors() {
    quad(GDT + 0x10, 0x00AF_9B00_0000_FFFFL);
    quad(GDT + 0x18, 0x00CF_9300_0000_FFFFL);
    quad(GDT + 0x20, 0x00CF_FB00_0000_FFFFL);
    quad(GDT + 0x28, 0x00CF_F300_0000_FFFFL);
    quad(GDT + 0x30, 0x00AF_FB00_0000_FFFFL);
    long tss = HIGH + TSS;
    quad(GDT + 0x40, 0x0000_8B00_0000_0067L | (tss & 0xFF_FFFF) << 16 | (tss >>> 24 & 0xFF) << 56);
    quad(GDT + 0x48, tss >>> 32);
    // the descriptor that Linux keeps the processor's number in, here 0
    quad(GDT + 0x78, 0x0040_F500_0000_0000L);
    quad(TSS + 4, HIGH + STACK + Layout.PAGE);
    // no I/O permission bitmap within the limit
    memory.write(TSS + 0x66, 2, 0x68);
    for (int vector = 0; vector < 256; vector++) {
      long handler = HIGH + HANDLERS + vector * 8L;
      int access = vector == 3 || vector == 4 || vector == 0x80 ? 0xEE : 0x8E;
      quad(
          IDT + vector * 16,
          handler & 0xFFFF | 0x10L << 16 | (long) access << 40 | (handler >>> 16 & 0xFFFF) << 48);
      quad(IDT + vector * 16 + 8, handler >>> 32);
      // HLT
      memory.write(HANDLERS + vector * 8, 1, 0xF4);
    }
  }

  private void setUpSystem() {
    ControlRegisters c = cpu.control();
    c.cr0(
        ControlRegisters.CR0_PE
            | ControlRegisters.CR0_MP
            | ControlRegisters.CR0_ET
            | ControlRegisters.CR0_NE
            | ControlRegisters.CR0_WP
            | ControlRegisters.CR0_AM
            | ControlRegisters.CR0_PG);
    c.cr3(PML4);
    c.cr4(
        ControlRegisters.CR4_PAE
            | ControlRegisters.CR4_PGE
            | ControlRegisters.CR4_OSFXSR
            | ControlRegisters.CR4_OSXMMEXCPT
            | ControlRegisters.CR4_OSXSAVE
            | ControlRegisters.CR4_FSGSBASE
            | ControlRegisters.CR4_UMIP
            | ControlRegisters.CR4_SMEP
            | ControlRegisters.CR4_SMAP);
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
  }

  /** What the data pages hold when each of the following cases begins. */
  void load(DataPages contents) {
    pages = contents;
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      if (Layout.mapped(page)) {
        memory.write(DATA + page * Layout.PAGE, contents.contents()[page], 0, Layout.PAGE);
      }
    }
  }

  /** Runs a case; the data pages are as before afterwards. */
  Outcome run(TestCase c) {
    enter(c);
    RunExit exit = engine.run(cpu, STEPS, Stops.NONE);
    boolean ended = exit == RunExit.HALTED;
    int vector = (int) (cpu.rip() - 1 - HIGH - HANDLERS) >> 3;
    CpuState s = new CpuState();
    int error = 0;
    if (ended) {
      error = leaveHandler(s, vector);
    } else {
      s.rip = cpu.rip();
      s.rflags = cpu.flags().get();
      s.gpr[4] = cpu.general().get64(4);
    }
    readState(s, ended);
    long[][] changes = takeChanges();
    return new Outcome(
        ended ? End.EXCEPTION : exit == RunExit.BUDGET ? End.ENDLESS : End.OTHER,
        ended ? vector : -1,
        error,
        ended && vector == 14 ? cpu.control().cr2() : 0,
        s,
        changes[0],
        changes[1]);
  }

  // ---- before

  private void enter(TestCase c) {
    byte[] int3 = new byte[dirtyLength];
    Arrays.fill(int3, Layout.CODE_FILL);
    memory.write(CODE + dirtyOffset, int3, 0, dirtyLength);
    memory.write(CODE + c.codeOffset(), c.code(), 0, c.code().length);
    dirtyOffset = c.codeOffset();
    dirtyLength = c.code().length;

    CpuState s = c.initial();
    for (int i = 0; i < 16; i++) {
      cpu.general().set64(i, s.gpr[i]);
    }
    cpu.flags().set((int) s.rflags);
    boolean narrow = c.mode() == 32;
    cpu.cs().set(narrow ? 0x23 : 0x33, 0, 0xFFFF_FFFFL, 0xFB, narrow ? 0xC : 0xA);
    cpu.ss().set(0x2B, 0, 0xFFFF_FFFFL, 0xF3, 0xC);
    for (int i : new int[] {0, 3, 4, 5}) {
      SegmentRegister segment = cpu.segment(i);
      if (narrow && i != 5) {
        segment.set(0x2B, 0, 0xFFFF_FFFFL, 0xF3, 0xC);
      } else {
        segment.set(0, 0, 0, 0, 0);
      }
    }
    if (!narrow) {
      cpu.segment(4).base(s.fsBase);
      cpu.segment(5).base(s.gsBase);
    }
    writeFloating(s);
    cpu.rip(c.start());
    cpu.cpl(3);
    cpu.activity(Activity.ACTIVE);
    cpu.updateMode();
  }

  private void writeFloating(CpuState s) {
    X87Registers x87 = cpu.x87();
    x87.control(s.xsaveShort(CpuState.FCW));
    x87.status(s.xsaveShort(CpuState.FSW));
    x87.emptyMask(~s.xsaveShort(CpuState.FTW) & 0xFF);
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + i * 16;
      x87.set(x87.top() + i & 7, s.xsaveShort(at + 8), s.xsaveLong(at));
    }
    x87.lastInstruction(0, 0, 0);
    x87.lastData(0, 0);
    cpu.vectors().mxcsr(s.xsaveInt(CpuState.MXCSR));
    for (int i = 0; i < 16; i++) {
      for (int n = 0; n < 4; n++) {
        cpu.vectors().set(i, n, s.ymm(i, n));
      }
    }
  }

  // ---- after

  /** Reads what delivery pushed and returns the error code. */
  private int leaveHandler(CpuState s, int vector) {
    long top = HIGH + STACK + Layout.PAGE;
    int frame = STACK + Layout.PAGE - (int) (top - cpu.general().get64(4));
    boolean hasError = vector == 8 || vector >= 10 && vector <= 14 || vector == 17;
    int error = 0;
    if (hasError) {
      error = (int) memory.peek(frame, 8);
      frame += 8;
    }
    s.rip = memory.peek(frame, 8);
    s.selectors[1] = (int) memory.peek(frame + 8, 8);
    s.rflags = memory.peek(frame + 16, 8);
    s.gpr[4] = memory.peek(frame + 24, 8);
    s.selectors[2] = (int) memory.peek(frame + 32, 8);
    return error;
  }

  private void readState(CpuState s, boolean ended) {
    for (int i = 0; i < 16; i++) {
      if (i != 4) {
        s.gpr[i] = cpu.general().get64(i);
      }
    }
    for (int i = 0; i < 6; i++) {
      if (!ended || i != 1 && i != 2) {
        s.selectors[i] = cpu.segment(i).selector();
      }
    }
    s.fsBase = cpu.segment(4).base();
    s.gsBase = cpu.segment(5).base();
    X87Registers x87 = cpu.x87();
    s.xsaveShort(CpuState.FCW, x87.control());
    s.xsaveShort(CpuState.FSW, x87.status());
    s.xsaveShort(CpuState.FTW, ~x87.emptyMask() & 0xFF);
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + i * 16;
      int physical = x87.top() + i & 7;
      s.xsaveLong(at, x87.significand(physical));
      s.xsaveShort(at + 8, x87.signExponent(physical));
    }
    s.xsaveInt(CpuState.MXCSR, cpu.vectors().mxcsr());
    for (int i = 0; i < 16; i++) {
      for (int n = 0; n < 4; n++) {
        s.ymm(i, n, cpu.vectors().get(i, n));
      }
    }
  }

  private final byte[] now = new byte[Layout.PAGE];

  /** Finds what changed in the data pages, and undoes it. */
  private long[][] takeChanges() {
    long[] addresses = new long[8];
    long[] values = new long[8];
    int count = 0;
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      if (!Layout.writable(page)) {
        continue;
      }
      byte[] then = pages.contents()[page];
      memory.read(DATA + page * Layout.PAGE, now, 0, Layout.PAGE);
      int at = Arrays.mismatch(now, then);
      if (at < 0) {
        continue;
      }
      ByteBuffer n = ByteBuffer.wrap(now).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer t = ByteBuffer.wrap(then).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = at & -8; i < Layout.PAGE; i += 8) {
        if (n.getLong(i) != t.getLong(i)) {
          if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 2);
            values = Arrays.copyOf(values, count * 2);
          }
          addresses[count] = Layout.page(page) + i;
          values[count++] = n.getLong(i);
        }
      }
      memory.write(DATA + page * Layout.PAGE, then, 0, Layout.PAGE);
    }
    return new long[][] {Arrays.copyOf(addresses, count), Arrays.copyOf(values, count)};
  }

  @Override
  public void close() {
    ram.close();
  }

  private static final PortBus NO_PORTS =
      new PortBus() {
        @Override
        public int read(int port, int bytes) {
          return -1;
        }

        @Override
        public int peek(int port, int bytes) {
          return -1;
        }

        @Override
        public void write(int port, int bytes, int value) {}
      };
}
