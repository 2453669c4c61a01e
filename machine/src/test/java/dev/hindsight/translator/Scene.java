package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.translator.FuzzCase.Registers;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Code that is run by both engines, in slices of different lengths, with large and small TLBs. */
final class Scene {
  /** A writable page that nothing else is in. */
  static final long DATA = page(1);

  /** Where the stack pointer is at first. */
  static final long STACK_TOP = page(15) + 0x800;

  private static final int CODE_BYTES = FuzzMachine.CODE_FRAMES * FuzzMachine.PAGE;
  private static final int[] SLICES = {1000, 1, 2, 3, 7};
  private static final int[] TLB_CAPACITIES = {1024, 1};

  /** Where the code is assembled. */
  final Assembler a;

  private final int mode;
  private final int cpl;
  private final int offset;
  private final byte[] data = new byte[FuzzMachine.DATA_FRAMES * FuzzMachine.PAGE];
  private final long[] dataEntries = new long[FuzzMachine.DATA_PAGES];
  private final long[] codeEntries = new long[FuzzMachine.CODE_PAGES];
  private final Registers[] registers = new Registers[FuzzMachine.VCPUS];
  private final List<Dma> transfers = new ArrayList<>();
  private int vcpus = 1;
  private boolean remembers;
  private int cr0;
  private int cr4;
  private int xcr0 = 7;
  private int mxcsr = 0x1F80;
  private VcpuState.X87 x87 = state(0x37F, 0, 0x0F);

  private record Dma(long tick, int address, byte[] bytes) {}

  private Scene(int mode, int cpl, int offset) {
    this.mode = mode;
    this.cpl = cpl;
    this.offset = offset;
    a = new Assembler(mode == 64 ? CodeMode.BITS64 : CodeMode.BITS32, code(offset));
    dataEntries[1] = FuzzMachine.DATA | 7;
    dataEntries[2] = FuzzMachine.DATA + 0x1000 | 7;
    dataEntries[3] = FuzzMachine.DATA + 0x2000 | 5;
    dataEntries[4] = FuzzMachine.DATA + 0x3000 | 3;
    dataEntries[5] = FuzzMachine.CODE | 7;
    dataEntries[6] = FuzzMachine.REGISTERS | 7;
    dataEntries[9] = FuzzMachine.DATA_PT | 7;
    dataEntries[10] = FuzzMachine.CODE_PT | 7;
    dataEntries[15] = FuzzMachine.DATA + 0x6000 | 7;
    for (int i = 0; i < 3; i++) {
      codeEntries[i] = FuzzMachine.CODE + i * FuzzMachine.PAGE | 7;
    }
    for (int i = 0; i < registers.length; i++) {
      long[] general = new long[16];
      for (int n = 0; n < 16; n++) {
        general[n] = 0x1111L * n;
      }
      general[4] = STACK_TOP - 0x100L * i;
      registers[i] = new Registers(general, 0x202, new long[64], 0x1F80, x87, 0, 0);
    }
  }

  /** 64-bit code at level 3, so far from the beginning of the first code page. */
  static Scene user(int offset) {
    return new Scene(64, 3, offset);
  }

  /** 64-bit code at level 3. */
  static Scene user() {
    return user(0x100);
  }

  /** Code at level 3 in a segment of 64 or 32 bits. */
  static Scene user(int mode, int offset) {
    return new Scene(mode, 3, offset);
  }

  /** 64-bit code at level 0. */
  static Scene supervisor() {
    return new Scene(64, 0, 0x100);
  }

  /** Linear address of a data page. */
  static long page(int n) {
    return FuzzMachine.DATA_BASE + (long) n * FuzzMachine.PAGE;
  }

  /** Linear address in the code pages. */
  static long code(int offset) {
    return FuzzMachine.CODE_BASE + offset;
  }

  /** Linear address of the entry that maps a code page. */
  static long entryOfCode(int page) {
    return page(10) + 8L * page;
  }

  Scene register(int n, long value) {
    for (Registers r : registers) {
      r.general()[n] = value;
    }
    return this;
  }

  Scene register(int vcpu, int n, long value) {
    registers[vcpu].general()[n] = value;
    return this;
  }

  /** What all four parts of a vector register hold. */
  Scene vector(int n, long value) {
    for (Registers r : registers) {
      for (int k = 0; k < 4; k++) {
        r.vectors()[4 * n + k] = value;
      }
    }
    return this;
  }

  /** A quadword in a data frame, 0 to 7. */
  Scene quad(int frame, int at, long value) {
    for (int b = 0; b < 8; b++) {
      data[frame * FuzzMachine.PAGE + at + b] = (byte) (value >> 8 * b);
    }
    return this;
  }

  Scene mapCode(int page, long entry) {
    codeEntries[page] = entry;
    return this;
  }

  Scene vcpus(int count) {
    vcpus = count;
    return this;
  }

  /** Before each slice all of memory becomes shared with a snapshot. */
  Scene remembers() {
    remembers = true;
    return this;
  }

  /** What differs from the usual. */
  Scene control(int cr0Bits, int cr4Bits, int xcr0Value) {
    cr0 = cr0Bits;
    cr4 = cr4Bits;
    xcr0 = xcr0Value;
    return this;
  }

  Scene mxcsr(int value) {
    mxcsr = value;
    return this;
  }

  /** What the x87 unit begins with. */
  Scene x87(VcpuState.X87 state) {
    x87 = state;
    return this;
  }

  /** What the x87 unit begins with: its words, and which physical registers are empty. */
  Scene x87(int control, int status, int emptyMask) {
    x87 = state(control, status, emptyMask);
    return this;
  }

  private static VcpuState.X87 state(int control, int status, int emptyMask) {
    long[] significands = new long[8];
    int[] signExponents = new int[8];
    for (int n = 0; n < 8; n++) {
      significands[n] = 1L << 63 | (long) n << 50;
      signExponents[n] = 0x3FFF + n;
    }
    return new VcpuState.X87(
        significands, signExponents, control, status, emptyMask, 0, 0, 0, 0, 0);
  }

  /** Has something else than a CPU write to the frames of the code before a tick. */
  Scene dma(long tick, int codeOffset, int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) bytes[i];
    }
    transfers.add(new Dma(tick, FuzzMachine.CODE + codeOffset, all));
    return this;
  }

  /**
   * Runs it for so many ticks, or until an exception, and checks that the engines agree all along.
   *
   * @param check looks at what the reference came to
   */
  void agrees(int ticks, Consumer<FuzzMachine> check) {
    FuzzCase c = make(ticks);
    for (int tlb : TLB_CAPACITIES) {
      try (EnginePair pair = new EnginePair(tlb);
          EnginePair impatient = new EnginePair(tlb, TestEngines.impatient())) {
        for (int slice : SLICES) {
          // again with all translated
          for (int round = 0; round < 2; round++) {
            run(pair, c, slice);
            check.accept(pair.reference());
            run(impatient, c, slice);
          }
        }
      }
    }
  }

  /** The same with a given pair of machines, and all at once. */
  void agrees(EnginePair pair, int ticks, Consumer<FuzzMachine> check) {
    run(pair, make(ticks), SLICES[0]);
    check.accept(pair.reference());
  }

  /**
   * Runs it so far, remembers memory, goes on, has that memory come back, and goes on, a few times.
   */
  void agreesThoughMemoryComesBack(EnginePair pair, int before, int ticks) {
    pair.load(make(ticks), data);
    int[] lengths = {before, ticks / 4, ticks / 4};
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < lengths.length; i++) {
        RunExit expected = pair.reference().run(0, lengths[i]);
        assertThat(pair.tested().run(0, lengths[i])).isEqualTo(expected);
        assertThat(pair.difference(0)).isNull();
        assertThat(pair.finalDifference(true)).isNull();
        if (i == 0) {
          pair.remember();
        } else {
          pair.recall();
        }
      }
    }
  }

  private FuzzCase make(int ticks) {
    byte[] bytes = a.assemble();
    assertThat(bytes.length).isLessThanOrEqualTo(CODE_BYTES - offset);
    for (int i = 0; i < registers.length; i++) {
      Registers r = registers[i];
      registers[i] = new Registers(r.general(), r.flags(), r.vectors(), mxcsr, x87, 0, 0);
    }
    return new FuzzCase(
        0,
        mode,
        cpl,
        bytes,
        new int[] {0},
        offset,
        registers,
        List.of(),
        dataEntries,
        codeEntries,
        cr0,
        cr4,
        xcr0,
        0,
        ticks);
  }

  private void run(EnginePair pair, FuzzCase c, int slice) {
    pair.load(c, data);
    boolean[] ended = new boolean[vcpus];
    List<Dma> due = new ArrayList<>(transfers);
    int live = vcpus;
    while (live > 0) {
      for (int n = 0; n < vcpus; n++) {
        long tick = pair.reference().cpu(n).tick();
        if (ended[n]) {
          continue;
        }
        long until = Math.min(tick + slice, c.ticks());
        for (Dma dma : due) {
          until = dma.tick > tick ? Math.min(until, dma.tick) : until;
        }
        due.removeIf(dma -> dma.tick <= tick && pair.write(dma.address, dma.bytes));
        if (remembers) {
          pair.remember();
        }
        RunExit expected = pair.reference().run(n, until - tick);
        assertThat(pair.tested().run(n, until - tick)).isEqualTo(expected);
        assertThat(pair.difference(n)).as("slices of %d", slice).isNull();
        if (expected != RunExit.BUDGET || pair.reference().cpu(n).tick() >= c.ticks()) {
          ended[n] = true;
          live--;
        }
      }
    }
    assertThat(pair.finalDifference(true)).as("slices of %d", slice).isNull();
  }
}
