package dev.hindsight.cpu.interpreter;

import static dev.hindsight.x86.Register.EAX;
import static dev.hindsight.x86.Register.EBX;
import static dev.hindsight.x86.Register.ECX;
import static dev.hindsight.x86.Register.EDX;
import static dev.hindsight.x86.Register.ESP;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.TortureMachine.Manner;
import dev.hindsight.translator.TestEngines;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that count what they do: to the instruction, however the engine is driven. */
class PerformanceCountingTest {
  private static final int GDT = 0x800;
  private static final int TSS = 0xA00;
  private static final int RESULT = 0xC00;
  private static final int CODE = 0x8000;
  private static final int KERNEL_STACK = 0x1_8000;
  private static final int USER_STACK = 0x1_C000;
  private static final int CALL = 0x30;

  private static final int USR = 1 << 16;
  private static final int OS = 1 << 17;
  private static final int INT = 1 << 20;
  private static final int EN = 1 << 22;
  private static final int INSTRUCTIONS = 0xC0;
  private static final int BRANCHES = 0xC4;
  private static final int ALL_COUNTERS = 0xF;

  private static final int LOOPS = 1000;

  private static final Manner WHOLE = new Manner(Stops.NONE, 100_000, false);
  private static final List<Manner> MANNERS =
      List.of(
          new Manner(Stops.NONE, 1, false),
          new Manner(Stops.NONE, 7, true),
          new Manner(Stops.NONE, 300, true));

  /** The kernel begins at {@link #CODE}; interrupts lead to labels of these names. */
  private static final class Program {
    final Assembler a = new Assembler(CodeMode.BITS32, CODE);

    Program() {
      // after reset general counters are enabled
      writeMsr(0x38F, 0);
    }

    void writeMsr(int number, long value) {
      a.mov(ECX, number).mov(EAX, (int) value).mov(EDX, (int) (value >>> 32)).wrmsr();
    }

    /** The last WRMSR enables what is selected; it is the first instruction counted. */
    void enable() {
      writeMsr(0x38D, 0x333);
      writeMsr(0x38F, ALL_COUNTERS | 7L << 32);
    }

    /** Three instructions that are counted, and one that is not. */
    void disable() {
      a.mov(ECX, 0x38F).xor(EAX, EAX).xor(EDX, EDX).wrmsr();
    }

    void call() {
      a.bytes(0xCD, CALL);
    }

    /** 1 + 2 * {@link #LOOPS} instructions, LOOPS branches. */
    void loop(String name) {
      Label again = a.label(name);
      a.mov(EBX, LOOPS).bind(again).dec(EBX).jne(again);
    }

    void enterUser(Label at) {
      a.push(0x23).push(USER_STACK).push(2).push(0x1B).push(offset(at)).iret();
    }

    long address(String label) {
      return Objects.requireNonNull(a.symbols().get(label));
    }

    TortureMachine machine(int tlb) {
      byte[] code = a.assemble();
      SortedMap<String, Long> symbols = a.symbols();
      ByteBuffer ram = ByteBuffer.allocate(0x2_0000).order(ByteOrder.LITTLE_ENDIAN);
      gate(ram, 2, symbols.getOrDefault("nmi", 0L), 0x8E00);
      gate(ram, CALL, symbols.getOrDefault("call", 0L), 0xEE00);
      long[] descriptors = {
        0,
        0x00CF_9B00_0000_FFFFL,
        0x00CF_9300_0000_FFFFL,
        0x00CF_FB00_0000_FFFFL,
        0x00CF_F300_0000_FFFFL
      };
      for (int i = 0; i < descriptors.length; i++) {
        ram.putLong(GDT + 8 * i, descriptors[i]);
      }
      ram.putInt(TSS + 4, KERNEL_STACK).putInt(TSS + 8, 0x10);
      ram.put(CODE, code);
      TortureMachine machine = new TortureMachine(1, tlb, TestEngines.INTERPRETER, true);
      machine.memory.write(0, ram.array(), 0, ram.capacity());
      start(machine.cpus.getFirst());
      return machine;
    }

    private static void gate(ByteBuffer ram, int vector, long handler, int type) {
      ram.putInt(8 * vector, 8 << 16 | (int) handler).putInt(8 * vector + 4, type);
    }

    private static void start(Vcpu cpu) {
      cpu.control().cr0(ControlRegisters.CR0_PE | ControlRegisters.CR0_ET);
      cpu.gdtr().set(GDT, 0x27);
      cpu.idtr().set(0, 0x7FF);
      cpu.tr().set(0x28, TSS, 0x67, 0x8B, 0);
      for (int s = 0; s < 6; s++) {
        // those of the program, so that IRET leaves them
        cpu.segment(s).set(0x23, 0, 0xFFFF_FFFFL, 0xF3, 4);
      }
      cpu.ss().set(0x10, 0, 0xFFFF_FFFFL, 0x93, 4);
      cpu.cs().set(8, 0, 0xFFFF_FFFFL, 0x9B, 4);
      cpu.general().set64(GeneralRegisters.RSP, KERNEL_STACK);
      cpu.rip(CODE);
      cpu.pmu().connect(cpu.events()::nmi);
      cpu.updateMode();
    }
  }

  private static void run(TortureMachine machine, Manner manner) {
    machine.run(60_000, 1, manner, new Random(1));
  }

  /** All ways to run a program lead to the same state, which is returned. */
  private static long[] counters(Program program) {
    long expected;
    long[] counters;
    try (TortureMachine machine = program.machine(1024)) {
      run(machine, WHOLE);
      expected = machine.hash();
      counters = machine.cpus.getFirst().save().pmu().counters();
    }
    for (Manner manner : MANNERS) {
      try (TortureMachine machine = program.machine(1)) {
        run(machine, manner);
        assertThat(machine.hash()).as("%s", manner).isEqualTo(expected);
      }
    }
    return counters;
  }

  @Test
  void aLoopInTheKernel() {
    Program p = new Program();
    p.writeMsr(0x186, INSTRUCTIONS | OS | EN);
    p.writeMsr(0x187, BRANCHES | OS | EN);
    p.writeMsr(0x188, BRANCHES | USR | EN);
    p.writeMsr(0x189, BRANCHES | OS | EN | 1 << 23 | 1 << 24);
    p.enable();
    p.loop("loop");
    p.disable();
    p.a.hlt();
    long all = 1 + (1 + 2 * LOOPS) + 3;
    assertThat(counters(p)).containsExactly(all, LOOPS, 0, all - LOOPS, all, all, all);
  }

  @Test
  void aLoopInAProgram() {
    Program p = new Program();
    p.writeMsr(0x186, INSTRUCTIONS | USR | EN);
    p.writeMsr(0x187, INSTRUCTIONS | OS | EN);
    p.writeMsr(0x188, BRANCHES | USR | EN);
    p.writeMsr(0x189, BRANCHES | OS | EN);
    p.enable();
    Label user = p.a.label("user");
    p.enterUser(user);
    p.a.bind(user);
    p.loop("loop");
    p.call();
    p.a.here("call");
    p.disable();
    p.a.hlt();
    // IRET counts where it leads, INT too
    long atUser = 1 + (1 + 2 * LOOPS);
    long atKernel = 1 + 5 + 1 + 3;
    long all = atUser + atKernel;
    assertThat(counters(p)).containsExactly(atUser, atKernel, LOOPS + 1, 1, all, all, all);
  }

  @Test
  void anIterationIsAnInstruction() {
    Program p = new Program();
    p.writeMsr(0x186, INSTRUCTIONS | OS | EN);
    p.enable();
    p.a.mov(ECX, 500).mov(EBX, 0).rep().lods(1);
    p.disable();
    p.a.hlt();
    assertThat(counters(p)[0]).isEqualTo(1 + 2 + 500 + 3);
  }

  @Test
  void eachKindOfBranchCountsOnce() {
    Program p = new Program();
    Assembler a = p.a;
    p.writeMsr(0x186, BRANCHES | OS | EN);
    p.enable();
    Label next = a.label("next");
    Label routine = a.label("routine");
    Label end = a.label("end");
    Label over = a.label("over");
    a.jmp(next).bind(next);
    a.mov(EAX, offset(routine)).call(EAX);
    a.call(routine);
    a.mov(ECX, 3);
    Label again = a.label("again");
    a.bind(again).loop(again);
    a.jecxz(end);
    a.bind(end);
    a.cmp(ECX, ECX).jne(end).je(over).bind(over);
    p.call();
    p.disable();
    a.hlt();
    a.bind(routine).ret();
    a.here("call");
    a.iret();
    // jmp, twice call and ret, three times loop, jecxz, jne, je, int and iret
    assertThat(counters(p)[0]).isEqualTo(1 + 4 + 3 + 1 + 1 + 1 + 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 11, 500})
  void anOverflowOfBranchesInterruptsBehindTheBranch(int period) {
    Program p = interrupted(BRANCHES, period);
    try (TortureMachine machine = p.machine(1024)) {
      run(machine, WHOLE);
      // IRET was the first
      assertThat(machine.memory.read(RESULT, 4)).isEqualTo(LOOPS - (period - 1));
      long at = p.address(period == 1 ? "user" : "loop");
      assertThat(machine.memory.read(RESULT + 4, 4)).isEqualTo(at);
    }
    counters(p);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 10, 11, 501})
  void anOverflowOfInstructionsInterruptsBehindTheInstruction(int period) {
    Program p = interrupted(INSTRUCTIONS, period);
    try (TortureMachine machine = p.machine(1024)) {
      run(machine, WHOLE);
      // after IRET and MOV
      int inLoop = period - 2;
      assertThat(machine.memory.read(RESULT, 4)).isEqualTo(LOOPS - (inLoop + 1) / 2);
      long loop = p.address("loop");
      assertThat(machine.memory.read(RESULT + 4, 4)).isEqualTo(loop + (inLoop & 1));
    }
    counters(p);
  }

  /** The NMI's handler stores EBX and the address to which it would return. */
  private static Program interrupted(int event, int period) {
    Program p = new Program();
    p.writeMsr(0xC1, -period);
    p.writeMsr(0x186, event | USR | INT | EN);
    p.a.mov(EBX, LOOPS);
    p.enable();
    Label user = p.a.label("user");
    p.enterUser(user);
    p.a.bind(user);
    p.loop("loop");
    p.call();
    p.a.here("call");
    p.a.hlt();
    p.a.here("nmi");
    p.disable();
    p.a.mov(abs(RESULT), EBX).mov(EAX, ptr(ESP)).mov(abs(RESULT + 4), EAX).hlt();
    return p;
  }

  @Test
  void initLeavesTheCountersAndResetClearsThem() {
    Program p = new Program();
    p.writeMsr(0x186, INSTRUCTIONS | OS | EN);
    p.enable();
    p.loop("loop");
    p.disable();
    p.a.hlt();
    try (TortureMachine machine = p.machine(16)) {
      run(machine, WHOLE);
      Vcpu cpu = machine.cpus.getFirst();
      long[] before = cpu.save().pmu().counters();
      assertThat(before[0]).isPositive();
      cpu.init();
      assertThat(cpu.flags().is(Flags.IF)).isFalse();
      assertThat(cpu.save().pmu().counters()).isEqualTo(before);
      cpu.reset();
      assertThat(cpu.save().pmu().counters()).containsOnly(0);
    }
  }
}
