package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.CPU_INDEX;
import static dev.hindsight.board.builtin.KernelData.CPU_KERNEL_STACK;
import static dev.hindsight.board.builtin.KernelData.CPU_TASK;
import static dev.hindsight.board.builtin.KernelData.CPU_USER_STACK;
import static dev.hindsight.board.builtin.KernelData.DONE;
import static dev.hindsight.board.builtin.KernelData.ENDING_TASKS;
import static dev.hindsight.board.builtin.KernelData.TASK;
import static dev.hindsight.board.builtin.KernelData.TASKS;
import static dev.hindsight.board.builtin.KernelData.TASK_BYTES;
import static dev.hindsight.board.builtin.KernelData.TASK_CPU;
import static dev.hindsight.board.builtin.KernelData.TASK_STATE;
import static dev.hindsight.board.builtin.KernelData.TASK_SWITCHES;
import static dev.hindsight.board.builtin.KernelData.WAITING_FOR_INPUT;
import static dev.hindsight.board.builtin.KernelData.WAITING_FOR_OUTPUT;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE_64;
import static dev.hindsight.board.builtin.MemoryLayout.USER_HEAP;
import static dev.hindsight.board.builtin.MemoryLayout.USER_STACK;
import static dev.hindsight.x86.Mnemonic.SYSRET;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * What tasks ask of the kernel, by SYSCALL from 64-bit code and by INT 80 from 32-bit code: the
 * number in RAX, arguments in RDI and RSI, the result in RAX.
 */
final class SystemCalls {
  /** Ends the task. */
  static final int EXIT = 0;

  /** Prints RSI bytes from RDI, at most 256, as one piece. */
  static final int WRITE = 1;

  /** Lets another task run. */
  static final int YIELD = 2;

  /** Waits for a character. */
  static final int GET_CHARACTER = 3;

  /** Milliseconds since the start. */
  static final int MILLISECONDS = 4;

  /** State (byte 0), vCPU (byte 1) and switches (high half) of task RDI. */
  static final int TASK_INFORMATION = 5;

  /** Power off: at once if RDI is 0, else when all tasks but the console are done. */
  static final int POWER_OFF = 6;

  /** The number of the vCPU. */
  static final int CPU_NUMBER = 7;

  private static final int NUMBERS = 8;

  private static final int MOST_BYTES = 256;

  /** Where ACPI's PM1a control register is; SLP_EN with SLP_TYP 0. */
  static final int POWER_PORT = 0x604;

  static final int POWER_OFF_VALUE = 0x2000;

  /** Where an emulator may have a device to leave by. */
  static final int EXIT_PORT = 0xF4;

  private final Assembler a;
  private final Scheduler scheduler;
  private final SerialPort serialPort;
  private final LegacyChips legacyChips;
  private final Label entry;
  private final Label dispatch;
  private final Label endTask;
  private final Label powerOff;
  private final Label write;
  private final Label getCharacter;
  private final Label milliseconds;
  private final Label taskInformation;
  private final Label cpuNumber;
  private final Label unfinished;
  private final Label offWhenDone;

  SystemCalls(Assembler a, Scheduler scheduler, SerialPort serialPort, LegacyChips legacyChips) {
    this.a = a;
    this.scheduler = scheduler;
    this.serialPort = serialPort;
    this.legacyChips = legacyChips;
    this.entry = a.label("systemCallEntry");
    this.dispatch = a.label("systemCall");
    this.endTask = a.label("endTask");
    this.powerOff = a.label("powerOff");
    this.write = a.label("writeCall");
    this.getCharacter = a.label("getCharacterCall");
    this.milliseconds = a.label("millisecondsCall");
    this.taskInformation = a.label("taskInformationCall");
    this.cpuNumber = a.label("cpuNumberCall");
    this.unfinished = a.label("unfinished");
    this.offWhenDone = a.label("offWhenDone");
  }

  /** Where SYSCALL goes. */
  Label entry() {
    return entry;
  }

  /** Routine: does the system call of the trap frame in RDI. */
  Label dispatch() {
    return dispatch;
  }

  /** Ends the current task; never returns. */
  Label endTask() {
    return endTask;
  }

  void code() {
    fastEntry();
    dispatching();
    writing();
    reading();
    informing();
    ending();
    a.align(4).bind(unfinished).doublewords(ENDING_TASKS).bind(offWhenDone).doublewords(0);
  }

  /** Builds the trap frame that an interrupt would have made, and returns by SYSRET. */
  private void fastEntry() {
    a.bind(entry).swapgs();
    a.mov(Scheduler.cpu(CPU_USER_STACK), RSP).mov(RSP, Scheduler.cpu(CPU_KERNEL_STACK));
    a.push(USER_STACK).push(Scheduler.cpu(CPU_USER_STACK).bytes(8));
    a.push(R11).push(USER_CODE_64).push(RCX).push(0).push(0x100);
    TrapFrame.pushRegisters(a);
    a.cld().mov(RDI, RSP).call(dispatch);
    TrapFrame.popRegisters(a);
    a.add(RSP, 16).pop(RCX).add(RSP, 8).pop(R11).pop(RSP).swapgs();
    a.operandSize(64).emit(SYSRET);
  }

  private void dispatching() {
    Label table = a.label("systemCallTable");
    Label unknown = a.label("unknownSystemCall");
    a.bind(dispatch).push(RBX).mov(RBX, RDI);
    a.mov(RAX, ptr(RBX, TrapFrame.RAX_SLOT)).cmp(RAX, NUMBERS).jae(unknown);
    a.mov(RDI, ptr(RBX, TrapFrame.RDI_SLOT)).mov(RSI, ptr(RBX, TrapFrame.RSI_SLOT));
    a.lea(RDX, ptr(table)).call(ptr(RDX).plus(RAX, 8));
    a.mov(ptr(RBX, TrapFrame.RAX_SLOT), RAX).pop(RBX).ret();
    a.bind(unknown).mov(ptr(RBX, TrapFrame.RAX_SLOT).bytes(8), -1).pop(RBX).ret();
    a.align(8).bind(table);
    for (int number = 0; number < NUMBERS; number++) {
      a.datum(offset(target(number)), 8);
    }
  }

  private Label target(int number) {
    return switch (number) {
      case EXIT -> endTask;
      case YIELD -> scheduler.schedule();
      case POWER_OFF -> powerOff;
      case WRITE -> write;
      case GET_CHARACTER -> getCharacter;
      case MILLISECONDS -> milliseconds;
      case TASK_INFORMATION -> taskInformation;
      default -> cpuNumber;
    };
  }

  private void writing() {
    Label refuse = a.label("writeRefused");
    Label again = a.label("writeAgain");
    Label wait = a.label("writeWait");
    Label next = a.label("writeNext");
    a.bind(write);
    // Only what is always there may be printed, so that copying cannot fault.
    a.cmp(RSI, MOST_BYTES).ja(refuse).cmp(RDI, USER_CODE).jb(refuse);
    a.lea(RAX, ptr(RDI).plus(RSI)).cmp(RAX, USER_HEAP).ja(refuse);
    a.push(RDI).push(RSI);
    a.bind(again).call(scheduler.lock());
    serialPort.loadRoom();
    a.mov(R9, ptr(RSP)).cmp(EAX, R9D).jb(wait);
    a.mov(RSI, ptr(RSP, 8)).mov(R8D, R9D);
    a.bind(next).lods(1).call(serialPort.put()).dec(R8D).jne(next);
    serialPort.startSending();
    scheduler.unlock();
    a.pop(RAX).pop(RDI).ret();
    a.bind(wait).mov(RAX, Scheduler.cpu(CPU_TASK));
    a.mov(ptr(RAX, TASK_STATE).bytes(4), WAITING_FOR_OUTPUT);
    a.call(scheduler.scheduleLocked()).jmp(again);
    a.bind(refuse).mov(RAX, -1).ret();
  }

  private void reading() {
    Label wait = a.label("readWait");
    a.bind(getCharacter).call(scheduler.lock());
    serialPort.takeInput(wait);
    scheduler.unlock();
    a.ret();
    a.bind(wait).mov(RAX, Scheduler.cpu(CPU_TASK));
    a.mov(ptr(RAX, TASK_STATE).bytes(4), WAITING_FOR_INPUT);
    a.call(scheduler.scheduleLocked()).jmp(getCharacter);
  }

  private void informing() {
    Label refuse = a.label("noSuchTask");
    a.bind(milliseconds).mov(RAX, ptr(legacyChips.milliseconds())).ret();
    a.bind(cpuNumber).mov(EAX, Scheduler.cpu(CPU_INDEX)).ret();
    a.bind(taskInformation).cmp(RDI, TASKS).jae(refuse);
    a.imul(EDI, EDI, TASK_BYTES).mov(RSI, TASK).add(RSI, RDI);
    a.mov(RAX, ptr(RSI, TASK_SWITCHES)).shl(RAX, 32);
    a.mov(EDX, ptr(RSI, TASK_CPU)).shl(EDX, 8).or(EDX, ptr(RSI, TASK_STATE)).or(RAX, RDX).ret();
    a.bind(refuse).mov(RAX, -1).ret();
  }

  /** The end of a task, of all that end, and of the machine. */
  private void ending() {
    Label notLast = a.label("notLast");
    Label notYet = a.label("notYet");
    Label now = a.label("offNow");
    Label halted = a.label("haltedAfterOff");
    a.bind(endTask).call(scheduler.lock()).mov(RAX, Scheduler.cpu(CPU_TASK));
    a.mov(ptr(RAX, TASK_STATE).bytes(4), DONE);
    a.dec(ptr(unfinished).bytes(4)).jne(notLast);
    a.cmp(ptr(offWhenDone).bytes(4), 0).jne(now);
    a.bind(notLast).call(scheduler.scheduleLocked());

    a.bind(powerOff).call(scheduler.lock()).test(RDI, RDI).je(now);
    a.mov(ptr(offWhenDone).bytes(4), 1);
    a.cmp(ptr(unfinished).bytes(4), 0).jg(notYet);
    a.bind(now).call(serialPort.flush());
    a.mov(DX, POWER_PORT).mov(EAX, POWER_OFF_VALUE).out(DX, AX);
    a.mov(DX, EXIT_PORT).xor(EAX, EAX).out(DX, AL);
    a.bind(halted).cli().hlt().jmp(halted);
    a.bind(notYet);
    scheduler.unlock();
    a.xor(EAX, EAX).ret();
  }
}
