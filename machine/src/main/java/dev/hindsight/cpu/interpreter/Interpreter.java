package dev.hindsight.cpu.interpreter;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.CodeStops;
import dev.hindsight.cpu.DebugRegisters;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.Events;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.StopBefore;
import dev.hindsight.cpu.StopMonitor;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.code.CodeCache;
import dev.hindsight.cpu.code.RewrittenCode;
import dev.hindsight.cpu.protection.InterruptDelivery;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoder;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The reference engine: runs decoded blocks, one operation after another. One serves all vCPUs of a
 * machine, which share its blocks.
 */
public final class Interpreter implements Engine {
  private static final int DEBUG_ENABLES = 0xFF;
  private static final LongPredicate ANY = physical -> true;

  private final RewrittenCode rewritten = new RewrittenCode();
  private final CodeCache<Block> cache;
  private final BlockBuilder builder;
  private final CarefulStep careful;
  private final BlockRunner runner;
  private @Nullable Vcpu running;

  // of the stops: whether there are any, and whether each step must be told from the next
  private boolean watching;
  private boolean precise;

  /**
   * An interpreter for one machine.
   *
   * @param memory the machine's memory, from which code is decoded
   * @param decoder a decoder for the CPU model
   * @param semantics what the instructions mean
   */
  public Interpreter(PhysicalMemory memory, Decoder decoder, SemanticTable semantics) {
    this(memory, decoder, semantics, true);
  }

  /**
   * An interpreter for one machine, with or without fast operations.
   *
   * @param fast whether frequent forms have operations of their own. Without them all instructions
   *     are executed by their semantics: the same, but slower, for comparisons
   */
  public Interpreter(
      PhysicalMemory memory, Decoder decoder, SemanticTable semantics, boolean fast) {
    this(memory, decoder, semantics, fast, null);
  }

  /**
   * An interpreter that leaves to somebody else what can be done block by block: as long as there
   * are no stops, and nothing between two instructions needs care.
   *
   * @param runner who runs blocks; null for the interpreter itself
   */
  public Interpreter(
      PhysicalMemory memory,
      Decoder decoder,
      SemanticTable semantics,
      boolean fast,
      @Nullable BlockRunner runner) {
    this.runner = runner == null ? this::runBlocks : runner;
    this.cache = new CodeCache<>(memory, this::endCurrentBlock, rewritten);
    this.builder = new BlockBuilder(memory, decoder, semantics, fast);
    this.careful = new CarefulStep(this);
  }

  private void endCurrentBlock() {
    if (running != null) {
      running.endBlock();
    }
  }

  @Override
  public RunExit run(Vcpu cpu, long budget, Stops stops) {
    StopMonitor monitor = cpu.stopMonitor();
    monitor.arm(stops);
    watching = !monitor.isIdle();
    precise = monitor.watchesAccesses();
    long start = cpu.steps();
    running = cpu;
    monitor.enter(cpu);
    try {
      return loop(cpu, cpu.tick() + budget, monitor);
    } finally {
      running = null;
      monitor.leave(cpu.steps() != start);
    }
  }

  private RunExit loop(Vcpu cpu, long end, StopMonitor monitor) {
    Events events = cpu.events();
    boolean watchesCode = !monitor.code().isEmpty();
    long start = monitor.isFresh() ? cpu.steps() : -1;
    while (true) {
      if (watching) {
        monitor.compareState(cpu);
        if (monitor.isPending() && monitor.confirm(cpu)) {
          return stop(cpu);
        }
      }
      if (events.takeAttention()) {
        return RunExit.ATTENTION;
      }
      long left = end - cpu.tick();
      if (left <= 0) {
        return RunExit.BUDGET;
      }
      boolean trap = cpu.debug().pending() != 0;
      if (watching) {
        monitor.at(cpu.linearRip());
      }
      if ((events.any() || trap) && takeEvent(cpu)) {
        continue;
      }
      if (cpu.activity() != Activity.ACTIVE) {
        return cpu.activity() == Activity.SHUTDOWN ? RunExit.TRIPLE_FAULT : RunExit.HALTED;
      }
      boolean first = cpu.steps() == start;
      if (needsCare(cpu)) {
        if (watchesCode && !first && reachesStop(cpu, monitor)) {
          return stop(cpu);
        }
        careful.step(cpu);
      } else if (watchesCode) {
        if (runToStop(cpu, end, first)) {
          return stop(cpu);
        }
      } else {
        runner.run(cpu, end);
      }
    }
  }

  /** Whether the next instruction is one to stop before. */
  private static boolean reachesStop(Vcpu cpu, StopMonitor monitor) {
    long linear = cpu.linearRip();
    return monitor.code().at(linear, physical(cpu, linear)) && monitor.reach(cpu, linear);
  }

  /** Physical address of an instruction, or -1 if it cannot be fetched. */
  private static long physical(Vcpu cpu, long linear) {
    try {
      return cpu.memory().lookFetch(linear);
    } catch (GuestFault f) {
      return -1;
    }
  }

  /** Who stops gives the board its turn anyway. */
  private static RunExit stop(Vcpu cpu) {
    boolean _ = cpu.events().takeAttention();
    return RunExit.STOP;
  }

  /** Whether something between this instruction and the next needs care. */
  public static boolean needsCare(Vcpu cpu) {
    return cpu.flags().is(Flags.TF | Flags.RF)
        || cpu.events().interruptShadow()
        || (cpu.debug().dr7() & DEBUG_ENABLES) != 0;
  }

  // ---- events between instructions

  /** Takes the event of the highest priority that can be taken now; it is a step. */
  private static boolean takeEvent(Vcpu cpu) {
    Events events = cpu.events();
    if (events.takeInit()) {
      cpu.init();
      return false;
    }
    if (events.takeStartup()) {
      if (cpu.activity() == Activity.WAIT_FOR_SIPI) {
        cpu.startUp(events.startupVector());
      }
      return false;
    }
    if (cpu.activity() == Activity.WAIT_FOR_SIPI || cpu.activity() == Activity.SHUTDOWN) {
      return false;
    }
    DebugRegisters debug = cpu.debug();
    if (debug.pending() != 0 && !events.movSsShadow()) {
      debug.dr6(debug.dr6() | debug.pending());
      debug.pending(0);
      cpu.activity(Activity.ACTIVE);
      InterruptDelivery.debugTrap(cpu);
      cpu.retire(1);
      return true;
    }
    if (!events.movSsShadow() && events.takeNmi()) {
      cpu.activity(Activity.ACTIVE);
      InterruptDelivery.nonMaskable(cpu);
      cpu.retire(1);
      return true;
    }
    if (events.intr() && cpu.flags().is(Flags.IF) && !events.interruptShadow()) {
      cpu.activity(Activity.ACTIVE);
      InterruptDelivery.external(cpu, cpu.interrupts().acknowledge());
      cpu.retire(1);
      return true;
    }
    return false;
  }

  // ---- blocks

  /**
   * Runs blocks one after another, for as long as nothing but the next instruction can come next.
   * Whatever could (an event, another mode, a write to code or to paging structures) has ended the
   * block, or makes the next instruction need care.
   *
   * @param end tick up to which they may run
   */
  public void runBlocks(Vcpu cpu, long end) {
    runBlocks(cpu, end, ANY);
  }

  /**
   * The same, but only for as long as somebody wants it.
   *
   * @param wanted is asked for the physical address of each block but the first
   */
  public void runBlocks(Vcpu cpu, long end, LongPredicate wanted) {
    Block block;
    try {
      block = fetch(cpu);
    } catch (GuestFault f) {
      deliver(cpu, f);
      return;
    }
    boolean alone = cpu.events().any();
    while (true) {
      long start = cpu.linearRip();
      long left = Math.min(end - cpu.tick(), cpu.stepsToOverflow());
      if (execute(cpu, block, (int) Math.min(left, Integer.MAX_VALUE)) != null
          || alone
          || cpu.blockLimit() == 0
          || end - cpu.tick() <= 0
          || needsCare(cpu)) {
        return;
      }
      Block next = successor(cpu, block, start);
      if (next == null || wanted != ANY && !wanted.test(next.physical())) {
        return;
      }
      block = next;
    }
  }

  /**
   * Runs blocks as {@link #runBlocks} does, but not past an instruction to stop before.
   *
   * @param first whether it is not to stop before the very next one
   * @return whether it stopped
   */
  private boolean runToStop(Vcpu cpu, long end, boolean first) {
    StopMonitor monitor = cpu.stopMonitor();
    boolean exempt = first;
    boolean alone = cpu.events().any();
    @Nullable Block block = null;
    while (true) {
      if (block == null) {
        try {
          block = fetch(cpu);
        } catch (GuestFault f) {
          if (!exempt && reachesStop(cpu, monitor)) {
            return true;
          }
          monitor.at(cpu.linearRip());
          deliver(cpu, f);
          return false;
        }
      }
      long start = cpu.linearRip();
      long left = Math.min(end - cpu.tick(), cpu.stepsToOverflow());
      if (monitor.code().mayLieIn(start, block.physical(), block.length())) {
        int before = stepsBeforeStop(monitor.code(), block, start, exempt);
        if (before == 0) {
          if (monitor.reach(cpu, start)) {
            return true;
          }
          exempt = true;
          continue;
        }
        left = Math.min(left, before);
      }
      exempt = false;
      if (execute(cpu, block, (int) Math.min(left, Integer.MAX_VALUE)) != null
          || alone
          || cpu.blockLimit() == 0
          || end - cpu.tick() <= 0
          || needsCare(cpu)) {
        return false;
      }
      block = successor(cpu, block, start);
    }
  }

  /** How many steps of a block come before the first instruction in it to stop before. */
  private static int stepsBeforeStop(CodeStops stops, Block block, long start, boolean exempt) {
    if (block.repeats()) {
      return stops.at(start, block.physical()) ? exempt ? 1 : 0 : Integer.MAX_VALUE;
    }
    Operation[] operations = block.operations();
    int offset = 0;
    for (int i = 0; i < operations.length; i++) {
      if ((i > 0 || !exempt) && stops.at(start + offset, block.physical() + offset)) {
        return i;
      }
      offset = operations[i].end();
    }
    return Integer.MAX_VALUE;
  }

  /**
   * The block at the instruction pointer, if it is there already.
   *
   * @param block the block that was executed last; no translation has changed since it was fetched
   * @param start linear address at which it began
   * @return a block of the same mode within one page, or null if it must be fetched
   */
  private @Nullable Block successor(Vcpu cpu, Block block, long start) {
    long linear = cpu.linearRip();
    long physical =
        ((linear ^ start) & -PhysicalMemory.PAGE_SIZE) == 0
            ? block.physical() + (linear - start)
            : cpu.memory().knownFetch(linear);
    Block next = block.successorAt(physical);
    if (next == null) {
      next = cache.find(physical, block.mode());
      if (next == null || next.secondPage() != Block.NO_PAGE) {
        return null;
      }
      block.addSuccessor(next);
    }
    boolean inSegment = cpu.is64Bit() || cpu.rip() + next.length() - 1 <= cpu.cs().limit();
    return inSegment ? next : null;
  }

  /**
   * Executes at most {@code limit} steps of a block that begins at the instruction pointer.
   *
   * @return the fault that ended it and was delivered, the {@link StopBefore} that ended it before
   *     a step, or null
   */
  @Nullable RuntimeException execute(Vcpu cpu, Block block, int limit) {
    Operation[] all = block.operations();
    int n = block.repeats() ? limit : Math.min(limit, all.length);
    Operation[] operations = n == all.length && !precise ? block.fused() : all;
    long start = watching ? cpu.linearRip() : 0;
    cpu.beginBlock(n);
    int i = 0;
    try {
      do {
        cpu.blockIndex(i);
        operations[i].execute(cpu);
      } while (++i < cpu.blockLimit() && i < operations.length);
    } catch (GuestFault f) {
      if (watching) {
        cpu.stopMonitor().at(start + (block.repeats() ? 0 : begin(all, cpu.blockIndex())));
      }
      fault(cpu, block, f);
      return f;
    } catch (StopBefore s) {
      takeBack(cpu, block);
      return s;
    }
    if (watching) {
      cpu.stopMonitor().at(start + begin(operations, i - 1));
    }
    Operation last = operations[i - 1];
    if (!last.setsRip()) {
      cpu.rip(instructionPointer(cpu, last.end()));
    }
    int done = cpu.blockIndex() + 1;
    if (cpu.pmu().countsBranches() && block.endsInBranch() && i == operations.length) {
      cpu.retireBranch(done);
    } else {
      cpu.retire(done);
    }
    return null;
  }

  /** Where an operation begins, in bytes from the beginning of its block. */
  private static int begin(Operation[] operations, int i) {
    return i == 0 ? 0 : operations[i - 1].end();
  }

  private static void fault(Vcpu cpu, Block block, GuestFault f) {
    Operation[] operations = block.operations();
    int i = block.repeats() ? 0 : cpu.blockIndex();
    takeBack(cpu, block);
    boolean stack = f.isNonCanonicalAddress() && operations[i].usesStackSegment();
    deliver(cpu, stack ? GuestFault.of(Vector.SS, 0) : f);
  }

  /** Comes to the instant before the operation that is being executed. */
  private static void takeBack(Vcpu cpu, Block block) {
    int i = block.repeats() ? 0 : cpu.blockIndex();
    cpu.rip(i == 0 ? cpu.blockRip() : instructionPointer(cpu, block.operations()[i - 1].end()));
    cpu.retire(cpu.blockIndex());
  }

  // ---- for other engines

  /** How often bytes were written of which there were blocks. */
  public RewrittenCode rewritten() {
    return rewritten;
  }

  /**
   * Prepares the instruction at the instruction pointer for being executed often.
   *
   * @param linear its linear address
   * @param physical its physical address
   * @throws GuestFault if it reaches into a page that cannot be fetched
   */
  public SingleInstruction prepare(Vcpu cpu, long linear, long physical) {
    return new SingleInstruction(builder.single(cpu, linear, physical));
  }

  /**
   * Executes a prepared instruction, which is the one at the instruction pointer.
   *
   * @param limit most steps, at least 1: a repeated string instruction makes many
   * @return whether it was executed; else its fault was delivered, or it is yet to come as somebody
   *     wants to look first
   */
  public boolean execute(Vcpu cpu, SingleInstruction instruction, long limit) {
    return execute(cpu, instruction.block(), (int) Math.min(limit, Integer.MAX_VALUE)) == null;
  }

  /** Delivers a fault of the instruction at the instruction pointer; it is a step. */
  public static void deliver(Vcpu cpu, GuestFault f) {
    InterruptDelivery.fault(cpu, f);
    cpu.retire(1);
  }

  private static long instructionPointer(Vcpu cpu, int end) {
    long rip = cpu.blockRip() + end;
    return cpu.codeMode() == CodeMode.BITS64 ? rip : rip & 0xFFFF_FFFFL;
  }

  /**
   * The block at the instruction pointer.
   *
   * @throws GuestFault if its first instruction cannot be fetched
   */
  Block fetch(Vcpu cpu) {
    LinearMemory memory = cpu.memory();
    boolean is64Bit = cpu.is64Bit();
    long linear = cpu.linearRip();
    if (!is64Bit && cpu.rip() > cpu.cs().limit()) {
      throw GuestFault.generalProtection(0);
    }
    long physical = memory.translateFetch(linear);
    Block block = cache.find(physical, cpu.modeKey());
    if (block == null || !secondPageFits(cpu, block, linear)) {
      block = build(cpu, block, linear, physical);
    }
    if (!is64Bit && cpu.rip() + block.length() - 1 > cpu.cs().limit()) {
      return builder.withinLimit(cpu, linear, physical);
    }
    return block;
  }

  private static boolean secondPageFits(Vcpu cpu, Block block, long linear) {
    if (block.secondPage() == Block.NO_PAGE) {
      return true;
    }
    long second = cpu.memory().next(linear, block.lengthInFirstPage());
    return cpu.memory().translateFetch(second) == block.secondPage();
  }

  private Block build(Vcpu cpu, @Nullable Block outdated, long linear, long physical) {
    if (outdated != null) {
      cache.remove(outdated);
    }
    Block block = builder.build(cpu, linear, physical);
    if (block.isCacheable()) {
      cache.add(block);
    }
    return block;
  }
}
