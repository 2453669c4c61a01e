package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** What all tasks share: system calls, numbers in letters, lines of results. */
final class UserRuntime {
  /** The line that is being written, on the last page of private data. */
  static final long LINE = USER_DATA + 0x3000;

  private final Assembler a;
  private final Label printLine;
  private final Label copyText;
  private final Label decimal;
  private final Label hexadecimal;
  private final Label send;
  private final Label wrong;

  UserRuntime(Assembler a) {
    this.a = a;
    this.printLine = a.label("printLine");
    this.copyText = a.label("copyText");
    this.decimal = a.label("decimal");
    this.hexadecimal = a.label("hexadecimal");
    this.send = a.label("sendLine");
    this.wrong = a.label("wrongResult");
  }

  /** Routine: prints the text at RSI, the number EDI, the value RDX and the vCPU on a line. */
  Label printLine() {
    return printLine;
  }

  /** Routine: appends the zero-terminated text at RSI to the line, which ends at RDI. */
  Label copyText() {
    return copyText;
  }

  /** Routine: appends EAX as a decimal number to the line, which ends at RDI. */
  Label decimal() {
    return decimal;
  }

  /** Routine: prints the line, which ends at RDI. */
  Label send() {
    return send;
  }

  /** Where a task goes whose result contradicts itself. */
  Label wrong() {
    return wrong;
  }

  /** Writes a system call by SYSCALL; RAX gets its result, RCX and R11 are lost. */
  void systemCall(int number) {
    a.mov(EAX, number).syscall();
  }

  /** Writes code that appends a character to the line. */
  void append(char character) {
    a.mov(AL, character).stos(1);
  }

  /** Writes code that begins a new line. */
  void begin() {
    a.mov(EDI, LINE);
  }

  void code() {
    Label cpu = a.label("cpuText");
    Label wrongText = a.label("wrongText");
    a.bind(printLine).push(RDX).push(RDI);
    begin();
    a.call(copyText);
    append(' ');
    a.pop(RAX).call(decimal);
    append(' ');
    a.pop(RAX).call(hexadecimal);
    a.lea(RSI, ptr(cpu)).call(copyText);
    systemCall(SystemCalls.CPU_NUMBER);
    a.add(AL, '0').stos(1);
    append('\r');
    append('\n');
    a.jmp(send);

    a.bind(send).mov(RSI, RDI).mov(EDI, LINE).sub(RSI, RDI);
    systemCall(SystemCalls.WRITE);
    a.ret();

    a.bind(wrong);
    begin();
    a.lea(RSI, ptr(wrongText)).call(copyText).call(send);
    systemCall(SystemCalls.EXIT);

    copying();
    numbers();
    a.bind(cpu).asciz(" cpu ");
    a.bind(wrongText).asciz("wrong result\r\n");
  }

  private void copying() {
    Label next = a.label("copyNext");
    Label end = a.label("copyEnd");
    a.bind(copyText);
    a.bind(next).lods(1).test(AL, AL).je(end).stos(1).jmp(next);
    a.bind(end).ret();
  }

  private void numbers() {
    Label divide = a.label("decimalDivide");
    Label store = a.label("decimalStore");
    a.bind(decimal).xor(ECX, ECX).mov(R8D, 10);
    a.bind(divide).xor(EDX, EDX).div(R8D).add(DL, '0').push(RDX).inc(ECX);
    a.test(EAX, EAX).jne(divide);
    a.bind(store).pop(RAX).stos(1).loop(store).ret();

    Label digit = a.label("hexadecimalDigit");
    Label letter = a.label("hexadecimalLetter");
    a.bind(hexadecimal).mov(RDX, RAX).mov(ECX, 16);
    a.bind(digit).rol(RDX, 4).mov(EAX, EDX).and(AL, 15).add(AL, '0').cmp(AL, '9').jbe(letter);
    a.add(AL, 'A' - '0' - 10);
    a.bind(letter).stos(1).loop(digit).ret();
  }
}
