package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.CPU_TASK;
import static dev.hindsight.board.builtin.KernelData.IDT;
import static dev.hindsight.board.builtin.KernelData.TASK;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_CODE;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The interrupt descriptor table, the entries behind it, and exceptions. */
final class Interrupts {
  private static final int SYSTEM_CALL_VECTOR = 0x80;
  private static final int EXCEPTIONS = 32;
  private static final int DOUBLE_FAULT = 8;
  private static final int PAGE_FAULT = 14;

  /** Exceptions that push an error code. */
  private static final int WITH_ERROR_CODE =
      1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 21;

  private static final int TASK_SHIFT = Integer.numberOfTrailingZeros(KernelData.TASK_BYTES);

  private static final int INTERRUPT_GATE = 0x8E00;
  private static final int USER_INTERRUPT_GATE = 0xEE00;

  private final Assembler a;
  private final Scheduler scheduler;
  private final SerialPort serialPort;
  private final PageFrames frames;
  private final SystemCalls systemCalls;
  private final LegacyChips legacyChips;
  private final Label buildIdt;
  private final Label common;
  private final Label exception;
  private final Label gates;
  private final SequencedMap<Integer, Label> handlers = new LinkedHashMap<>();
  private final SequencedMap<Integer, Label> stubs = new LinkedHashMap<>();

  Interrupts(
      Assembler a,
      Scheduler scheduler,
      SerialPort serialPort,
      PageFrames frames,
      LocalApic localApic,
      LegacyChips legacyChips,
      SystemCalls systemCalls) {
    this.a = a;
    this.scheduler = scheduler;
    this.serialPort = serialPort;
    this.frames = frames;
    this.systemCalls = systemCalls;
    this.legacyChips = legacyChips;
    this.buildIdt = a.label("buildIdt");
    this.common = a.label("commonEntry");
    this.exception = a.label("exception");
    this.gates = a.label("gates");
    for (int vector = 0; vector < EXCEPTIONS; vector++) {
      handlers.put(vector, exception);
    }
    handlers.put(LegacyChips.TIMER_VECTOR, legacyChips.timerInterrupt());
    handlers.put(LegacyChips.SERIAL_VECTOR, a.label("serialEntry"));
    handlers.put(LegacyChips.SPURIOUS_VECTOR, a.label("spuriousLegacy"));
    handlers.put(LocalApic.TIMER_VECTOR, localApic.timerInterrupt());
    handlers.put(LocalApic.RESCHEDULE_VECTOR, localApic.rescheduleInterrupt());
    handlers.put(SYSTEM_CALL_VECTOR, systemCalls.dispatch());
    handlers.put(LocalApic.SPURIOUS_VECTOR, a.label("spuriousApic"));
    handlers.keySet().forEach(vector -> stubs.put(vector, a.label("vector" + vector)));
  }

  /** Routine: fills the IDT. */
  Label buildIdt() {
    return buildIdt;
  }

  void code() {
    builder();
    handlers.forEach(this::stub);
    commonEntry();
    exceptions();
    a.bind(handler(LegacyChips.SERIAL_VECTOR)).call(serialPort.interrupt());
    legacyChips.endInterrupt();
    a.jmp(scheduler.schedule());
    a.bind(handler(LegacyChips.SPURIOUS_VECTOR));
    a.bind(handler(LocalApic.SPURIOUS_VECTOR)).ret();
    table();
  }

  private Label handler(int vector) {
    return handlers.getOrDefault(vector, exception);
  }

  /** Splits the entries' addresses as the gates want them. */
  private void builder() {
    Label next = a.label("nextGate");
    a.bind(buildIdt).lea(RSI, ptr(gates)).mov(ECX, stubs.size());
    a.bind(next);
    a.movzx(EDI, ptr(RSI).bytes(2)).shl(EDI, 4).mov(RAX, IDT).add(RDI, RAX);
    a.mov(RAX, ptr(RSI, 8)).mov(ptr(RDI), AX).mov(ptr(RDI, 2).bytes(2), KERNEL_CODE);
    a.movzx(EDX, ptr(RSI, 2).bytes(2)).mov(ptr(RDI, 4), DX);
    a.shr(RAX, 16).mov(ptr(RDI, 6), AX).shr(RAX, 16).mov(ptr(RDI, 8), EAX);
    a.add(RSI, 16).dec(ECX).jne(next).ret();
  }

  /** What {@link #builder} reads: vector, type and IST, address. */
  private void table() {
    a.align(8).bind(gates);
    stubs.forEach((vector, stub) -> {
      int type = vector == SYSTEM_CALL_VECTOR ? USER_INTERRUPT_GATE : INTERRUPT_GATE;
      int stack = vector == DOUBLE_FAULT ? 1 : 0;
      a.words(vector, type | stack, 0, 0).datum(offset(stub), 8);
    });
  }

  private void stub(int vector, Label handler) {
    a.bind(stubs.getOrDefault(vector, common));
    boolean pushed = vector < EXCEPTIONS && (WITH_ERROR_CODE >> vector & 1) != 0;
    if (!pushed) {
      a.push(0);
    }
    a.push(vector);
    TrapFrame.pushRegisters(a);
    a.lea(RBX, ptr(handler)).jmp(common);
  }

  /**
   * Calls the handler in RBX with the trap frame in RDI and RBP, then returns where it came from.
   */
  private void commonEntry() {
    Label fromKernel = a.label("fromKernel");
    Label toKernel = a.label("toKernel");
    a.bind(common).cld();
    a.test(ptr(RSP, TrapFrame.CS_SLOT).bytes(1), 3).je(fromKernel).swapgs();
    a.bind(fromKernel).mov(RDI, RSP).mov(RBP, RSP).call(RBX);
    a.test(ptr(RSP, TrapFrame.CS_SLOT).bytes(1), 3).je(toKernel).swapgs();
    a.bind(toKernel);
    TrapFrame.popRegisters(a);
    a.add(RSP, 16).operandSize(64).iret();
  }

  /** A touched heap page is made; else a task is ended, and a fault of the kernel stops it. */
  private void exceptions() {
    Label notPageFault = a.label("notPageFault");
    Label fatal = a.label("fatal");
    Label back = a.label("pageIsThere");
    Label kernelText = a.label("kernelFaultText");
    Label taskText = a.label("taskFaultText");
    Label halted = a.label("haltedForGood");
    Label endedText = a.label("endedText");
    Label lineEnd = a.label("lineEnd");
    Label printVector = a.label("printVector");
    a.bind(exception);
    a.cmp(ptr(RBP, TrapFrame.VECTOR).bytes(8), PAGE_FAULT).jne(notPageFault);
    a.test(ptr(RBP, TrapFrame.ERROR_CODE).bytes(1), 1).jne(notPageFault);
    a.call(frames.touch()).test(EAX, EAX).jne(back);

    a.bind(notPageFault);
    a.test(ptr(RBP, TrapFrame.CS_SLOT).bytes(1), 3).je(fatal);
    a.call(scheduler.lock()).lea(RSI, ptr(taskText)).call(serialPort.print());
    a.mov(RAX, Scheduler.cpu(CPU_TASK)).mov(RDX, TASK).sub(RAX, RDX).shr(EAX, TASK_SHIFT);
    a.add(AL, '0').call(serialPort.put());
    a.lea(RSI, ptr(endedText)).call(serialPort.print()).call(printVector);
    serialPort.startSending();
    scheduler.unlock();
    a.jmp(systemCalls.endTask());

    a.bind(fatal).lea(RSI, ptr(kernelText)).call(serialPort.print());
    a.lea(RSI, ptr(endedText)).call(serialPort.print()).call(printVector);
    a.call(serialPort.flush());
    a.bind(halted).cli().hlt().jmp(halted);
    a.bind(back).ret();

    // Two decimal digits and the end of the line.
    a.bind(printVector).mov(EAX, ptr(RBP, TrapFrame.VECTOR).bytes(4)).mov(CL, 10).div(CL);
    a.add(AX, ('0' << 8) + '0').mov(R8D, EAX).call(serialPort.put());
    a.mov(EAX, R8D).shr(EAX, 8).call(serialPort.put());
    a.lea(RSI, ptr(lineEnd)).jmp(serialPort.print());

    a.bind(taskText).asciz("task ");
    a.bind(kernelText).asciz("kernel");
    a.bind(endedText).asciz(" ended by exception ");
    a.bind(lineEnd).asciz("\r\n");
  }
}
