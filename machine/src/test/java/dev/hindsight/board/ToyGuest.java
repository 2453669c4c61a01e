package dev.hindsight.board;

import static dev.hindsight.x86.Register.AL;
import static dev.hindsight.x86.Register.AX;
import static dev.hindsight.x86.Register.BX;
import static dev.hindsight.x86.Register.CX;
import static dev.hindsight.x86.Register.DI;
import static dev.hindsight.x86.Register.DS;
import static dev.hindsight.x86.Register.DX;
import static dev.hindsight.x86.Register.ES;
import static dev.hindsight.x86.Register.SI;
import static dev.hindsight.x86.Register.SP;
import static dev.hindsight.x86.Register.SS;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * A real-mode guest for {@link ToyChipset}: each vCPU mixes a piece of memory, halts, sends
 * interrupts to the other and counts what comes; the first echoes what is typed, prints a letter
 * now and then, and at the end switches the machine off.
 */
public final class ToyGuest {
  private static final int ROM_OFFSET = 0xF000;
  private static final int SEGMENT = 0xF000;
  private static final int ROUNDS = 0x500;
  private static final int SHARED = 0x502;
  private static final int TICKS = 0x504;
  private static final int SENT = 0x506;
  private static final int FIRST_BUFFER = 0x8000;
  private static final int SECOND_BUFFER = 0xA000;
  private static final int BUFFER_BYTES = 0x200;

  private static final CpuModel MODEL = CpuModels.V2;
  private static final Decoder DECODER = new Decoder(MODEL.features());
  private static final SemanticTable SEMANTICS = InstructionSet.semantics();

  private ToyGuest() {}

  /** A machine with this guest. */
  public static Machine machine(
      int vcpus, int rounds, World world, OutputListener outputs, int tlbCapacity) {
    byte[] rom = rom(rounds, vcpus);
    return Machine.builder()
        .cpuModel(MODEL)
        .vcpus(vcpus)
        .quantum(3000)
        .memoryBytes(1 << 20)
        .image(Image.rom("reset", 0xFFFF_F000L, rom))
        .image(Image.rom("rom", 0xF_F000, rom))
        .chipset(new ToyChipset())
        .engine((memory, model) -> new Interpreter(memory, DECODER, SEMANTICS))
        .world(world)
        .outputs(outputs)
        .tlbCapacity(tlbCapacity)
        .build();
  }

  private static byte[] rom(int rounds, int vcpus) {
    Assembler a = new Assembler(CodeMode.BITS16, ROM_OFFSET);
    Label second = a.label("second");
    Label first = a.label("first");
    Label timer = a.label("timer");
    Label serial = a.label("serial");
    Label sent = a.label("sent");
    a.jmpf(far(SEGMENT, second, 16)); // where the start-up vector FFh leads
    a.bind(first);
    segments(a, 0x7000);
    vector(a, ToyChipset.TIMER_VECTOR, timer);
    vector(a, ToyChipset.SERIAL_VECTOR, serial);
    vector(a, ToyChipset.SEND_VECTOR, sent);
    a.mov(AX, 2777);
    a.out(ToyChipset.TIMER_PORT, AX);
    if (vcpus > 1) {
      a.mov(AL, 0xFF);
      a.out(ToyChipset.START_PORT, AL);
    }
    a.sti();
    work(a, FIRST_BUFFER, 1 % vcpus, rounds);
    a.out(ToyChipset.POWER_PORT, AL);
    Label end = a.label("end");
    a.bind(end);
    a.jmp(end);
    a.bind(second);
    segments(a, 0x6000);
    a.sti();
    work(a, SECOND_BUFFER, 0, 0xFFFF);
    a.hlt();
    handlers(a, timer, serial, sent);
    a.org(ROM_OFFSET + 0xFF0);
    a.jmp(first);
    a.org(ROM_OFFSET + 0x1000);
    return a.assemble();
  }

  private static void segments(Assembler a, int stack) {
    a.xor(AX, AX);
    a.mov(DS, AX);
    a.mov(ES, AX);
    a.mov(SS, AX);
    a.mov(SP, stack);
  }

  private static void vector(Assembler a, int number, Label handler) {
    a.mov(AX, offset(handler));
    a.mov(abs(4L * number), AX);
    a.mov(AX, SEGMENT);
    a.mov(abs(4L * number + 2), AX);
  }

  /**
   * Mixes a buffer, rounds times; in between tells the other vCPU, prints, reads the time, halts.
   */
  private static void work(Assembler a, int buffer, int other, int rounds) {
    Label round = a.label("round" + buffer);
    Label mix = a.label("mix" + buffer);
    Label quiet = a.label("quiet" + buffer);
    a.mov(CX, rounds);
    a.bind(round);
    a.push(CX);
    a.mov(DI, buffer);
    a.mov(CX, BUFFER_BYTES / 2);
    a.mov(BX, abs(SHARED));
    a.bind(mix);
    a.imul(BX, BX, 0x6255);
    a.add(BX, 0x3619);
    a.add(ptr(DI), BX);
    a.add(DI, 2);
    a.dec(CX);
    a.jne(mix);
    a.lock().xadd(abs(SHARED), BX);
    a.mov(SI, buffer);
    a.mov(DI, buffer + 0x1000);
    a.mov(CX, BUFFER_BYTES);
    a.rep().movs(1);
    a.in(AX, ToyChipset.TIMER_PORT);
    a.xor(abs(SHARED), AX);
    a.pop(CX);
    a.test(CX, 7);
    a.jne(quiet);
    a.mov(AL, other);
    a.out(ToyChipset.SEND_PORT, AL);
    a.mov(DX, ToyChipset.SERIAL_PORT);
    a.mov(AL, 'a' + other);
    a.out(DX, AL);
    a.hlt();
    a.bind(quiet);
    a.lock().inc(abs(ROUNDS).bytes(2));
    a.dec(CX);
    a.jne(round);
  }

  private static void handlers(Assembler a, Label timer, Label serial, Label sent) {
    a.bind(timer);
    a.inc(abs(TICKS).bytes(2));
    a.iret();
    a.bind(sent);
    a.lock().inc(abs(SENT).bytes(2));
    a.iret();
    a.bind(serial);
    a.push(AX);
    a.push(DX);
    a.mov(DX, ToyChipset.SERIAL_PORT);
    a.in(AL, DX);
    a.out(DX, AL);
    a.pop(DX);
    a.pop(AX);
    a.iret();
  }
}
