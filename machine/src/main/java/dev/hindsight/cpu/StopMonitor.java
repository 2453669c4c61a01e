package dev.hindsight.cpu;

import dev.hindsight.bus.MemoryListener;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.PhysicalMemory.Watch;
import dev.hindsight.cpu.paging.Access;
import dev.hindsight.cpu.paging.DirectAccess;
import dev.hindsight.cpu.paging.TranslationCaches;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds what {@link Stops} ask for while a machine runs at full speed.
 *
 * <p>Who may be looking for data is heard of because instructions lose direct access to the pages
 * concerned: by linear address through {@link DirectAccess}, by physical address through {@link
 * PhysicalMemory#watch}. What is found ends the block; between the two steps it is compared with
 * conditions and told to an observer, who says whether the run stops. Nothing of this is state of
 * the machine.
 *
 * <p>The vCPUs of a machine share one.
 */
public final class StopMonitor implements MemoryListener, DirectAccess {
  private static final int PAGE_SHIFT = PhysicalMemory.PAGE_SHIFT;
  private static final long LARGE = 1 << 10;
  private static final long NO_STEP = -1;
  private static final long MOST_PAGES = 1 << 24;

  private final PhysicalMemory memory;
  private final TranslationCaches translations;
  private final LongSupplier steps;
  private boolean connected;

  // what is looked for
  private Stops stops = Stops.NONE;
  private CodeStops code = CodeStops.NONE;
  private List<Stops.Range> data = List.of();
  private boolean comingReads;
  private int events;

  // the run
  private StopObserver observer = StopObserver.FIRST;
  private boolean fresh = true;
  private @Nullable Vcpu running;
  private long lastCr3;
  private int lastMode;
  private boolean lastActive;
  private long lastSteps;
  private long[] lastValues = {};

  // the step
  private boolean pending;
  private long instruction;
  private final List<Candidate> candidates = new ArrayList<>();
  private List<StopHit> hits = List.of();

  /** What was found; it counts if the condition of its range holds. */
  private record Candidate(StopHit.Cause cause, int range, long before) {}

  // a read that a step would make: the step has not been made yet
  private StopHit.@Nullable Access comingRead;
  private long allowedStep = NO_STEP;

  /**
   * A monitor of a machine.
   *
   * @param steps the steps that all vCPUs have executed
   */
  public StopMonitor(PhysicalMemory memory, TranslationCaches translations, LongSupplier steps) {
    this.memory = memory;
    this.translations = translations;
    this.steps = steps;
  }

  // ---- what is looked for

  /** Looks for something else from now on; quick if it is the same. */
  public void arm(Stops next) {
    if (next == stops) {
      return;
    }
    watch(false);
    stops = next;
    code = next.code().isEmpty() && next.ranges().isEmpty() ? CodeStops.NONE : new CodeStops(next);
    data = next.ranges().stream().filter(r -> r.access() != Stops.Access.EXECUTE).toList();
    comingReads = data.stream().anyMatch(r -> r.access() == Stops.Access.BEFORE_READ);
    events = 0;
    for (Stops.Event e : next.events()) {
      events |= 1 << e.ordinal();
    }
    lastValues = new long[data.size()];
    if (!data.isEmpty() && !connected) {
      connected = true;
      memory.addListener(this);
      translations.restrict(this);
    }
    watch(true);
    lookAtValues();
  }

  private void watch(boolean begin) {
    for (Stops.Range r : data) {
      if (r.physical()) {
        watchPhysical(r, begin);
      } else if (begin) {
        revoke(r);
      }
    }
  }

  private void watchPhysical(Stops.Range r, boolean begin) {
    Watch kind = r.access() == Stops.Access.READ ? Watch.STOP_READ : Watch.STOP;
    long last = r.start() + r.length() - 1 >>> PAGE_SHIFT;
    if (last - (r.start() >>> PAGE_SHIFT) >= MOST_PAGES) {
      throw new IllegalArgumentException("a range by physical addresses is too long");
    }
    for (long page = r.start() >>> PAGE_SHIFT; page <= last; page++) {
      if (begin) {
        memory.watch(page, kind);
        if (kind == Watch.STOP_READ) {
          translations.pageMoved(page);
        }
      } else {
        memory.unwatch(page, kind);
      }
    }
  }

  private void revoke(Stops.Range r) {
    long first = r.start() >>> PAGE_SHIFT;
    long pages = (r.start() + r.length() - 1 >>> PAGE_SHIFT) - first;
    if (pages < 0 || pages >= LARGE) {
      translations.revokeAll();
      return;
    }
    for (long p = 0; p <= pages; p++) {
      translations.revoke(first + p << PAGE_SHIFT);
    }
  }

  private void lookAtValues() {
    for (int i = 0; i < data.size(); i++) {
      Stops.Range r = data.get(i);
      if (r.physical() && r.condition().comparison() == Stops.Comparison.CHANGED) {
        lastValues[i] = peek(r);
      }
    }
  }

  /** Whether nothing is looked for. */
  public boolean isIdle() {
    return stops.isEmpty();
  }

  /** Instructions before which to stop. */
  public CodeStops code() {
    return code;
  }

  /** Whether accesses of instructions matter, so that each must be told from the next. */
  public boolean watchesAccesses() {
    return !data.isEmpty() || events != 0;
  }

  @Override
  public boolean allows(long linearPage, long physicalPage, int access) {
    // who may write directly may also read what he is going to write
    boolean write = access == Access.WRITE;
    for (Stops.Range r : data) {
      long page = r.physical() ? physicalPage : linearPage;
      if ((write || r.access() != Stops.Access.WRITE)
          && r.overlaps(page, PhysicalMemory.PAGE_SIZE)) {
        return false;
      }
    }
    return true;
  }

  // ---- the run

  /**
   * A run of the machine begins.
   *
   * @param to who is told
   * @param inclusive whether the instruction that is next now is one to stop before as well
   */
  public void begin(StopObserver to, boolean inclusive) {
    observer = to;
    fresh = !inclusive;
    hits = List.of();
    candidates.clear();
    comingRead = null;
    allowedStep = inclusive ? NO_STEP : steps.getAsLong();
    pending = false;
    lookAtValues();
  }

  /** What has stopped the last run; empty if nothing did. */
  public List<StopHit> hits() {
    return hits;
  }

  /** A vCPU begins to run. */
  public void enter(Vcpu cpu) {
    running = cpu;
    if (events != 0) {
      lookAtState(cpu);
    }
  }

  /**
   * A vCPU has run.
   *
   * @param ran whether it has executed a step
   */
  public void leave(boolean ran) {
    running = null;
    fresh &= !ran;
  }

  /** Whether the next instruction is the one at which the run began. */
  public boolean isFresh() {
    return fresh;
  }

  // ---- the step

  /**
   * Says where the instruction is that is being executed, or was when an event came.
   *
   * @param linear its linear address
   */
  public void at(long linear) {
    instruction = linear;
  }

  /** Whether something was found that {@link #confirm} has not been asked about. */
  public boolean isPending() {
    return pending;
  }

  /** Tells of an event. */
  public void happened(Stops.Event event, long detail) {
    if (watches(event) && running != null) {
      add(new StopHit.Happened(event, detail), -1, 0);
    }
  }

  /** Whether {@link #accessed} wants to hear. */
  boolean watchesData() {
    return !data.isEmpty() || watches(Stops.Event.MMIO);
  }

  /** Whether {@link #aboutToRead} wants to hear. */
  boolean watchesComingReads() {
    return comingReads;
  }

  private boolean watches(Stops.Event event) {
    return (events >>> event.ordinal() & 1) != 0;
  }

  /**
   * Is told of an access of an instruction before it is made.
   *
   * @param linear linear address of its first byte
   * @param physical physical address of its first byte
   * @param bytes how many, within one page
   * @param access one bit of {@link Access}
   */
  void accessed(long linear, long physical, int bytes, int access) {
    if (watches(Stops.Event.MMIO) && memory.readPage(physical >>> PAGE_SHIFT) == 0) {
      happened(Stops.Event.MMIO, physical);
    }
    Stops.Access wanted = access == Access.WRITE ? Stops.Access.WRITE : Stops.Access.READ;
    for (int i = 0; i < data.size(); i++) {
      Stops.Range r = data.get(i);
      boolean heardOtherwise = r.physical() && wanted == Stops.Access.WRITE;
      if (r.access() == wanted
          && !heardOtherwise
          && r.overlaps(r.physical() ? physical : linear, bytes)) {
        add(new StopHit.Access(r, linear, physical, bytes), i, valueBefore(i));
      }
    }
  }

  /**
   * Is told of data that an instruction is about to read, before anything has changed.
   *
   * @throws StopBefore if that is looked for, and the observer has not been asked yet
   */
  void aboutToRead(long linear, long physical, int bytes) {
    for (Stops.Range r : data) {
      if (r.access() == Stops.Access.BEFORE_READ
          && r.overlaps(linear, bytes)
          && running != null
          && steps.getAsLong() != allowedStep) {
        comingRead = new StopHit.Access(r, linear, physical, bytes);
        pending = true;
        throw StopBefore.READ;
      }
    }
  }

  @Override
  public void written(long address, int length) {
    transferred(address, length, Stops.Access.WRITE);
  }

  @Override
  public void read(long address, int length) {
    transferred(address, length, Stops.Access.READ);
  }

  private void transferred(long address, int length, Stops.Access access) {
    for (int i = 0; i < data.size(); i++) {
      Stops.Range r = data.get(i);
      if (r.physical() && r.access() == access && r.overlaps(address, length)) {
        add(new StopHit.Access(r, address, address, length), i, lastValues[i]);
      }
    }
  }

  private void add(StopHit.Cause cause, int range, long before) {
    for (Candidate c : candidates) {
      if (range >= 0 && c.range == range) {
        return;
      }
    }
    candidates.add(new Candidate(cause, range, before));
    pending = true;
    if (running != null) {
      running.endBlock();
    }
  }

  private long valueBefore(int index) {
    Stops.Range r = data.get(index);
    if (r.condition().comparison() != Stops.Comparison.CHANGED) {
      return 0;
    }
    return r.physical() ? lastValues[index] : peek(r);
  }

  /** The value in a range; bytes that nobody can read are 0. */
  private long peek(Stops.Range r) {
    long value = 0;
    for (int i = 0; i < Math.min(r.length(), Long.BYTES); i++) {
      OptionalLong at = physical(r, i);
      if (at.isPresent()) {
        value |= (memory.peek(at.getAsLong(), 1) & 0xFF) << 8 * i;
      }
    }
    return value;
  }

  private OptionalLong physical(Stops.Range r, int offset) {
    if (r.physical()) {
      return OptionalLong.of(r.start() + offset);
    }
    Vcpu cpu = running;
    return cpu == null ? OptionalLong.empty() : cpu.memory().look(r.start() + offset);
  }

  /**
   * Notes what a step did to CR3, mode and activity; to be asked between two steps.
   *
   * @param cpu the vCPU that runs
   */
  public void compareState(Vcpu cpu) {
    if (events == 0) {
      return;
    }
    if (cpu.steps() != lastSteps) {
      if (cpu.control().cr3() != lastCr3) {
        happened(Stops.Event.CR3_CHANGE, cpu.control().cr3());
      }
      if (mode(cpu) != lastMode) {
        happened(Stops.Event.MODE_CHANGE, 0);
      }
      if (cpu.activity() == Activity.HALTED && lastActive) {
        happened(Stops.Event.HALT, 0);
      }
    }
    lookAtState(cpu);
  }

  private void lookAtState(Vcpu cpu) {
    lastCr3 = cpu.control().cr3();
    lastMode = mode(cpu);
    lastActive = cpu.activity() == Activity.ACTIVE;
    lastSteps = cpu.steps();
  }

  private static int mode(Vcpu cpu) {
    return cpu.codeMode().ordinal() * 8
        + (cpu.isProtected() ? 1 : 0)
        + (cpu.isVirtual8086() ? 2 : 0)
        + (cpu.isLongMode() ? 4 : 0);
  }

  /**
   * Finds out what has become of that which is pending, and tells the observer.
   *
   * @param cpu the vCPU that has executed the step
   * @return whether the run is to stop here
   */
  public boolean confirm(Vcpu cpu) {
    StopHit.Access coming = comingRead;
    if (coming != null) {
      return confirmRead(cpu, coming);
    }
    long step = steps.getAsLong() - 1;
    return confirm(cpu.index(), step, cpu.tick() - 1, instruction);
  }

  /** The step has not been made: if the run does not stop, it is made without asking again. */
  private boolean confirmRead(Vcpu cpu, StopHit.Access coming) {
    comingRead = null;
    pending = false;
    candidates.clear();
    allowedStep = steps.getAsLong();
    StopHit hit = new StopHit(cpu.index(), allowedStep, cpu.tick(), cpu.linearRip(), coming);
    if (!observer.hit(hit)) {
      return false;
    }
    hits = List.of(hit);
    return true;
  }

  /**
   * Like {@link #confirm(Vcpu)}, for what devices did between two steps.
   *
   * @param tick the present
   */
  public boolean confirmTransfers(long tick) {
    return confirm(StopHit.DEVICE, steps.getAsLong(), tick, 0);
  }

  private boolean confirm(int vcpu, long step, long tick, long address) {
    pending = false;
    List<StopHit> found = new ArrayList<>();
    boolean stop = false;
    for (Candidate c : List.copyOf(candidates)) {
      if (c.range >= 0 && !holds(c)) {
        continue;
      }
      StopHit hit = new StopHit(vcpu, step, tick, address, c.cause);
      found.add(hit);
      stop |= observer.hit(hit);
    }
    candidates.clear();
    if (stop) {
      hits = List.copyOf(found);
    }
    return stop;
  }

  private boolean holds(Candidate c) {
    Stops.Range r = data.get(c.range);
    if (r.condition().comparison() == Stops.Comparison.ALWAYS) {
      return true;
    }
    long now = peek(r);
    if (r.physical()) {
      lastValues[c.range] = now;
    }
    return r.condition().holds(c.before, now);
  }

  /**
   * Tells the observer that an instruction to stop before is next.
   *
   * @param cpu the vCPU that would execute it
   * @param linear its linear address
   * @return whether the run is to stop here
   */
  public boolean reach(Vcpu cpu, long linear) {
    StopHit hit =
        new StopHit(cpu.index(), steps.getAsLong(), cpu.tick(), linear, new StopHit.Code(linear));
    if (!observer.hit(hit)) {
      return false;
    }
    hits = List.of(hit);
    return true;
  }

  // ---- the rest of what listeners are told

  @Override
  public void writeAccessRevoked() {}

  @Override
  public void writeAccessRevoked(long page) {}

  @Override
  public void pageMoved(long page) {}

  @Override
  public void allAccessRevoked() {}

  @Override
  public void pageReplaced(long page) {}

  @Override
  public void addressesRevoked() {}
}
