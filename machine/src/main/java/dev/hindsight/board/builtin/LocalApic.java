package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.CPU_TIMER_INTERRUPTS;
import static dev.hindsight.board.builtin.MemoryLayout.APIC;
import static dev.hindsight.board.builtin.MemoryLayout.TRAMPOLINE;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** The local APIC of each vCPU: its timer, which preempts, and messages to the other vCPUs. */
final class LocalApic {
  static final int TIMER_VECTOR = 0x40;
  static final int RESCHEDULE_VECTOR = 0x41;
  static final int SPURIOUS_VECTOR = 0xFF;

  private static final long END_OF_INTERRUPT = APIC + 0xB0;
  private static final long SPURIOUS = APIC + 0xF0;
  private static final long COMMAND = APIC + 0x300;
  private static final long TIMER = APIC + 0x320;
  private static final long LINT0 = APIC + 0x350;
  private static final long LINT1 = APIC + 0x360;
  private static final long ERROR = APIC + 0x370;
  private static final long INITIAL_COUNT = APIC + 0x380;
  private static final long DIVIDE = APIC + 0x3E0;

  private static final int MASKED = 0x1_0000;
  private static final int PERIODIC = 0x2_0000;
  private static final int EXTERNAL = 0x700;
  private static final int NON_MASKABLE = 0x400;

  // Interrupt commands to all but the sender.
  private static final int OTHERS = 0xC_4000;
  private static final int INIT = 0x500;
  private static final int START_UP = 0x600;

  private final Assembler a;
  private final Scheduler scheduler;
  private final int timerCount;
  private final Label initialize;
  private final Label startOthers;
  private final Label timerInterrupt;
  private final Label rescheduleInterrupt;

  LocalApic(Assembler a, Scheduler scheduler, int timerCount) {
    this.a = a;
    this.scheduler = scheduler;
    this.timerCount = timerCount;
    this.initialize = a.label("initializeApic");
    this.startOthers = a.label("startOthers");
    this.timerInterrupt = a.label("timerInterrupt");
    this.rescheduleInterrupt = a.label("rescheduleInterrupt");
  }

  /** Routine: switches the APIC of this vCPU on and starts its timer. */
  Label initialize() {
    return initialize;
  }

  /** Routine: INIT and SIPI to the other vCPUs. */
  Label startOthers() {
    return startOthers;
  }

  /** Routine: the timer's interrupt. */
  Label timerInterrupt() {
    return timerInterrupt;
  }

  /** Routine: another vCPU made a task ready. */
  Label rescheduleInterrupt() {
    return rescheduleInterrupt;
  }

  /** Connects the 8259s to this vCPU; on the others LINT0 stays masked, as after a reset. */
  void connect() {
    write(LINT0, EXTERNAL);
  }

  /** Writes the instruction that sends {@link #RESCHEDULE_VECTOR} to the other vCPUs. */
  static void interruptOthers(Assembler a) {
    a.mov(abs(COMMAND).bytes(4), OTHERS | RESCHEDULE_VECTOR);
  }

  void code() {
    a.bind(initialize);
    write(SPURIOUS, 0x100 | SPURIOUS_VECTOR);
    write(LINT1, NON_MASKABLE);
    write(ERROR, MASKED | SPURIOUS_VECTOR);
    write(DIVIDE, 0xB);
    write(TIMER, PERIODIC | TIMER_VECTOR);
    write(INITIAL_COUNT, timerCount);
    a.ret();

    a.bind(startOthers);
    write(COMMAND, OTHERS | INIT);
    delay("afterInit");
    write(COMMAND, OTHERS | START_UP | TRAMPOLINE >> 12);
    delay("afterStartUp");
    write(COMMAND, OTHERS | START_UP | TRAMPOLINE >> 12);
    a.ret();

    a.bind(timerInterrupt);
    write(END_OF_INTERRUPT, 0);
    a.inc(Scheduler.cpu(CPU_TIMER_INTERRUPTS).bytes(8)).jmp(scheduler.schedule());

    a.bind(rescheduleInterrupt);
    write(END_OF_INTERRUPT, 0);
    a.jmp(scheduler.schedule());
  }

  private void delay(String name) {
    Label again = a.label(name);
    a.mov(ECX, 20_000).bind(again).pause().dec(ECX).jne(again);
  }

  private void write(long register, int value) {
    a.mov(abs(register).bytes(4), value);
  }
}
