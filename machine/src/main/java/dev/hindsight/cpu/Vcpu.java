package dev.hindsight.cpu;

import dev.hindsight.bus.BackDoor;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.PortBus;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.cpu.pmu.PerformanceMonitor;
import dev.hindsight.x86.CodeMode;
import java.util.ArrayList;
import java.util.List;

/**
 * One virtual CPU: its registers and what it is wired to.
 *
 * <p>This class holds state and derives from it what everybody asks (mode, privilege level, stack
 * size). It knows no instruction.
 */
public final class Vcpu {
  private final int index;
  private final CpuModel model;
  private final RegisterArea area = new RegisterArea();
  private final GeneralRegisters general = new GeneralRegisters(area);
  private final Flags flags = new Flags();
  private final SegmentRegister[] segments = new SegmentRegister[6];
  private final SegmentRegister ldtr = new SegmentRegister();
  private final SegmentRegister tr = new SegmentRegister();
  private final DescriptorTableRegister gdtr = new DescriptorTableRegister();
  private final DescriptorTableRegister idtr = new DescriptorTableRegister();
  private final ControlRegisters control = new ControlRegisters();
  private final DebugRegisters debug = new DebugRegisters();
  private final VectorRegisters vectors = new VectorRegisters(area);
  private final X87Registers x87 = new X87Registers(area);
  private final ModelSpecificRegisters msrs = new ModelSpecificRegisters();
  private final Events events = new Events(this);
  private final PerformanceMonitor pmu = new PerformanceMonitor();
  private final PhysicalMemory physical;
  private final PortBus ports;
  private final MsrBus msrBus;
  private final InterruptSource interrupts;
  private final LinearMemory memory;
  private final SegmentedMemory segmented;
  private final AddressMonitor addressMonitor;

  private long rip;
  private int cpl;
  private Activity activity = Activity.ACTIVE;
  private long tick;
  private long steps;
  private long randomCounter;
  private CpuPackage cpuPackage = new CpuPackage(1, 1_000_000_000, 0);
  private StopMonitor stopMonitor;
  private BackDoor backDoor = BackDoor.CLOSED;
  private final BackDoor.Caller caller = new CallingCpu(this);

  // derived by updateMode()
  private CodeMode codeMode = CodeMode.BITS16;
  private int stackBits = 16;
  private boolean flat;
  private int modeKey;

  // of the block being executed
  private int blockIndex;
  private int blockLimit;

  /**
   * A vCPU in the state that {@link #reset()} gives.
   *
   * @param index its number in the machine, from 0; the bootstrap processor is 0
   */
  public Vcpu(
      int index,
      CpuModel model,
      PhysicalMemory physical,
      TranslationCaches translations,
      PortBus ports,
      MsrBus msrBus,
      InterruptSource interrupts) {
    this.index = index;
    this.model = model;
    this.physical = physical;
    this.ports = ports;
    this.msrBus = msrBus;
    this.interrupts = interrupts;
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new SegmentRegister();
    }
    this.stopMonitor = new StopMonitor(physical, translations, this::steps);
    this.memory = new LinearMemory(this, physical, translations);
    this.segmented = new SegmentedMemory(this);
    this.addressMonitor = new AddressMonitor(this, physical);
    reset();
  }

  // ---- what it is made of

  /** Number in the machine, from 0. */
  public int index() {
    return index;
  }

  /** The CPUID model. */
  public CpuModel model() {
    return model;
  }

  /** General registers. */
  public GeneralRegisters general() {
    return general;
  }

  /** RFLAGS. */
  public Flags flags() {
    return flags;
  }

  /** A segment register by encoding: ES 0, CS 1, SS 2, DS 3, FS 4, GS 5. */
  public SegmentRegister segment(int n) {
    return segments[n];
  }

  /** CS. */
  public SegmentRegister cs() {
    return segments[1];
  }

  /** SS. */
  public SegmentRegister ss() {
    return segments[2];
  }

  /** LDTR. */
  public SegmentRegister ldtr() {
    return ldtr;
  }

  /** TR. */
  public SegmentRegister tr() {
    return tr;
  }

  /** GDTR. */
  public DescriptorTableRegister gdtr() {
    return gdtr;
  }

  /** IDTR. */
  public DescriptorTableRegister idtr() {
    return idtr;
  }

  /** Control registers and EFER. */
  public ControlRegisters control() {
    return control;
  }

  /** Debug registers. */
  public DebugRegisters debug() {
    return debug;
  }

  /** Vector registers and MXCSR. */
  public VectorRegisters vectors() {
    return vectors;
  }

  /** x87 and MMX registers. */
  public X87Registers x87() {
    return x87;
  }

  /** MSRs that are plain state of the CPU. */
  public ModelSpecificRegisters msrs() {
    return msrs;
  }

  /** Pins and pending events. */
  public Events events() {
    return events;
  }

  /** Performance counters. */
  public PerformanceMonitor pmu() {
    return pmu;
  }

  /** Physical memory, past translation. */
  public PhysicalMemory physical() {
    return physical;
  }

  /** Port space. */
  public PortBus ports() {
    return ports;
  }

  /** MSRs outside the CPU. */
  public MsrBus msrBus() {
    return msrBus;
  }

  /** What stands behind INTR. */
  public InterruptSource interrupts() {
    return interrupts;
  }

  /** Memory by linear address. */
  public LinearMemory memory() {
    return memory;
  }

  /** Memory by segment and offset. */
  public SegmentedMemory segmented() {
    return segmented;
  }

  /** The monitor of MONITOR and MWAIT. */
  public AddressMonitor addressMonitor() {
    return addressMonitor;
  }

  // ---- instruction pointer, privilege, time

  /** Instruction pointer. While a {@link Semantic} runs it is that of the next instruction. */
  public long rip() {
    return rip;
  }

  /** Writes the instruction pointer, unmasked. */
  public void rip(long value) {
    rip = value;
  }

  /** Current privilege level, 0 to 3. */
  public int cpl() {
    return cpl;
  }

  /** Writes the current privilege level; {@link #updateMode()} must follow. */
  public void cpl(int value) {
    pmu.changeLevel(value != 0, steps());
    cpl = value;
  }

  /** Whether it executes. */
  public Activity activity() {
    return activity;
  }

  /** Halts or wakes it. The engine looks after each instruction that can do this. */
  public void activity(Activity value) {
    activity = value;
    endBlock();
  }

  /** The tick of the current step. Exact whenever a semantic or a device asks. */
  public long tick() {
    return tick + blockIndex;
  }

  /** Sets the tick, as the board does when a halted vCPU's time jumps. */
  public void tick(long value) {
    tick = value;
  }

  /** Steps since power-on: the counter {@code instructions}. */
  public long steps() {
    return steps + blockIndex;
  }

  /** What the time-stamp counter shows at tick 0. */
  public long tscOffset() {
    return msrs.tscAdjust();
  }

  /** Number of random values drawn so far; together with the seed it gives the next one. */
  public long randomCounter() {
    return randomCounter;
  }

  /** Writes the number of random values drawn. */
  public void randomCounter(long value) {
    randomCounter = value;
  }

  /** What it shares with the machine's other vCPUs; a package of its own unless it joined one. */
  public CpuPackage cpuPackage() {
    return cpuPackage;
  }

  /** Makes it one of a package's vCPUs; to be called before it runs. */
  public void join(CpuPackage common) {
    cpuPackage = common;
  }

  /** Finds what {@link Stops} ask for; its own unless it {@linkplain #share shares} one. */
  public StopMonitor stopMonitor() {
    return stopMonitor;
  }

  /** Shares a monitor with the machine's other vCPUs; to be called before it runs. */
  public void share(StopMonitor monitor) {
    stopMonitor = monitor;
  }

  /** Where guests call the machine; nowhere unless it {@linkplain #backDoor(BackDoor) was said}. */
  public BackDoor backDoor() {
    return backDoor;
  }

  /** Says where guests call the machine; to be called before it runs. */
  public void backDoor(BackDoor door) {
    backDoor = door;
  }

  /** This vCPU as the back door sees it. */
  public BackDoor.Caller caller() {
    return caller;
  }

  /** Linear address of the instruction pointer. */
  public long linearRip() {
    return is64Bit() ? rip : (cs().base() + rip) & 0xFFFF_FFFFL;
  }

  // ---- derived

  /** How instruction bytes are read now. */
  public CodeMode codeMode() {
    return codeMode;
  }

  /** Size of the stack pointer: 16, 32 or 64 bits. */
  public int stackBits() {
    return stackBits;
  }

  /** Whether DS, ES and SS are data segments with base 0 and no limit that could be hit. */
  public boolean flat() {
    return flat;
  }

  /**
   * A number that differs where decoded code must: code size, stack size, {@link #flat}, and {@link
   * #isRealOrVirtual8086}.
   */
  public int modeKey() {
    return modeKey;
  }

  /** CR0.PE. */
  public boolean isProtected() {
    return control.cr0Has(ControlRegisters.CR0_PE);
  }

  /** CR0.PE clear, or EFLAGS.VM set: segments are selector * 16. */
  public boolean isRealOrVirtual8086() {
    return !isProtected() || flags.is(Flags.VM);
  }

  /** Virtual-8086 mode. */
  public boolean isVirtual8086() {
    return flags.is(Flags.VM);
  }

  /** EFER.LMA: IA-32e mode, 64-bit or compatibility. */
  public boolean isLongMode() {
    return control.eferHas(ControlRegisters.EFER_LMA);
  }

  /** 64-bit mode: EFER.LMA and CS.L. */
  public boolean is64Bit() {
    return codeMode == CodeMode.BITS64;
  }

  /**
   * Derives mode, stack size and access rights anew. Must follow any change of CR0, CR3, CR4, EFER,
   * PKRU, CPL, CS, SS, DS, ES, EFLAGS.VM or EFLAGS.AC. The engine goes on to a new block.
   */
  public void updateMode() {
    boolean lma = isLongMode();
    SegmentRegister cs = cs();
    codeMode =
        lma && cs.isLong() ? CodeMode.BITS64 : cs.isBig() ? CodeMode.BITS32 : CodeMode.BITS16;
    stackBits = codeMode == CodeMode.BITS64 ? 64 : ss().isBig() ? 32 : 16;
    flat =
        codeMode == CodeMode.BITS64
            || (isFlat(segments[0]) && isFlat(segments[2]) && isFlat(segments[3]));
    modeKey =
        codeMode.ordinal()
            | (stackBits >>> 5) << 2
            | (flat ? 16 : 0)
            | (isRealOrVirtual8086() ? 32 : 0);
    memory.updateContext();
    endBlock();
  }

  private static boolean isFlat(SegmentRegister s) {
    return s.base() == 0
        && s.limit() == 0xFFFF_FFFFL
        && (s.access() & (SegmentRegister.PRESENT | SegmentRegister.S | 0xE)) == 0x92;
  }

  /** The state after RESET# (SDM volume 3, section 10.1.1). Ticks and steps stay. */
  public void reset() {
    control.reset();
    vectors.reset();
    x87.reset();
    msrs.reset();
    pmu.reset(steps());
    randomCounter = 0;
    events.clearLatched();
    init();
    activity = Activity.ACTIVE;
  }

  /**
   * The state after INIT: that after RESET#, but CR0.CD and NW, the x87 and vector registers, the
   * performance counters and most MSRs stay. An application processor then waits for a start-up
   * IPI.
   */
  public void init() {
    for (int i = 0; i < 16; i++) {
      general.set64(i, 0);
    }
    general.set64(GeneralRegisters.RDX, model.signature());
    flags.set(0);
    for (SegmentRegister s : segments) {
      s.set(0, 0, 0xFFFF, 0x93, 0);
    }
    cs().set(0xF000, 0xFFFF_0000L, 0xFFFF, 0x9B, 0);
    ldtr.set(0, 0, 0xFFFF, 0x82, 0);
    tr.set(0, 0, 0xFFFF, 0x8B, 0);
    gdtr.set(0, 0xFFFF);
    idtr.set(0, 0xFFFF);
    control.init();
    debug.reset();
    events.reset();
    addressMonitor.disarm();
    rip = 0xFFF0;
    cpl(0);
    activity = index == 0 ? Activity.ACTIVE : Activity.WAIT_FOR_SIPI;
    updateMode();
  }

  /** Begins to execute at {@code vector * 0x1000} in real mode, as a start-up IPI says. */
  public void startUp(int vector) {
    cs().set(vector << 8, (long) vector << 12, 0xFFFF, 0x9B, 0);
    rip = 0;
    activity(Activity.ACTIVE);
    updateMode();
  }

  // ---- saved state

  /** The whole state, between two instructions. */
  public VcpuState save() {
    long[] gprs = new long[16];
    for (int i = 0; i < 16; i++) {
      gprs[i] = general.get64(i);
    }
    List<VcpuState.Segment> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(VcpuState.Segment.of(segments[i]));
    }
    all.add(VcpuState.Segment.of(ldtr));
    all.add(VcpuState.Segment.of(tr));
    return new VcpuState(
        gprs,
        rip,
        flags.get(),
        cpl,
        all,
        VcpuState.Table.of(gdtr),
        VcpuState.Table.of(idtr),
        control.save(),
        debug.save(),
        vectors.save(),
        vectors.mxcsr(),
        x87.save(),
        msrs.save(),
        pmu.save(steps()),
        events.save(),
        activity,
        tick,
        steps,
        randomCounter,
        addressMonitor.save());
  }

  /** Becomes what {@link #save} had returned. */
  public void load(VcpuState state) {
    for (int i = 0; i < 16; i++) {
      general.set64(i, state.general()[i]);
    }
    rip = state.rip();
    flags.set(state.flags());
    cpl = state.cpl();
    for (int i = 0; i < 6; i++) {
      state.segments().get(i).into(segments[i]);
    }
    state.segments().get(6).into(ldtr);
    state.segments().get(7).into(tr);
    gdtr.set(state.gdtr().base(), state.gdtr().limit());
    idtr.set(state.idtr().base(), state.idtr().limit());
    control.load(state.control());
    debug.load(state.debug());
    vectors.load(state.vectors());
    vectors.mxcsr(state.mxcsr());
    x87.load(state.x87());
    msrs.load(state.msrs());
    events.load(state.events());
    activity = state.activity();
    tick = state.tick();
    steps = state.steps();
    randomCounter = state.randomCounter();
    addressMonitor.load(state.monitoredLine());
    blockIndex = 0;
    pmu.load(state.pmu(), cpl != 0, steps);
    updateMode();
  }

  // ---- the engine's side

  /**
   * Begins a block.
   *
   * @param limit number of its steps that may be executed, at least 1
   */
  public void beginBlock(int limit) {
    general.set64(GeneralRegisters.BLOCK_RIP, rip);
    blockLimit = limit;
  }

  /** Instruction pointer at which the current block began. */
  public long blockRip() {
    return general.get64(GeneralRegisters.BLOCK_RIP);
  }

  /** Number of steps of the current block that are done. */
  public int blockIndex() {
    return blockIndex;
  }

  /** Says how many steps of the current block are done. */
  public void blockIndex(int steps) {
    blockIndex = steps;
  }

  /** Number of steps after which the current block must be left. */
  public int blockLimit() {
    return blockLimit;
  }

  /** Ends the current block: counts its steps. */
  public void retire(int count) {
    tick += count;
    steps += count;
    blockIndex = 0;
    if (steps >= pmu.deadline()) {
      pmu.reachDeadline(steps);
    }
  }

  /** Ends the current block as {@link #retire} does; its last step was a branch, to be counted. */
  public void retireBranch(int count) {
    tick += count;
    steps += count;
    blockIndex = 0;
    pmu.branch(steps);
  }

  /** Most steps that may be executed before the next overflow of a performance counter. */
  public long stepsToOverflow() {
    return pmu.deadline() - steps;
  }

  /** Has the engine leave the current block after the current instruction. */
  public void endBlock() {
    blockLimit = 0;
  }

  /** Has {@link Engine#run} return after the current instruction: the board must act. */
  public void endRun() {
    events.attention();
  }
}
