package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vector;
import dev.hindsight.memory.GuestRam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Task switches by JMP, CALL, task gate, interrupt and IRET. */
class TaskSwitchTest {
  private static final Rules RULES = Rules.load("task-switches.txt");
  private static final int VECTOR = 0x21;
  private static final int OLD = ProtectedMachine.TSS;
  private static final int NEW = ProtectedMachine.OTHER_TSS;
  private static final int OLD_SELECTOR = ProtectedMachine.TSS_SELECTOR;
  private static final int GATE = 0x88;
  private static final int GDT_LIMIT = ProtectedMachine.GDT_LIMIT;
  private static final int FLAGS = 0x3202;

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  private enum Way {
    JUMP,
    CALL,
    JUMP_GATE,
    CALL_GATE,
    INT,
    FAULT,
    IRET;

    boolean nests() {
      return this == CALL || this == CALL_GATE || this == INT || this == FAULT;
    }

    int ext() {
      return this == FAULT ? 1 : 0;
    }
  }

  /** Fills the new TSS with a task at a privilege level. */
  private void newTask(boolean narrow, int level) {
    int[] selectors = {
      ProtectedMachine.dataSelector(3),
      ProtectedMachine.codeSelector(level),
      ProtectedMachine.dataSelector(level),
      ProtectedMachine.dataSelector(3),
      ProtectedMachine.dataSelector(3),
      ProtectedMachine.dataSelector(3),
    };
    if (narrow) {
      machine.write(NEW + 14, 2, ProtectedMachine.TARGET);
      machine.write(NEW + 16, 2, 0x3002);
      for (int i = 0; i < 8; i++) {
        machine.write(NEW + 18 + 2 * i, 2, i == 4 ? 0x7F00 : 0x1110 + i);
      }
      for (int i = 0; i < 4; i++) {
        machine.write(NEW + 34 + 2 * i, 2, selectors[i]);
      }
      machine.write(NEW + 42, 2, ProtectedMachine.LDT_SELECTOR);
      machine.write(NEW + 2, 2, ProtectedMachine.stackTop(0));
      machine.write(NEW + 4, 2, ProtectedMachine.dataSelector(0));
    } else {
      machine.write(NEW + 32, 4, ProtectedMachine.TARGET);
      machine.write(NEW + 36, 4, 0x3002);
      for (int i = 0; i < 8; i++) {
        machine.write(NEW + 40 + 4 * i, 4, i == 4 ? 0x7F00 : 0x2222_1110 + i);
      }
      for (int i = 0; i < 6; i++) {
        machine.write(NEW + 72 + 4 * i, 4, selectors[i]);
      }
      machine.write(NEW + 96, 4, ProtectedMachine.LDT_SELECTOR);
      machine.write(NEW + 4, 4, ProtectedMachine.stackTop(0));
      machine.write(NEW + 8, 4, ProtectedMachine.dataSelector(0));
    }
  }

  private static int[] far(int opcode, int selector) {
    return new int[] {opcode, 0xEF, 0xBE, 0, 0, selector & 0xFF, selector >> 8};
  }

  private String go(Way way, int tss, int gate, int gateRpl) {
    return switch (way) {
      case JUMP -> machine.execute(far(0xEA, tss));
      case CALL -> machine.execute(far(0x9A, tss));
      case JUMP_GATE -> throughGate(0xEA, tss, gate, gateRpl);
      case CALL_GATE -> throughGate(0x9A, tss, gate, gateRpl);
      case INT -> {
        machine.vector(VECTOR, tss, 0, gate, 0);
        yield machine.execute(0xCD, VECTOR);
      }
      case FAULT -> {
        machine.vector(VECTOR, tss, 0, gate, 0);
        int flags = machine.cpu.flags().get() | Flags.RF;
        yield machine.deliver(new Event(VECTOR, false, 1, flags, true, 0x5678));
      }
      case IRET -> {
        machine.write(OLD, 2, tss);
        machine.cpu.flags().put(Flags.NT, true);
        yield machine.execute(0xCF);
      }
    };
  }

  private String throughGate(int opcode, int tss, int gate, int gateRpl) {
    machine.gate(GATE, tss, 0, gate, 0);
    return machine.execute(far(opcode, GATE | gateRpl));
  }

  private static String kind(Way way) {
    return switch (way) {
      case JUMP, CALL -> "direct";
      case JUMP_GATE, CALL_GATE -> "taskgate";
      case INT, FAULT -> "interrupt";
      case IRET -> "iret";
    };
  }

  @Test
  void descriptorsOfTheNewTask() {
    for (Way way : Way.values()) {
      boolean direct = way == Way.JUMP || way == Way.CALL;
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int access = 0; access < 0x100; access++) {
          // a direct transfer to code or to a call gate is no task switch
          boolean other =
              direct
                  && ((access & 0x10) != 0
                      || (access & 15) == 4
                      || (access & 15) == 12
                      || (access & 15) == 5);
          if (!other) {
            descriptor(way, cpl, 0x80, access, 0x67, 0xE5, 0);
          }
        }
        for (int rpl = 0; rpl < 4; rpl++) {
          for (int dpl = 0; dpl < 4; dpl++) {
            descriptor(way, cpl, 0x80 | rpl, 0x89 | dpl << 5, 0x67, 0xE5, rpl);
            descriptor(way, cpl, 0x80 | rpl, 0x8B | dpl << 5, 0x67, 0xE5, rpl);
            descriptor(way, cpl, 0x80, 0x89, 0x67, 0x85 | dpl << 5, rpl);
            descriptor(way, cpl, 0x80, 0x8B, 0x67, 0x05 | dpl << 5, rpl);
          }
          if (!direct) {
            descriptor(way, cpl, rpl, 0x89, 0x67, 0xE5, 0);
            descriptor(way, cpl, 0x84 | rpl, 0x89, 0x67, 0xE5, 0);
            descriptor(way, cpl, 0x100 | rpl, 0x89, 0x67, 0xE5, 0);
          }
        }
        for (int limit = 0x20; limit < 0x70; limit++) {
          for (int type : new int[] {1, 3, 9, 11}) {
            descriptor(way, cpl, 0x80, 0xE0 | 0x80 | type, limit, 0xE5, 0);
          }
        }
      }
    }
    tally.finish(15_000);
  }

  private void descriptor(Way way, int cpl, int tss, int access, int limit, int gate, int gateRpl) {
    machine.protectedMode(cpl);
    machine.cpu.flags().set(FLAGS);
    newTask((access & 8) == 0, 0);
    if (tss > 3 && tss < GDT_LIMIT && (tss & 4) == 0) {
      machine.descriptor(tss, NEW, limit, access, 0);
    }
    Case c =
        new Case()
            .with("cpl", cpl)
            .with("soft", way == Way.INT)
            .with("ext", way.ext())
            .with("idt", VECTOR << 3 | 2)
            .with("limit", limit)
            .selector("tss", "t", tss, GDT_LIMIT, access)
            .selector("gate", "g", GATE | gateRpl, GDT_LIMIT, gate);
    long rsp = machine.cpu.general().get64(GeneralRegisters.RSP);
    String actual = go(way, tss, gate, gateRpl);
    tally.check(way + " " + c, RULES.expect(kind(way), c.values()), actual);
    if (actual.equals("ok")) {
      check(way, cpl, tss, access, rsp);
    }
  }

  private void check(Way way, int cpl, int tss, int access, long rsp) {
    boolean narrow = (access & 8) == 0;
    assertThat(machine.cpu.tr().selector()).isEqualTo(tss);
    assertThat(machine.cpu.tr().base()).isEqualTo(NEW);
    assertThat(machine.cpu.tr().access()).isEqualTo(access | 2);
    assertThat(machine.accessByte(tss)).isEqualTo(access | 2);
    assertThat(machine.accessByte(OLD_SELECTOR)).isEqualTo(way.nests() ? 0x8B : 0x89);
    assertThat(machine.read(NEW, 2)).isEqualTo(way.nests() ? OLD_SELECTOR : 0);
    assertThat(machine.cpu.control().cr0Has(ControlRegisters.CR0_TS)).isTrue();
    assertThat(machine.cpu.flags().get()).isEqualTo(way.nests() ? 0x7002 : 0x3002);
    assertThat(machine.cpu.cpl()).isZero();
    assertThat(machine.cpu.rip()).isEqualTo(ProtectedMachine.TARGET);
    assertThat(machine.cpu.cs().selector()).isEqualTo(ProtectedMachine.codeSelector(0));
    assertThat(machine.cpu.ss().selector()).isEqualTo(ProtectedMachine.dataSelector(0));
    assertThat(machine.cpu.segment(4).usable()).isEqualTo(!narrow);
    assertThat(machine.cpu.ldtr().selector()).isEqualTo(ProtectedMachine.LDT_SELECTOR);
    assertThat(machine.cpu.general().get64(3)).isEqualTo(narrow ? 0x1113 : 0x2222_1113);
    boolean error = way == Way.FAULT;
    int pushed = error ? (narrow ? 2 : 4) : 0;
    assertThat(machine.cpu.general().get64(4)).isEqualTo(0x7F00 - pushed);
    if (error) {
      assertThat(machine.read(0x7F00 - pushed, pushed)).isEqualTo(0x5678);
    }
    // what was saved of the old task
    int length =
        switch (way) {
          case INT -> 2;
          case IRET -> 1;
          case FAULT -> 0;
          default -> 7;
        };
    assertThat(machine.read(OLD + 32, 4)).isEqualTo(ProtectedMachine.CODE + length);
    assertThat(machine.read(OLD + 36, 4)).isEqualTo(error ? FLAGS | Flags.RF : FLAGS);
    assertThat(machine.read(OLD + 56, 4)).isEqualTo(rsp);
    assertThat(machine.read(OLD + 76, 2)).isEqualTo(ProtectedMachine.codeSelector(cpl));
    assertThat(machine.read(OLD + 80, 2)).isEqualTo(ProtectedMachine.dataSelector(cpl));
    assertThat(machine.read(OLD + 84, 2)).isEqualTo(ProtectedMachine.dataSelector(3));
  }

  /** The faults of loading the new context: delivered in it, through a handler at level 0. */
  @Test
  void segmentsOfTheNewTask() {
    int[] offsets = {72, 76, 80, 84, 88, 92, 96};
    String[] kinds = {"data", "cs", "ss", "data", "data", "data", "ldtr"};
    for (int segment = 0; segment < 7; segment++) {
      for (int rpl = 0; rpl < 4; rpl++) {
        if (segment == 1 && rpl != 3) {
          continue; // the new task runs at privilege level 3
        }
        for (int access = 0; access < 0x100; access++) {
          segment(kinds[segment], offsets[segment], 0x80 | rpl, access);
        }
        segment(kinds[segment], offsets[segment], rpl, 0xF3);
        segment(kinds[segment], offsets[segment], 0x100 | rpl, 0xF3);
        if (segment == 6) {
          segment(kinds[segment], offsets[segment], 0x84 | rpl, 0x82);
        }
      }
    }
    tally.finish(6000);
  }

  private void segment(String kind, int offset, int selector, int access) {
    machine.protectedMode(0);
    newTask(false, 3);
    machine.write(NEW + offset, 2, selector);
    if (selector > 3 && selector < GDT_LIMIT) {
      machine.descriptor(selector, 0, 0xFFFFF, access, 12);
    }
    for (int v = 8; v < 15; v++) {
      machine.vector(v, ProtectedMachine.codeSelector(0), 0x4F00 + v, 0x8E, 0);
    }
    Case c = new Case().with("cpl", 3).selector("sel", "", selector, GDT_LIMIT, access);
    assertThat(machine.execute(far(0xEA, ProtectedMachine.OTHER_TSS_SELECTOR))).isEqualTo("ok");
    String actual = "ok";
    if (machine.cpu.rip() != ProtectedMachine.TARGET) {
      Vector v = Vector.DE;
      for (Vector candidate : Vector.values()) {
        v = machine.cpu.rip() == 0x4F00 + candidate.number() ? candidate : v;
      }
      long rsp = machine.cpu.general().get64(GeneralRegisters.RSP);
      actual = ProtectedMachine.text(GuestFault.of(v, (int) machine.read(rsp, 4)));
      assertThat(machine.read(rsp + 4, 4)).isEqualTo(ProtectedMachine.TARGET);
      assertThat(machine.read(rsp + 12, 4)).isEqualTo(0x1_3002);
    }
    assertThat(machine.cpu.tr().selector()).isEqualTo(ProtectedMachine.OTHER_TSS_SELECTOR);
    tally.check(kind + " " + c, RULES.expect(kind, c.values()), actual);
  }

  @Test
  void instructionPointerOutsideOfTheNewCodeSegment() {
    machine.protectedMode(0);
    newTask(false, 3);
    machine.descriptor(0x80, 0, 0x4000, 0xFA, 4);
    machine.write(NEW + 76, 2, 0x83);
    machine.vector(13, ProtectedMachine.codeSelector(0), 0x4F00, 0x8E, 0);
    assertThat(machine.execute(far(0x9A, ProtectedMachine.OTHER_TSS_SELECTOR))).isEqualTo("ok");
    assertThat(machine.cpu.rip()).isEqualTo(0x4F00);
    long rsp = machine.cpu.general().get64(GeneralRegisters.RSP);
    assertThat(machine.read(rsp, 4)).isZero();
  }

  @Test
  void trapFlagOfTheTssRaisesADebugException() {
    machine.protectedMode(0);
    newTask(false, 3);
    machine.write(NEW + 100, 2, 1);
    machine.vector(1, ProtectedMachine.codeSelector(0), 0x4F00, 0x8E, 0);
    machine.cpu.debug().dr7(0x7FF);
    assertThat(machine.execute(far(0xEA, ProtectedMachine.OTHER_TSS_SELECTOR))).isEqualTo("ok");
    assertThat(machine.cpu.rip()).isEqualTo(0x4F00);
    assertThat(machine.cpu.debug().dr6() & 0x8000).isEqualTo(0x8000);
    assertThat(machine.cpu.debug().dr7()).isEqualTo(0x7FF & ~0x155);
    long rsp = machine.cpu.general().get64(GeneralRegisters.RSP);
    assertThat(machine.read(rsp, 4)).isEqualTo(ProtectedMachine.TARGET);
  }

  @Test
  void virtual8086Task() {
    machine.protectedMode(0);
    newTask(false, 3);
    machine.write(NEW + 36, 4, 0x2_3002);
    machine.write(NEW + 76, 2, 0x1234);
    machine.write(NEW + 32, 4, 0x10);
    assertThat(machine.execute(far(0xEA, ProtectedMachine.OTHER_TSS_SELECTOR))).isEqualTo("ok");
    assertThat(machine.cpu.isVirtual8086()).isTrue();
    assertThat(machine.cpu.cpl()).isEqualTo(3);
    assertThat(machine.cpu.cs().base()).isEqualTo(0x12340);
    assertThat(machine.cpu.rip()).isEqualTo(0x10);
  }

  @Test
  void aTaskCallsAndReturns() {
    machine.protectedMode(3);
    newTask(false, 0);
    machine.descriptor(ProtectedMachine.OTHER_TSS_SELECTOR, NEW, 0xFF, 0xE9, 0);
    machine.cpu.general().set64(3, 0xCAFE);
    assertThat(machine.execute(far(0x9A, ProtectedMachine.OTHER_TSS_SELECTOR))).isEqualTo("ok");
    assertThat(machine.cpu.flags().is(Flags.NT)).isTrue();
    assertThat(machine.execute(0xCF)).isEqualTo("ok");
    assertThat(machine.cpu.rip()).isEqualTo(ProtectedMachine.CODE + 7);
    assertThat(machine.cpu.cpl()).isEqualTo(3);
    assertThat(machine.cpu.general().get64(3)).isEqualTo(0xCAFE);
    assertThat(machine.cpu.flags().is(Flags.NT)).isFalse();
    assertThat(machine.accessByte(ProtectedMachine.OTHER_TSS_SELECTOR)).isEqualTo(0xE9);
    assertThat(machine.accessByte(OLD_SELECTOR)).isEqualTo(0x8B);
    assertThat(machine.read(NEW + 36, 4)).isEqualTo(0x3002);
  }

  @Test
  void longModeHasNoTasks() {
    machine.compatibilityMode(0);
    machine.descriptor(0x80, NEW, 0xFF, 0x89, 0);
    tally.check("JMP to a TSS", "#GP(0080)", machine.execute(far(0xEA, 0x80)));
    machine.descriptor(0x80, NEW, 0xFF, 0x85, 0);
    tally.check("JMP to a task gate", "#GP(0080)", machine.execute(far(0xEA, 0x80)));
    machine.cpu.flags().put(Flags.NT, true);
    tally.check("IRET with NT", "#GP(0000)", machine.execute(0xCF));
    tally.finish(3);
  }
}
