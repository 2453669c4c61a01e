package dev.hindsight.board.builtin;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** The two 8259 interrupt controllers and the 8254 timer, which counts milliseconds. */
final class LegacyChips {
  static final int TIMER_VECTOR = 0x20;
  static final int SERIAL_VECTOR = 0x24;

  /** What the first 8259 says when a request has gone before it was acknowledged. */
  static final int SPURIOUS_VECTOR = 0x27;

  private static final int MASTER = 0x20;
  private static final int SLAVE = 0xA0;
  private static final int END_OF_INTERRUPT = 0x20;
  private static final int TIMER_CHANNEL_0 = 0x40;
  private static final int TIMER_COMMAND = 0x43;

  /** 1,193,182 Hz by 1,193 is a millisecond, nearly. */
  private static final int DIVISOR = 1193;

  private final Assembler a;
  private final Label initialize;
  private final Label timerInterrupt;
  private final Label milliseconds;

  LegacyChips(Assembler a) {
    this.a = a;
    this.initialize = a.label("initializeLegacyChips");
    this.timerInterrupt = a.label("legacyTimerInterrupt");
    this.milliseconds = a.label("milliseconds");
  }

  /** Routine: vectors 20 to 2F, edge-triggered, only timer and UART unmasked; starts the timer. */
  Label initialize() {
    return initialize;
  }

  /** Routine: another millisecond. */
  Label timerInterrupt() {
    return timerInterrupt;
  }

  /** Variable of 64 bits: milliseconds since the start. */
  Label milliseconds() {
    return milliseconds;
  }

  /** Tells the first 8259 that its interrupt is served; AL is lost. */
  void endInterrupt() {
    write(MASTER, END_OF_INTERRUPT);
  }

  void code() {
    a.bind(initialize);
    write(MASTER, 0x11);
    write(MASTER + 1, TIMER_VECTOR);
    write(MASTER + 1, 1 << 2);
    write(MASTER + 1, 0x01);
    write(SLAVE, 0x11);
    write(SLAVE + 1, TIMER_VECTOR + 8);
    write(SLAVE + 1, 2);
    write(SLAVE + 1, 0x01);
    write(MASTER + 1, 0xFF & ~(1 | 1 << 4));
    write(SLAVE + 1, 0xFF);
    // Channel 0, both bytes, mode 2, binary.
    write(TIMER_COMMAND, 0x34);
    write(TIMER_CHANNEL_0, DIVISOR & 0xFF);
    write(TIMER_CHANNEL_0, DIVISOR >> 8);
    a.ret();

    a.bind(timerInterrupt).inc(ptr(milliseconds).bytes(8));
    endInterrupt();
    a.ret();

    a.align(8).bind(milliseconds).quadwords(0);
  }

  private void write(int port, int value) {
    a.mov(AL, value).out(port, AL);
  }
}
