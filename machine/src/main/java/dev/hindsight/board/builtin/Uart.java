package dev.hindsight.board.builtin;

import static dev.hindsight.x86.Register.*;

import dev.hindsight.x86.assembler.Assembler;

/** The registers of the 16550 at COM1, and how it is set up. */
final class Uart {
  static final int PORT = 0x3F8;
  static final int INTERRUPT_ENABLE = PORT + 1;
  static final int INTERRUPT_IDENTIFICATION = PORT + 2;
  static final int FIFO_CONTROL = PORT + 2;
  static final int LINE_CONTROL = PORT + 3;
  static final int MODEM_CONTROL = PORT + 4;
  static final int LINE_STATUS = PORT + 5;
  static final int MODEM_STATUS = PORT + 6;

  /** Interrupt enable: received data; transmitter empty. */
  static final int RECEIVED = 1;

  static final int TRANSMITTED = 2;

  private Uart() {}

  /** 115,200 baud, 8N1, FIFOs on, OUT2 high so that the interrupt passes, none enabled. */
  static void initialize(Assembler a) {
    write(a, LINE_CONTROL, 0x80);
    write(a, PORT, 1);
    write(a, PORT + 1, 0);
    write(a, LINE_CONTROL, 0x03);
    write(a, FIFO_CONTROL, 0x07);
    write(a, MODEM_CONTROL, 0x0B);
    write(a, INTERRUPT_ENABLE, 0);
  }

  /** Writes a constant to a register; AL and DX are lost. */
  static void write(Assembler a, int port, int value) {
    a.mov(DX, port).mov(AL, value).out(DX, AL);
  }
}
