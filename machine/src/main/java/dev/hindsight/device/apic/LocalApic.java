package dev.hindsight.device.apic;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.VirtualClock;
import dev.hindsight.bus.state.Schema;

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
  private final ApicIdentity identity;
  private final ApicBus bus;
  private final CpuPins pins;
  private final InterruptSource external;
  private final EoiListener eoiListener;

  private final ApicTimer timer;
  private final LocalVectorTable lvt = new LocalVectorTable();
  private final InterruptPriorities interrupts = new InterruptPriorities();
  private long base;
  private int svr;
  private int errors;
  private int esr;
  private long icr;
  private boolean lint0;
  private boolean lint1;
  private boolean externalRequest;

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
   * @param external what gives the vector of an ExtINT, be it LINT0 or a message: the 8259s
   * @param eoiListener who is told of the ends of level-triggered interrupts
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
    this.identity = new ApicIdentity(id);
    this.bus = bus;
    this.pins = pins;
    this.external = external;
    this.eoiListener = eoiListener;
    this.timer = new ApicTimer(clock, deadlines);
    resetRegisters();
    base = initialBase();
  }

  /**
   * The whole state.
   *
   * @param errors errors since the last write to the error status register, which shows {@code esr}
   * @param externalRequest whether an ExtINT message waits for its acknowledge cycle
   */
  @Schema(version = 2)
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
      boolean lint1,
      boolean externalRequest) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  private long initialBase() {
    return BASE_ADDRESS | BASE_ENABLE | (identity.initialId() == 0 ? BASE_BSP : 0);
  }

  @Override
  public void reset() {
    base = initialBase();
    identity.resetId();
    resetRegisters();
    update();
  }

  /** After INIT: all but the ID and the base. */
  private void resetRegisters() {
    timer.reset();
    lvt.reset();
    interrupts.reset();
    identity.resetLogical();
    svr = 0xFF;
    errors = 0;
    esr = 0;
    icr = 0;
    externalRequest = false;
  }

  @Override
  public State save() {
    return new State(
        timer.save(),
        lvt.save(),
        interrupts.requested().save(),
        interrupts.inService().save(),
        interrupts.levelTriggered().save(),
        base,
        identity.xapicId(),
        interrupts.taskPriority(),
        identity.logicalDestination(),
        identity.destinationFormat(),
        svr,
        errors,
        esr,
        icr,
        lint0,
        lint1,
        externalRequest);
  }

  @Override
  public void load(State s) {
    timer.load(s.timer());
    lvt.load(s.lvt());
    interrupts.requested().load(s.irr());
    interrupts.inService().load(s.isr());
    interrupts.levelTriggered().load(s.tmr());
    base = s.base();
    identity.xapicId(s.xapicId());
    interrupts.taskPriority(s.tpr());
    identity.logicalDestination(s.ldr());
    identity.destinationFormat(s.dfr());
    svr = s.svr();
    errors = s.errors();
    esr = s.esr();
    icr = s.icr();
    lint0 = s.lint0();
    lint1 = s.lint1();
    externalRequest = s.externalRequest();
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
      identity.resetId();
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

  /** An interrupt of its own, which is an edge: timer, performance counters. */
  private void raiseLocal(int entry) {
    if (lvt.isMasked(entry)) {
      return;
    }
    switch (lvt.delivery(entry)) {
      case LocalVectorTable.FIXED -> request(lvt.vector(entry), false);
      case LocalVectorTable.NMI -> pins.nmi();
      default -> {
        // SMI is absent; INIT and ExtINT are for lines only
      }
    }
    update();
  }

  /**
   * A performance counter has overflowed and asks for an interrupt. The entry of the local vector
   * table says which; unless it is masked already it is masked then, and software has to unmask it
   * for the next one.
   */
  public void performanceCounterOverflow() {
    boolean masked = lvt.isMasked(LocalVectorTable.PERFORMANCE);
    raiseLocal(LocalVectorTable.PERFORMANCE);
    if (!masked) {
      lvt.mask(LocalVectorTable.PERFORMANCE);
    }
  }

  // ---- requests and priorities

  private void request(int vector, boolean level) {
    if (vector < 16) {
      error(ESR_RECEIVE_ILLEGAL);
      return;
    }
    interrupts.request(vector, level);
  }

  private void error(int bit) {
    boolean first = (errors & bit) == 0;
    errors |= bit;
    if (first
        && !lvt.isMasked(LocalVectorTable.ERROR)
        && lvt.vector(LocalVectorTable.ERROR) >= 16) {
      interrupts.request(lvt.vector(LocalVectorTable.ERROR), false);
    }
  }

  /** What was requested stays so, and is delivered, if software disables the APIC afterwards. */
  private boolean hasDeliverable() {
    return isEnabled() && interrupts.hasDeliverable();
  }

  /** Whether the 8259s ask: by a message that came, or through LINT0 as long as that is high. */
  private boolean externalPending() {
    if (!lint0 || externalRequest) {
      return externalRequest;
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
      vector = interrupts.take();
    } else if (externalPending()) {
      externalRequest = false;
      vector = external.acknowledge();
    } else {
      vector = svr & 0xFF;
    }
    update();
    return vector;
  }

  @Override
  public int taskPriority() {
    return interrupts.taskPriority() >>> 4;
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
    boolean always =
        switch (m.mode()) {
          case NMI, INIT, STARTUP, SMI -> true;
          default -> false;
        };
    return (always || isSoftwareEnabled()) && identity.isMeantBy(m, isX2apic());
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
      case EXTINT -> externalRequest = true;
      case SMI -> {
        // system-management mode is absent
      }
    }
    update();
  }

  private void send(InterruptCommand command) {
    if (command.hasIllegalVector()) {
      error(ESR_SEND_ILLEGAL);
    } else if (!command.isToSelf()) {
      command.message(identity.initialId()).ifPresent(bus::send);
    } else if (isSoftwareEnabled()
        && command.mode().filter(m -> m == ApicMessage.Mode.FIXED).isPresent()) {
      // to itself only fixed interrupts can be sent
      request(command.vector(), false);
    }
  }

  // ---- registers

  int id() {
    return isX2apic() ? identity.initialId() : identity.xapicId() << 24;
  }

  void id(int value) {
    identity.xapicId(value >>> 24);
  }

  int tpr() {
    return interrupts.taskPriority();
  }

  void tpr(int value) {
    interrupts.taskPriority(value & 0xFF);
    update();
  }

  int ppr() {
    return interrupts.processorPriority();
  }

  int ldr() {
    return isX2apic() ? identity.x2apicLogicalId() : identity.logicalDestination();
  }

  void ldr(int value) {
    identity.logicalDestination(value & 0xFF00_0000);
  }

  int dfr() {
    return identity.destinationFormat();
  }

  void dfr(int value) {
    identity.destinationFormat(value | 0x0FFF_FFFF);
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
    send(new InterruptCommand(command, isX2apic()));
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
    int vector = interrupts.end();
    if (vector >= 0) {
      if (interrupts.levelTriggered().contains(vector)) {
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
      case 0 -> interrupts.inService().register(n);
      case 1 -> interrupts.levelTriggered().register(n);
      default -> interrupts.requested().register(n);
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
