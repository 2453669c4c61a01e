package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.INPUT;
import static dev.hindsight.board.builtin.KernelData.INPUT_BYTES;
import static dev.hindsight.board.builtin.KernelData.OUTPUT;
import static dev.hindsight.board.builtin.KernelData.OUTPUT_BYTES;
import static dev.hindsight.board.builtin.KernelData.WAITING_FOR_INPUT;
import static dev.hindsight.board.builtin.KernelData.WAITING_FOR_OUTPUT;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * The UART's driver: a ring for each direction and an interrupt that moves characters between rings
 * and FIFOs. The rings' positions only grow; their low bits are the index. All is under the
 * kernel's lock.
 */
final class SerialPort {
  private static final int FIFO_DEPTH = 16;

  private final Assembler a;
  private final Scheduler scheduler;
  private final Label outputHead;
  private final Label outputTail;
  private final Label inputHead;
  private final Label inputTail;
  private final Label print;
  private final Label put;
  private final Label interrupt;
  private final Label fill;
  private final Label flush;

  SerialPort(Assembler a, Scheduler scheduler) {
    this.a = a;
    this.scheduler = scheduler;
    this.outputHead = a.label("outputHead");
    this.outputTail = a.label("outputTail");
    this.inputHead = a.label("inputHead");
    this.inputTail = a.label("inputTail");
    this.print = a.label("print");
    this.put = a.label("putCharacter");
    this.interrupt = a.label("serialInterrupt");
    this.fill = a.label("fillFifo");
    this.flush = a.label("flushOutput");
  }

  /** Routine: queues the zero-terminated text at RSI, which must have room. */
  Label print() {
    return print;
  }

  /** Routine: queues the character in AL; changes RCX and RDX only. */
  Label put() {
    return put;
  }

  /** Routine: does what the UART's interrupt asks for. */
  Label interrupt() {
    return interrupt;
  }

  /** Routine: sends all that is queued and waits until the line is quiet. */
  Label flush() {
    return flush;
  }

  /** Leaves in EAX how many characters the output ring has room for. */
  void loadRoom() {
    a.mov(EAX, OUTPUT_BYTES).sub(EAX, ptr(outputHead)).add(EAX, ptr(outputTail));
  }

  /** Lets the interrupt for an empty transmitter come. */
  void startSending() {
    Uart.write(a, Uart.INTERRUPT_ENABLE, Uart.RECEIVED | Uart.TRANSMITTED);
  }

  /** Takes a received character to EAX, or branches if there is none; changes RCX and RDX. */
  void takeInput(Label none) {
    a.mov(ECX, ptr(inputTail)).cmp(ECX, ptr(inputHead)).je(none);
    a.and(ECX, INPUT_BYTES - 1).mov(RDX, INPUT).movzx(EAX, ptr(RDX).plus(RCX).bytes(1));
    a.inc(ptr(inputTail).bytes(4));
  }

  void code() {
    printing();
    interrupting();
    filling();
    flushing();
    a.align(4);
    for (Label variable : new Label[] {outputHead, outputTail, inputHead, inputTail}) {
      a.bind(variable).doublewords(0);
    }
  }

  private void printing() {
    Label next = a.label("printNext");
    Label end = a.label("printEnd");
    a.bind(print);
    a.bind(next).lods(1).test(AL, AL).je(end).call(put).jmp(next);
    a.bind(end).ret();

    a.bind(put);
    a.mov(ECX, ptr(outputHead)).and(ECX, OUTPUT_BYTES - 1).mov(RDX, OUTPUT);
    a.mov(ptr(RDX).plus(RCX), AL).inc(ptr(outputHead).bytes(4)).ret();
  }

  private void interrupting() {
    Label next = a.label("serialNext");
    Label received = a.label("serialReceived");
    Label modem = a.label("serialModem");
    Label transmitted = a.label("serialTransmitted");
    Label full = a.label("inputFull");
    Label end = a.label("serialEnd");
    a.bind(interrupt).call(scheduler.lock());
    a.bind(next).mov(DX, Uart.INTERRUPT_IDENTIFICATION).in(AL, DX).test(AL, 1).jne(end);
    a.and(AL, 0x06).cmp(AL, 0x04).je(received).cmp(AL, 0x02).je(transmitted);
    a.cmp(AL, 0).je(modem);
    a.mov(DX, Uart.LINE_STATUS).in(AL, DX).jmp(next);
    a.bind(modem).mov(DX, Uart.MODEM_STATUS).in(AL, DX).jmp(next);
    a.bind(transmitted).call(fill).jmp(next);

    a.bind(received).mov(DX, Uart.PORT).in(AL, DX);
    a.mov(ECX, ptr(inputHead)).mov(EDX, ECX).sub(EDX, ptr(inputTail));
    a.cmp(EDX, INPUT_BYTES).jae(full);
    a.and(ECX, INPUT_BYTES - 1).mov(RDX, INPUT).mov(ptr(RDX).plus(RCX), AL);
    a.inc(ptr(inputHead).bytes(4));
    a.bind(full).mov(EDI, WAITING_FOR_INPUT).call(scheduler.wake()).jmp(next);

    a.bind(end);
    scheduler.unlock();
    a.ret();
  }

  /** Sends up to a FIFO's worth; when there is no more to send, asks for no more interrupts. */
  private void filling() {
    Label next = a.label("fillNext");
    Label some = a.label("fillSome");
    Label end = a.label("fillEnd");
    a.bind(fill).mov(R8D, FIFO_DEPTH);
    a.bind(next).mov(ECX, ptr(outputTail)).cmp(ECX, ptr(outputHead)).jne(some);
    Uart.write(a, Uart.INTERRUPT_ENABLE, Uart.RECEIVED);
    a.jmp(end);
    a.bind(some).and(ECX, OUTPUT_BYTES - 1).mov(RDX, OUTPUT).mov(AL, ptr(RDX).plus(RCX));
    a.mov(DX, Uart.PORT).out(DX, AL).inc(ptr(outputTail).bytes(4)).dec(R8D).jne(next);
    a.bind(end);
    loadRoom();
    Label keepWaiting = a.label("keepWaiting");
    a.cmp(EAX, OUTPUT_BYTES / 2).jb(keepWaiting);
    a.mov(EDI, WAITING_FOR_OUTPUT).call(scheduler.wake());
    a.bind(keepWaiting).ret();
  }

  private void flushing() {
    Label wait = a.label("flushWait");
    Label quiet = a.label("flushQuiet");
    a.bind(flush);
    a.bind(wait).mov(DX, Uart.LINE_STATUS).in(AL, DX).test(AL, 0x20).je(wait);
    a.call(fill).mov(ECX, ptr(outputTail)).cmp(ECX, ptr(outputHead)).jne(wait);
    a.bind(quiet).mov(DX, Uart.LINE_STATUS).in(AL, DX).test(AL, 0x40).je(quiet).ret();
  }
}
