package dev.hindsight.device.apic;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.VirtualClock;

/**
 * The local APIC of one CPU: what its registers do. {@link XapicRegisters} and {@link
 * X2apicRegisters} show them in memory and as MSRs.
 *
 * <p>Absent, and so ignored: SMI delivery, CMCI, the thermal sensor's own interrupts.
 */
public final class LocalApic implements Device<LocalApic.State>, InterruptSource, ApicBus.Receiver {
  private static final int SVR_ENABLE = 1 << 8;
  private static final int ESR_SEND_ILLEGAL = 1 << 5;
  private static final int ESR_RECEIVE_ILLEGAL = 1 << 6;
  static final int ESR_ILLEGAL_REGISTER = 1 << 7;
  private static final long BASE_BSP = 1 << 8;
  private static final long BASE_X2APIC = 1 << 10;
  private static final long BASE_ENABLE = 1 << 11;
  private static final long BASE_ADDRESS = 0xFEE0_0000L;

  private final String name;
  private final int id;
  private final ApicBus bus;
  private final CpuPins pins;
  private final InterruptSource external;
  private final EoiListener eoiListener;

  private final ApicTimer timer;
  private final LocalVectorTable lvt = new LocalVectorTable();
  private final VectorSet irr = new VectorSet();
  private final VectorSet isr = new VectorSet();
  private final VectorSet tmr = new VectorSet();
  private long base;
  private int xapicId;
  private int tpr;
  private int ldr;
  private int dfr;
  private int svr;
  private int errors;
  private int esr;
  private long icr;
  private boolean lint0;
  private boolean lint1;

  /** Is told when a level-triggered interrupt has been handled: an I/O APIC. */
  @FunctionalInterface
  public interface EoiListener {
    /** Nobody listens. */
    EoiListener NONE = vector -> {};

    /** The end of an interrupt. */
    void endOfInterrupt(int vector);
  }

  /**
   * The local APIC of a CPU.
   *
   * @param id its APIC ID; that of the bootstrap processor is 0
   * @param pins the CPU's
   * @param external what stands behind LINT0 when that is programmed as ExtINT: the 8259s
   */
  public LocalApic(
      String name,
      int id,
      VirtualClock clock,
      DeadlineQueue deadlines,
      ApicBus bus,
      CpuPins pins,
      InterruptSource external,
      EoiListener eoiListener) {
    this.name = name;
    this.id = id;
    this.bus = bus;
    this.pins = pins;
    this.external = external;
    this.eoiListener = eoiListener;
    this.timer = new ApicTimer(clock, deadlines);
    xapicId = id;
    resetRegisters();
    base = initialBase();
  }

  /** The whole state. */
  public record State(
      ApicTimer.State timer,
      int[] lvt,
      long[] irr,
      long[] isr,
      long[] tmr,
      long base,
      int xapicId,
      int tpr,
      int ldr,
      int dfr,
      int svr,
      int errors,
      int esr,
      long icr,
      boolean lint0,
      boolean lint1) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  private long initialBase() {
    return BASE_ADDRESS | BASE_ENABLE | (id == 0 ? BASE_BSP : 0);
  }

  @Override
  public void reset() {
    base = initialBase();
    xapicId = id;
    resetRegisters();
    update();
  }

  /** After INIT: all but the ID and the base. */
  private void resetRegisters() {
    timer.reset();
    lvt.reset();
    irr.clear();
    isr.clear();
    tmr.clear();
    tpr = 0;
    ldr = 0;
    dfr = -1;
    svr = 0xFF;
    errors = 0;
    esr = 0;
    icr = 0;
  }

  @Override
  public State save() {
    return new State(
        timer.save(),
        lvt.save(),
        irr.save(),
        isr.save(),
        tmr.save(),
        base,
        xapicId,
        tpr,
        ldr,
        dfr,
        svr,
        errors,
        esr,
        icr,
        lint0,
        lint1);
  }

  @Override
  public void load(State s) {
    timer.load(s.timer());
    lvt.load(s.lvt());
    irr.load(s.irr());
    isr.load(s.isr());
    tmr.load(s.tmr());
    base = s.base();
    xapicId = s.xapicId();
    tpr = s.tpr();
    ldr = s.ldr();
    dfr = s.dfr();
    svr = s.svr();
    errors = s.errors();
    esr = s.esr();
    icr = s.icr();
    lint0 = s.lint0();
    lint1 = s.lint1();
    update();
  }

  // ---- modes

  /** IA32_APIC_BASE. */
  long base() {
    return base;
  }

  /**
   * Writes IA32_APIC_BASE.
   *
   * @return false if the transition is forbidden: #GP
   */
  boolean base(long value) {
    long mode = value & (BASE_ENABLE | BASE_X2APIC);
    if (mode == BASE_X2APIC || (isX2apic() && mode == BASE_ENABLE)) {
      return false;
    }
    if (!isEnabled() && mode == (BASE_ENABLE | BASE_X2APIC)) {
      return false;
    }
    boolean toX2apic = !isX2apic() && mode == (BASE_ENABLE | BASE_X2APIC);
    base = (value & ~BASE_BSP) | (base & BASE_BSP);
    if (mode == 0) {
      xapicId = id;
      resetRegisters();
    }
    if (toX2apic) {
      icr = 0;
    }
    update();
    return true;
  }

  /** Whether it is enabled by IA32_APIC_BASE. */
  boolean isEnabled() {
    return (base & BASE_ENABLE) != 0;
  }

  /** Whether it is in x2APIC mode. */
  boolean isX2apic() {
    return (base & (BASE_ENABLE | BASE_X2APIC)) == (BASE_ENABLE | BASE_X2APIC);
  }

  private boolean isSoftwareEnabled() {
    return isEnabled() && (svr & SVR_ENABLE) != 0;
  }

  // ---- lines

  /** LINT0: on the bootstrap processor the output of the 8259s. */
  public InterruptLine lint0() {
    return level -> {
      boolean was = lint0;
      lint0 = level;
      localLine(LocalVectorTable.LINT0, was, level);
    };
  }

  /** LINT1: NMI. */
  public InterruptLine lint1() {
    return level -> {
      boolean was = lint1;
      lint1 = level;
      localLine(LocalVectorTable.LINT1, was, level);
    };
  }

  private void localLine(int entry, boolean was, boolean level) {
    if (!isEnabled()) {
      if (entry == LocalVectorTable.LINT1 && level && !was) {
        pins.nmi();
      }
    } else if (!lvt.isMasked(entry) && level && !was && !isLevelTriggered(entry)) {
      switch (lvt.delivery(entry)) {
        case LocalVectorTable.FIXED -> request(lvt.vector(entry), false);
        case LocalVectorTable.NMI -> pins.nmi();
        default -> {
          // ExtINT follows the level; SMI is absent; INIT by a line is not used
        }
      }
    }
    acceptLevels();
    update();
  }

  /** Only fixed interrupts can be: NMI is always an edge. */
  private boolean isLevelTriggered(int entry) {
    return lvt.isLevel(entry) && lvt.delivery(entry) == LocalVectorTable.FIXED;
  }

  /** Accepts level-triggered lines that stand, each once until its EOI. */
  private void acceptLevels() {
    acceptLevel(LocalVectorTable.LINT0, lint0);
    acceptLevel(LocalVectorTable.LINT1, lint1);
  }

  private void acceptLevel(int entry, boolean level) {
    if (level
        && isSoftwareEnabled()
        && !lvt.isMasked(entry)
        && isLevelTriggered(entry)
        && !lvt.isRemoteIrr(entry)) {
      lvt.remoteIrr(entry, true);
      request(lvt.vector(entry), true);
    }
  }

  private void endOfLevel(int entry, int vector) {
    if (lvt.isRemoteIrr(entry) && lvt.vector(entry) == vector) {
      lvt.remoteIrr(entry, false);
    }
  }

  /** An interrupt of its own: timer, error, performance counters. */
  void raiseLocal(int entry) {
    if (lvt.isMasked(entry)) {
      return;
    }
    if (lvt.delivery(entry) == LocalVectorTable.NMI) {
      pins.nmi();
    } else {
      request(lvt.vector(entry), false);
    }
    update();
  }

  // ---- requests and priorities

  private void request(int vector, boolean level) {
    if (vector < 16) {
      error(ESR_RECEIVE_ILLEGAL);
      return;
    }
    irr.add(vector);
    if (level) {
      tmr.add(vector);
    } else {
      tmr.remove(vector);
    }
  }

  private void error(int bit) {
    boolean first = (errors & bit) == 0;
    errors |= bit;
    if (first
        && !lvt.isMasked(LocalVectorTable.ERROR)
        && lvt.vector(LocalVectorTable.ERROR) >= 16) {
      irr.add(lvt.vector(LocalVectorTable.ERROR));
      tmr.remove(lvt.vector(LocalVectorTable.ERROR));
    }
  }

  /** Processor priority. */
  int ppr() {
    int serving = Math.max(isr.highest(), 0);
    return (tpr >>> 4) >= (serving >>> 4) ? tpr : serving & 0xF0;
  }

  /** What is in IRR stays there, and is delivered, if software disables the APIC afterwards. */
  private boolean hasDeliverable() {
    int vector = irr.highest();
    return isEnabled() && vector >= 0 && (vector >>> 4) > (ppr() >>> 4);
  }

  private boolean externalPending() {
    if (!lint0) {
      return false;
    }
    return !isEnabled()
        || (!lvt.isMasked(LocalVectorTable.LINT0)
            && lvt.delivery(LocalVectorTable.LINT0) == LocalVectorTable.EXTINT);
  }

  private void update() {
    pins.intr(hasDeliverable() || externalPending());
  }

  @Override
  public int acknowledge() {
    int vector;
    if (hasDeliverable()) {
      vector = irr.highest();
      irr.remove(vector);
      isr.add(vector);
    } else if (externalPending()) {
      vector = external.acknowledge();
    } else {
      vector = svr & 0xFF;
    }
    update();
    return vector;
  }

  @Override
  public int taskPriority() {
    return tpr >>> 4;
  }

  @Override
  public void taskPriority(int value) {
    tpr(value << 4);
  }

  // ---- messages

  @Override
  public boolean accepts(ApicMessage m) {
    if (!isEnabled()) {
      return false;
    }
    boolean meant =
        switch (m.target()) {
          case ALL -> true;
          case ALL_BUT_SENDER -> m.sender() != id;
          case PHYSICAL -> isBroadcast(m.destination()) || m.destination() == physicalId();
          case LOGICAL -> isBroadcast(m.destination()) || isLogically(m.destination());
        };
    boolean always =
        switch (m.mode()) {
          case NMI, INIT, STARTUP, SMI -> true;
          default -> false;
        };
    return meant && (always || isSoftwareEnabled());
  }

  private boolean isBroadcast(int destination) {
    return destination == (isX2apic() ? -1 : 0xFF);
  }

  private int physicalId() {
    return isX2apic() ? id : xapicId;
  }

  private boolean isLogically(int destination) {
    if (isX2apic()) {
      int mine = logicalId();
      return destination >>> 16 == mine >>> 16 && (destination & mine & 0xFFFF) != 0;
    }
    int mine = ldr >>> 24;
    if (dfr >>> 28 == 15) {
      return (destination & mine) != 0;
    }
    return destination >>> 4 == mine >>> 4 && (destination & mine & 15) != 0;
  }

  /** The logical ID of x2APIC mode: derived from the ID. */
  int logicalId() {
    return id >>> 4 << 16 | 1 << (id & 15);
  }

  @Override
  public int arbitrationPriority() {
    return ppr();
  }

  @Override
  public void receive(ApicMessage m) {
    switch (m.mode()) {
      case FIXED, LOWEST_PRIORITY -> request(m.vector(), m.level());
      case NMI -> pins.nmi();
      case INIT -> {
        if (!m.level() || m.asserted()) {
          resetRegisters();
          pins.init();
        }
      }
      case STARTUP -> pins.startup(m.vector());
      case SMI, EXTINT -> {
        // SMM is absent; an ExtINT message has no controller behind it here
      }
    }
    update();
  }

  private void send(long command) {
    int mode = (int) command >>> 8 & 7;
    ApicMessage.Mode delivery =
        switch (mode) {
          case 0 -> ApicMessage.Mode.FIXED;
          case 1 -> ApicMessage.Mode.LOWEST_PRIORITY;
          case 2 -> ApicMessage.Mode.SMI;
          case 4 -> ApicMessage.Mode.NMI;
          case 5 -> ApicMessage.Mode.INIT;
          case 6 -> ApicMessage.Mode.STARTUP;
          default -> null;
        };
    int vector = (int) command & 0xFF;
    if (delivery == null) {
      return;
    }
    if (mode <= 1 && vector < 16) {
      error(ESR_SEND_ILLEGAL);
      return;
    }
    int shorthand = (int) command >>> 18 & 3;
    ApicMessage.Target target =
        switch (shorthand) {
          case 2 -> ApicMessage.Target.ALL;
          case 3 -> ApicMessage.Target.ALL_BUT_SENDER;
          default ->
              (command & 1 << 11) != 0 ? ApicMessage.Target.LOGICAL : ApicMessage.Target.PHYSICAL;
        };
    int destination = isX2apic() ? (int) (command >>> 32) : (int) (command >>> 56) & 0xFF;
    boolean level = (command & 1 << 15) != 0 && delivery == ApicMessage.Mode.INIT;
    boolean asserted = (command & 1 << 14) != 0;
    if (shorthand == 1) {
      // to itself: only fixed interrupts can be sent so
      if (delivery == ApicMessage.Mode.FIXED && isSoftwareEnabled()) {
        request(vector, false);
      }
      return;
    }
    bus.send(new ApicMessage(delivery, vector, target, destination, level, asserted, id));
  }

  // ---- registers

  int id() {
    return isX2apic() ? id : xapicId << 24;
  }

  void id(int value) {
    xapicId = value >>> 24;
  }

  int tpr() {
    return tpr;
  }

  void tpr(int value) {
    tpr = value & 0xFF;
    update();
  }

  int ldr() {
    return isX2apic() ? logicalId() : ldr;
  }

  void ldr(int value) {
    ldr = value & 0xFF00_0000;
  }

  int dfr() {
    return dfr;
  }

  void dfr(int value) {
    dfr = value | 0x0FFF_FFFF;
  }

  int svr() {
    return svr;
  }

  void svr(int value) {
    svr = value & 0x3FF;
    if ((svr & SVR_ENABLE) == 0) {
      lvt.maskAll();
    }
    update();
  }

  int esr() {
    return esr;
  }

  /** Any write shows what has happened since the last one. */
  void latchErrors() {
    esr = errors;
    errors = 0;
  }

  void illegalRegister() {
    error(ESR_ILLEGAL_REGISTER);
    update();
  }

  long icr() {
    return icr;
  }

  /** Writes the command register and sends. Delivery status is always idle. */
  void icr(long command) {
    icr = command & ~(1L << 12);
    send(command);
    update();
  }

  /** Writes the high half alone, which sends nothing. */
  void icrHigh(int value) {
    icr = (icr & 0xFFFF_FFFFL) | (long) value << 32;
  }

  void selfInterrupt(int vector) {
    if (vector < 16) {
      error(ESR_SEND_ILLEGAL);
    } else if (isSoftwareEnabled()) {
      request(vector, false);
    }
    update();
  }

  void endOfInterrupt() {
    int vector = isr.highest();
    if (vector >= 0) {
      isr.remove(vector);
      if (tmr.contains(vector)) {
        eoiListener.endOfInterrupt(vector);
      }
      endOfLevel(LocalVectorTable.LINT0, vector);
      endOfLevel(LocalVectorTable.LINT1, vector);
      acceptLevels();
      update();
    }
  }

  int vectors(int group, int n) {
    return switch (group) {
      case 0 -> isr.register(n);
      case 1 -> tmr.register(n);
      default -> irr.register(n);
    };
  }

  int lvt(int n) {
    return lvt.get(n);
  }

  void lvt(int n, int value) {
    lvt.set(n, isSoftwareEnabled() ? value : value | LocalVectorTable.MASKED);
    if (n == LocalVectorTable.TIMER) {
      timer.mode(lvt.timerMode());
    }
    acceptLevels();
    update();
  }

  ApicTimer timer() {
    return timer;
  }

  @Override
  public void deadline(int kind, long tick) {
    timer.expired();
    raiseLocal(LocalVectorTable.TIMER);
  }
}
