package dev.hindsight.translator;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.EngineCounts;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.code.CodeCache;
import dev.hindsight.cpu.code.RewrittenCode;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.cpu.interpreter.SingleInstruction;
import dev.hindsight.cpu.paging.Access;
import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoder;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine that runs translated code. What it does not translate it leaves to an interpreter,
 * whose loop it is part of: events, stops, and what happens between two instructions are that one's
 * business.
 */
public final class Translator implements Engine {
  private static final MethodHandle ENTER =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  static final long CODE_BYTES = 256L << 20;

  /** After so many blocks what was rewritten is forgotten: pages hold other things in time. */
  private static final int MOST_REMEMBERED = 1 << 15;

  /** A block and what lies behind it is shorter than this. */
  static final long ROOM_FOR_A_BLOCK = 1L << 20;

  private static final int MOST_BLOCKS = 1 << 18;
  private static final int MOST_TABLES = 1 << 13;
  private static final int MOST_TRIES = 2;
  private static final long PAGE = -PhysicalMemory.PAGE_SIZE;

  // in place of where emitted code is entered again: it is not
  private static final long GO_ON = 1;
  private static final long DONE = 2;

  private final PhysicalMemory physical;
  private final Interpreter interpreter;
  private final CodeMemory memory;
  private final Exits exits = new Exits();
  private final MemorySegment entry;
  private final long firstBlock;
  private final long codeBase;
  private final BlockTranslator translator;
  private final CodeCache<TranslatedBlock> cache;
  private final RewrittenCode rewritten;
  private final Patience patience;
  private final EntryTables tables = new EntryTables();
  private final Counters counters = new Counters();
  private final ExitEvent exitEvents = new ExitEvent();
  private @Nullable TranslatedBlock[] blocks = new TranslatedBlock[1 << 12];
  private int blockCount;
  private int sinceForgetting;
  private final List<EngineArea> areas = new ArrayList<>();
  private @Nullable Vcpu running;
  private boolean closed;

  // of the present run; events happen between instructions, where emitted code does not look
  private boolean watching;

  /** Whether what was looked for last was not found since it has not been worth the while. */
  private boolean young;

  private boolean watchesEvents;
  private long end;

  // of the present stay in emitted code: steps that it may charge, steps that it charged and that
  // have not been retired, and what is in the host's vector registers
  private long budget;
  private long charged;
  private int loaded;
  private int lastInfo;
  private long lastLeft;
  private int tries;
  private @Nullable Link followed;

  /**
   * The block that was left last, or looked up: what comes next is likely what came the last time.
   */
  private @Nullable TranslatedBlock previous;

  private long followedTo;

  /**
   * A translator for one machine.
   *
   * @param memory the machine's memory
   * @param decoder a decoder for the CPU model
   * @param semantics what the instructions mean
   * @throws HostRefusal if this host cannot run translated code
   */
  public Translator(PhysicalMemory memory, Decoder decoder, SemanticTable semantics)
      throws HostRefusal {
    this(memory, decoder, semantics, TranslationListener.NONE);
  }

  /**
   * The same, and somebody hears of what it translates.
   *
   * @param listener who hears of it
   * @throws HostRefusal if this host cannot run translated code
   */
  public Translator(
      PhysicalMemory memory, Decoder decoder, SemanticTable semantics, TranslationListener listener)
      throws HostRefusal {
    this(memory, decoder, semantics, listener, Host.present(), Patience.USUAL, CODE_BYTES);
  }

  /**
   * The same for a host of which not everything is used.
   *
   * @param patience with code that is rewritten
   * @param codeBytes bytes of memory for code, a multiple of 4096
   */
  Translator(
      PhysicalMemory memory,
      Decoder decoder,
      SemanticTable semantics,
      TranslationListener listener,
      Host host,
      Patience patience,
      long codeBytes)
      throws HostRefusal {
    this.physical = memory;
    this.memory = new CodeMemory(codeBytes);
    exits.emit(this.memory, new HostEmitter());
    entry = MemorySegment.ofAddress(exits.entry());
    codeBase = exits.entry();
    firstBlock = this.memory.used();
    interpreter = new Interpreter(memory, decoder, semantics, true, this::runBlocks);
    this.patience = patience;
    rewritten = interpreter.rewritten();
    cache = new CodeCache<>(memory, this::endCurrentBlock, rewritten);
    translator =
        new BlockTranslator(
            memory, decoder, host, this.memory, exits, listener, rewritten, patience.rewrites());
  }

  private void endCurrentBlock() {
    if (running != null) {
      running.endBlock();
    }
  }

  @Override
  public RunExit run(Vcpu cpu, long budget, Stops stops) {
    if (closed) {
      throw new IllegalStateException("the translator has been closed");
    }
    watching = !stops.isEmpty();
    watchesEvents = !stops.allowTranslation();
    long before = cpu.steps();
    try {
      return interpreter.run(cpu, budget, stops);
    } finally {
      counters.executed(cpu.steps() - before);
    }
  }

  @Override
  public void close() {
    closed = true;
    memory.close();
  }

  @Override
  public EngineCounts counts() {
    return counters.report();
  }

  /** What it has done so far. */
  public Counters counters() {
    return counters;
  }

  // ---- blocks

  private void runBlocks(Vcpu cpu, long until) {
    if (watchesEvents || !isTranslatable(cpu)) {
      interpreter.runBlocks(cpu, until);
      return;
    }
    running = cpu;
    end = until;
    try {
      runTranslated(cpu);
    } finally {
      running = null;
    }
  }

  /** Whether code of the present mode is translated. */
  private static boolean isTranslatable(Vcpu cpu) {
    if (cpu.pmu().countsBranches() || cpu.memory().isWatching()) {
      return false;
    }
    return cpu.is64Bit()
        || cpu.codeMode() == CodeMode.BITS32
            && cpu.flat()
            && cpu.stackBits() == 32
            && !cpu.isRealOrVirtual8086()
            && cpu.cs().base() == 0
            && cpu.cs().limit() == 0xFFFF_FFFFL;
  }

  private void runTranslated(Vcpu cpu) {
    EngineArea area = area(cpu);
    area.put(EngineArea.CODE_BASE, codeBase);
    followed = null;
    while (allowance(cpu) > 0) {
      TranslatedBlock block;
      try {
        block = find(cpu);
      } catch (GuestFault f) {
        Interpreter.deliver(cpu, f);
        return;
      }
      if (block == null) {
        if (young) {
          interpreter.runBlocks(cpu, end, this::isYoung);
        } else {
          interpreter.runBlocks(cpu, end);
        }
        return;
      }
      follow(cpu, block);
      if (!block.isTranslated()) {
        if (!interpret(cpu, block, 0)) {
          return;
        }
      } else if (allowance(cpu) < block.steps()) {
        interpreter.runBlocks(cpu, end);
        return;
      } else if (!enter(cpu, area, block)) {
        return;
      }
    }
  }

  /** The link over which one came here leads here from now on. */
  private void follow(Vcpu cpu, TranslatedBlock block) {
    Link link = followed;
    followed = null;
    if (link != null && cpu.rip() == followedTo && block.isTranslated()) {
      link.to(block);
    }
  }

  private EngineArea area(Vcpu cpu) {
    while (areas.size() <= cpu.index()) {
      areas.add(null);
    }
    EngineArea known = areas.get(cpu.index());
    if (known == null || !known.belongsTo(cpu.general().area())) {
      known = new EngineArea(cpu.general().area());
      areas.set(cpu.index(), known);
    }
    return known;
  }

  /** Steps that may be executed at once. */
  private long allowance(Vcpu cpu) {
    return Math.min(end - cpu.tick(), cpu.stepsToOverflow());
  }

  /**
   * The block at the instruction pointer.
   *
   * @return the block, or null if its code is not in memory whose changes are reported
   * @throws GuestFault if it cannot be fetched
   */
  private @Nullable TranslatedBlock find(Vcpu cpu) {
    Tlb tlb = cpu.memory().tlb();
    tlb.codeMode(cpu.modeKey());
    long linear = cpu.linearRip();
    long address = cpu.memory().translateFetch(linear);
    TranslatedBlock before = previous;
    TranslatedBlock block = before == null ? null : before.next();
    if (block == null || block.physical() != address || block.mode() != cpu.modeKey()) {
      block = block(cpu, linear, address);
      if (block == null) {
        return null;
      }
      if (before != null) {
        before.next(block);
      }
    }
    int slot = Tlb.slot(linear);
    if (tlb.executeTag(slot) == (linear & PAGE)) {
      tlb.code(slot, block.table());
    }
    previous = block;
    return block;
  }

  private @Nullable TranslatedBlock block(Vcpu cpu, long linear, long address) {
    TranslatedBlock block = cache.find(address, cpu.modeKey());
    if (block != null && !block.isTranslated() && BlockTranslator.reachesNextPage(address)) {
      // by now the page that its instruction reaches into may be known
      cache.remove(block);
      block = null;
    }
    young = block == null && rewritten.isYoung(address, patience.executions());
    if (block == null && !young && physical.readPage(address >>> PhysicalMemory.PAGE_SHIFT) != 0) {
      block = translate(cpu, linear, address);
    }
    return block;
  }

  /** Whether a block of the running vCPU's mode is not translated, and not worth the while yet. */
  private boolean isYoung(long address) {
    return rewritten.isKnownYoung(address, patience.executions())
        || cache.find(address, Objects.requireNonNull(running).modeKey()) == null
            && rewritten.isYoung(address, patience.executions());
  }

  private TranslatedBlock translate(Vcpu cpu, long linear, long address) {
    if (memory.left() < ROOM_FOR_A_BLOCK
        || blockCount == MOST_BLOCKS
        || tables.size() >= MOST_TABLES) {
      flush(cpu);
    }
    TranslationEvent event = new TranslationEvent();
    event.begin();
    int mode = cpu.modeKey();
    if (++sinceForgetting == MOST_REMEMBERED) {
      sinceForgetting = 0;
      rewritten.clear();
    }
    int number = blockCount++;
    long before = memory.next();
    TranslatedBlock block =
        translator.translate(cpu, linear, address, number, () -> tables.put(address, mode, 0));
    if (number == blocks.length) {
      blocks = Arrays.copyOf(blocks, blocks.length * 2);
    }
    blocks[number] = block;
    cache.add(block);
    block.table(tables.table(address, mode));
    if (block.isTranslated()) {
      tables.put(address, mode, (int) (block.entry() - codeBase));
    }
    counters.blockTranslated(block.steps());
    if (event.shouldCommit()) {
      event.linear = linear;
      event.physical = address;
      event.instructions = block.isTranslated() ? block.steps() : 0;
      event.bytes = (int) (memory.next() - before);
      event.commit();
    }
    return block;
  }

  /** Begins anew with nothing translated. */
  private void flush(Vcpu cpu) {
    FlushEvent event = new FlushEvent();
    if (event.shouldCommit()) {
      event.blocks = blockCount;
      event.bytes = memory.used();
      event.commit();
    }
    cache.allAccessRevoked();
    memory.rewind(firstBlock);
    tables.clear();
    cpu.memory().forgetCode();
    Arrays.fill(blocks, null);
    blockCount = 0;
    followed = null;
    previous = null;
    counters.flushed();
  }

  // ---- emitted code

  /**
   * Enters a block, and what follows it, until the state of the vCPU is needed where it belongs.
   *
   * @return whether the next block can be looked up at once
   */
  private boolean enter(Vcpu cpu, EngineArea area, TranslatedBlock first) {
    charged = 0;
    budget = allowance(cpu);
    loaded = Units.NONE;
    area.put(EngineArea.PAGE_BASE, cpu.linearRip() & PAGE);
    area.put(EngineArea.FLAGS, FlagTracker.pack(cpu.flags().arithmetic()));
    SystemState.enter(cpu, area, budget, charged);
    long target = first.entry();
    do {
      call(area, target);
      int info = area.getInt(EngineArea.EXIT_INFO);
      TranslatedBlock block = blocks[info / BlockWriter.MOST_STEPS];
      int step = info % BlockWriter.MOST_STEPS;
      previous = block;
      ExitKind kind = ExitKind.of(area.getInt(EngineArea.EXIT_KIND));
      counters.left(kind);
      if (exitEvents.isEnabled()) {
        tell(area, kind, block, step);
      }
      target =
          switch (kind) {
            case BUDGET -> budgetUsedUp(cpu, area, block);
            case UNITS -> loadUnits(cpu, area, block);
            case LINK -> link(cpu, area, block, block.link(step));
            case CROSS_PAGE -> crossPage(cpu, area, block, block.link(step));
            case MEMORY -> access(cpu, area, block, step, info);
            case INTERPRET -> interpretWithin(cpu, area, block, step);
          };
    } while (target > DONE);
    return target == GO_ON;
  }

  private void call(EngineArea area, long target) {
    area.put(EngineArea.BUDGET, budget);
    area.put(EngineArea.STACK_LIMIT, 0L);
    area.put(EngineArea.LOADED, loaded);
    try {
      ENTER.invokeExact(entry, area.pointer(), target);
    } catch (Throwable t) {
      throw new IllegalStateException("emitted code cannot be called", t);
    }
    long left = area.getLong(EngineArea.BUDGET);
    charged += budget - left;
    budget = left;
  }

  private long budgetUsedUp(Vcpu cpu, EngineArea area, TranslatedBlock block) {
    leave(cpu, area, block, 0, charged - block.steps());
    if (allowance(cpu) > 0) {
      interpreter.runBlocks(cpu, end);
    }
    return DONE;
  }

  private long loadUnits(Vcpu cpu, EngineArea area, TranslatedBlock block) {
    int steps = block.steps();
    int ready = Units.ready(cpu);
    if ((block.needs() & ~ready) != 0) {
      leave(cpu, area, block, 0, charged - steps);
      if (!Interpreter.needsCare(cpu)) {
        // it faults at its first instruction, or has unmasked exceptions all the time
        interpreter.runBlocks(cpu, Math.min(end, cpu.tick() + steps));
      }
      return DONE;
    }
    load(cpu, area, block.needs() & ~loaded, ready);
    charged -= steps;
    budget += steps;
    return block.entry();
  }

  private long link(Vcpu cpu, EngineArea area, TranslatedBlock block, Link link) {
    long address = (block.physical() & PAGE) + link.target();
    long linear = area.getLong(EngineArea.PAGE_BASE) + link.target();
    TranslatedBlock next = cache.find(address, block.mode());
    boolean flushed = false;
    if (next == null && rewritten.times(address, 1) == 0) {
      int before = counters.flushes();
      next = translate(cpu, linear, address);
      flushed = counters.flushes() != before;
    }
    if (flushed || next == null || !next.isTranslated()) {
      leaveTo(cpu, area, link.target(), charged);
      return GO_ON;
    }
    link.to(next);
    return next.entry();
  }

  private long crossPage(Vcpu cpu, EngineArea area, TranslatedBlock block, Link link) {
    long to = area.getLong(EngineArea.PAGE_BASE) + link.target();
    followedTo = cpu.is64Bit() ? to : to & 0xFFFF_FFFFL;
    boolean goOn = true;
    if (link.isAfterTransfer()) {
      leaveTo(cpu, area, link.target(), charged);
    } else {
      int last = block.steps() - 1;
      leave(cpu, area, block, last, charged - 1);
      goOn = interpret(cpu, block, last);
    }
    followed = link;
    return goOn ? GO_ON : DONE;
  }

  private long access(Vcpu cpu, EngineArea area, TranslatedBlock block, int step, int info) {
    // who looks for accesses must hear of page walks while their instruction is executed
    boolean ofCode = (area.getInt(EngineArea.ACCESS) & SlowPaths.CODE) != 0;
    return !watching && !ofCode && !isStuck(info) && allowAccess(cpu, area)
        ? area.getLong(EngineArea.RESUME)
        : interpretWithin(cpu, area, block, step);
  }

  /** Has the interpreter execute a step; the block goes on behind it if nothing is in the way. */
  private long interpretWithin(Vcpu cpu, EngineArea area, TranslatedBlock block, int step) {
    int rest = block.steps() - step - 1;
    leave(cpu, area, block, step, charged - rest - 1);
    if (!interpret(cpu, block, step)) {
      return DONE;
    }
    if (cpu.blockLimit() == 0 && !isWhereItWas(cpu, block, step)
        || !canResume(cpu, area, block, rest)) {
      return GO_ON;
    }
    charged = rest;
    budget = allowance(cpu) - rest;
    area.put(EngineArea.FLAGS, FlagTracker.pack(cpu.flags().arithmetic()));
    SystemState.enter(cpu, area, budget, charged);
    return area.getLong(EngineArea.RESUME) + SlowPaths.DONE;
  }

  private static void tell(EngineArea area, ExitKind kind, TranslatedBlock block, int step) {
    ExitEvent event = new ExitEvent();
    boolean atStep = kind == ExitKind.MEMORY || kind == ExitKind.INTERPRET;
    int offset = block.offset(atStep ? step : 0);
    event.kind = kind.name();
    event.linear = area.getLong(EngineArea.PAGE_BASE) + (block.physical() & ~PAGE) + offset;
    event.instruction = atStep ? String.valueOf(block.mnemonic(step)) : "";
    event.commit();
  }

  /**
   * Whether an instruction has asked for memory again and again: its two operands take each other's
   * place in the TLB.
   */
  private boolean isStuck(int info) {
    tries = info == lastInfo && budget == lastLeft ? tries + 1 : 0;
    lastInfo = info;
    lastLeft = budget;
    return tries > MOST_TRIES;
  }

  /** Whether what comes behind a step of a block that was ended is still the block's code. */
  private static boolean isWhereItWas(Vcpu cpu, TranslatedBlock block, int step) {
    return !block.isDropped()
        && block.mode() == cpu.modeKey()
        && cpu.memory().knownFetch(cpu.linearRip()) == block.physical() + block.offset(step + 1);
  }

  /** Whether the block can go on behind a step, when so many of its steps are left. */
  private boolean canResume(Vcpu cpu, EngineArea area, TranslatedBlock block, int rest) {
    if (block.endsInTransfer() && rest == 0 || allowance(cpu) < rest) {
      return false;
    }
    if (block.secondPage() != TranslatedBlock.NO_PAGE) {
      // what was executed may have been another instruction
      return false;
    }
    int wanted = loaded | block.needs();
    if (wanted != Units.NONE) {
      int ready = Units.ready(cpu);
      if ((block.needs() & ~ready) != 0) {
        return false;
      }
      loaded = Units.NONE;
      load(cpu, area, wanted, ready);
    }
    return true;
  }

  /** Has registers loaded when emitted code is entered: those that are wanted and ready. */
  private void load(Vcpu cpu, EngineArea area, int wanted, int ready) {
    if ((wanted & Units.AVX) != 0) {
      area.put(EngineArea.GUEST_MXCSR, cpu.vectors().mxcsr());
      loaded |= ready & Units.AVX;
    }
    if ((wanted & ready & Units.X87) != 0) {
      cpu.x87().arrange();
      loaded |= Units.X87;
    }
  }

  /** Makes the state of the vCPU what it is where emitted code left: before a step of a block. */
  private void leave(Vcpu cpu, EngineArea area, TranslatedBlock block, int step, long executed) {
    leave(
        cpu,
        area,
        (block.physical() & ~PAGE) + block.offset(step),
        executed,
        block.number() * BlockWriter.MOST_STEPS + step);
  }

  /** The same where one block has ended and no other begun. */
  private void leaveTo(Vcpu cpu, EngineArea area, long inPage, long executed) {
    leave(cpu, area, inPage, executed, SystemState.NO_INSTRUCTION);
  }

  private void leave(Vcpu cpu, EngineArea area, long inPage, long executed, int info) {
    long rip = area.getLong(EngineArea.PAGE_BASE) + inPage;
    cpu.rip(cpu.is64Bit() ? rip : rip & 0xFFFF_FFFFL);
    cpu.flags().arithmetic(FlagTracker.unpack(area.getLong(EngineArea.FLAGS)));
    if ((loaded & Units.AVX) != 0) {
      cpu.vectors().mxcsr(area.getInt(EngineArea.GUEST_MXCSR));
    }
    SystemState.leave(cpu, area, info);
    if ((loaded & Units.X87) != 0) {
      // selectors are those of the present level
      X87State.leave(cpu, area);
    }
    cpu.retire((int) executed);
    counters.translated(executed);
  }

  /** Lets the emitted code reach what it asked for, if it can be reached directly. */
  private static boolean allowAccess(Vcpu cpu, EngineArea area) {
    SystemState.takeLevel(cpu, area);
    long linear = area.getLong(EngineArea.LINEAR);
    int what = area.getInt(EngineArea.ACCESS);
    int bytes = what & SlowPaths.WRITE - 1;
    boolean write = (what & SlowPaths.WRITE) != 0;
    if ((what & SlowPaths.ALIGNED) != 0 && (linear & bytes - 1) != 0) {
      // the fault comes before the page walk
      return false;
    }
    boolean beside = (what & SlowPaths.BESIDE) != 0;
    if (isDirect(cpu, linear, bytes, write, beside)) {
      // it was not the TLB that said no
      return false;
    }
    cpu.beginBlock(1);
    return cpu.memory().allowDirect(linear, bytes, write ? Access.WRITE : Access.READ)
        && cpu.blockLimit() != 0
        && isDirect(cpu, linear, bytes, write, beside);
  }

  /**
   * Whether emitted code need not ask for an access.
   *
   * @param beside whether it can write to a page with code, too
   */
  private static boolean isDirect(Vcpu cpu, long linear, int bytes, boolean write, boolean beside) {
    LinearMemory memory = cpu.memory();
    if (!write) {
      return memory.readableHost(linear, bytes) != 0;
    }
    return (beside ? memory.writableHost(linear, bytes) : memory.writableWhole(linear, bytes)) != 0;
  }

  // ---- the interpreter's part

  /**
   * Has the interpreter execute a step.
   *
   * @return whether nothing but the next instruction comes next, and it is one of translated code;
   *     it must be looked up anew if the block was ended
   */
  private boolean interpret(Vcpu cpu, TranslatedBlock block, int step) {
    if (Interpreter.needsCare(cpu)) {
      return false;
    }
    SingleInstruction instruction = block.single(step);
    if (instruction == null) {
      try {
        instruction =
            interpreter.prepare(cpu, cpu.linearRip(), block.physical() + block.offset(step));
      } catch (GuestFault f) {
        Interpreter.deliver(cpu, f);
        return false;
      }
      if (block.covers(step)) {
        block.single(step, instruction);
      }
    }
    // one that nobody watches could overwrite itself
    long limit = instruction.repeats() && block.covers(step) ? allowance(cpu) : 1;
    long before = cpu.steps();
    boolean executed = interpreter.execute(cpu, instruction, limit);
    counters.interpreted(block.mnemonic(step), cpu.steps() - before);
    return executed && allowance(cpu) > 0 && !Interpreter.needsCare(cpu) && canGoOn(cpu);
  }

  /** Whether nothing but an instruction can come next, and whether it can be a translated one. */
  private boolean canGoOn(Vcpu cpu) {
    if (cpu.events().any()) {
      return false;
    }
    return cpu.blockLimit() != 0
        || !watching
            && cpu.activity() == Activity.ACTIVE
            && cpu.debug().pending() == 0
            && isTranslatable(cpu);
  }
}
