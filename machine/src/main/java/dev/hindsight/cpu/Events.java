package dev.hindsight.cpu;

import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.InterruptLine;

/** Pins of a vCPU and the events that wait to be taken between instructions. */
public final class Events implements CpuPins {
  private static final int INTR = 1;
  private static final int NMI = 1 << 1;
  private static final int INIT = 1 << 2;
  private static final int SIPI = 1 << 3;
  private static final int ATTENTION = 1 << 4;

  private final Vcpu cpu;
  private int pending;
  private int startupVector;
  private boolean nmiBlocked;
  private boolean interruptShadow;
  private boolean movSsShadow;
  private InterruptLine numericErrorPin = InterruptLine.UNCONNECTED;
  private boolean numericError;
  private boolean ignoreNumericError;

  Events(Vcpu cpu) {
    this.cpu = cpu;
  }

  private void raise(int event) {
    pending |= event;
    cpu.endBlock();
  }

  /** The INTR pin, a level. */
  @Override
  public void intr(boolean level) {
    if (level) {
      raise(INTR);
    } else {
      pending &= ~INTR;
    }
  }

  /** Whether INTR is asserted. */
  public boolean intr() {
    return (pending & INTR) != 0;
  }

  /** The NMI pin, an edge: latched until taken. */
  @Override
  public void nmi() {
    raise(NMI);
  }

  /** INIT: latched until taken. */
  @Override
  public void init() {
    raise(INIT);
  }

  /** A start-up IPI: execution begins at {@code vector * 0x1000} in real mode. */
  @Override
  public void startup(int vector) {
    startupVector = vector & 0xFF;
    raise(SIPI);
  }

  /** Has the engine return to the board. */
  void attention() {
    raise(ATTENTION);
  }

  /** Takes the call for the board's attention, if there is one. */
  public boolean takeAttention() {
    return take(ATTENTION);
  }

  /** Takes an INIT, if there is one. */
  public boolean takeInit() {
    return take(INIT);
  }

  /** Takes a start-up IPI, if there is one. */
  public boolean takeStartup() {
    return take(SIPI);
  }

  /** Takes an NMI, if there is one and NMIs are not blocked. */
  public boolean takeNmi() {
    return !nmiBlocked && take(NMI);
  }

  private boolean take(int event) {
    boolean there = (pending & event) != 0;
    pending &= ~event;
    return there;
  }

  /** Whether an event waits that ends HLT, given EFLAGS.IF. */
  public boolean wakes(boolean interruptsEnabled) {
    return (pending & (INIT | ATTENTION)) != 0
        || ((pending & NMI) != 0 && !nmiBlocked)
        || ((pending & INTR) != 0 && interruptsEnabled);
  }

  /** Whether anything at all waits: what the engine asks between blocks. */
  public boolean any() {
    return pending != 0;
  }

  /** Whether NMIs are blocked, from the delivery of one until IRET. */
  public boolean nmiBlocked() {
    return nmiBlocked;
  }

  /** Blocks or unblocks NMIs. */
  public void nmiBlocked(boolean blocked) {
    nmiBlocked = blocked;
  }

  /**
   * Whether the next instruction runs before any maskable interrupt (after STI, MOV SS, POP SS).
   */
  public boolean interruptShadow() {
    return interruptShadow;
  }

  /** Called by STI when it sets IF: maskable interrupts wait for one more instruction. */
  public void shadowAfterSti() {
    interruptShadow = true;
  }

  /**
   * Called by MOV SS and POP SS: interrupts, NMIs and debug traps wait for one more instruction.
   */
  public void shadowAfterMovSs() {
    interruptShadow = true;
    movSsShadow = true;
  }

  /** Whether the shadow is that of MOV SS or POP SS. */
  public boolean movSsShadow() {
    return movSsShadow;
  }

  /** Ends the shadow. */
  public void clearShadow() {
    interruptShadow = false;
    movSsShadow = false;
  }

  /** Vector of the last start-up IPI. */
  public int startupVector() {
    return startupVector;
  }

  /** Connects the FERR# pin. */
  public void connectNumericError(InterruptLine pin) {
    numericErrorPin = pin;
  }

  /** Drives the FERR# pin: an unmasked x87 exception waits and CR0.NE is clear. */
  public void numericError(boolean asserted) {
    if (asserted != numericError) {
      numericError = asserted;
      numericErrorPin.set(asserted);
    }
  }

  /** Whether FERR# is asserted. */
  public boolean numericError() {
    return numericError;
  }

  /** The IGNNE# pin: waiting x87 instructions ignore pending exceptions while CR0.NE is clear. */
  public void ignoreNumericError(boolean asserted) {
    ignoreNumericError = asserted;
  }

  /** Whether IGNNE# is asserted. */
  public boolean ignoreNumericError() {
    return ignoreNumericError;
  }

  /** After RESET#: nothing latched waits any more. INTR is a level and stays. */
  void clearLatched() {
    pending &= INTR;
  }

  /** After INIT and RESET#: nothing is blocked; the pins stay as they are. */
  void reset() {
    nmiBlocked = false;
    numericError(false);
    clearShadow();
  }

  /**
   * Pins, latched events and what blocks them: bits 7:0 what is pending, bits 15:8 the start-up
   * vector, bit 16 NMIs blocked, bit 17 interrupt shadow, bit 18 the shadow is MOV SS's, bit 19
   * FERR#, bit 20 IGNNE#.
   */
  int save() {
    return pending
        | startupVector << 8
        | (nmiBlocked ? 1 << 16 : 0)
        | (interruptShadow ? 1 << 17 : 0)
        | (movSsShadow ? 1 << 18 : 0)
        | (numericError ? 1 << 19 : 0)
        | (ignoreNumericError ? 1 << 20 : 0);
  }

  /** The reverse of {@link #save}. */
  void load(int state) {
    pending = state & 0xFF;
    startupVector = state >>> 8 & 0xFF;
    nmiBlocked = (state & 1 << 16) != 0;
    interruptShadow = (state & 1 << 17) != 0;
    movSsShadow = (state & 1 << 18) != 0;
    numericError = (state & 1 << 19) != 0;
    ignoreNumericError = (state & 1 << 20) != 0;
  }
}
