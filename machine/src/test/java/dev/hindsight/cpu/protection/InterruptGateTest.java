package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.memory.GuestRam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interrupt and trap gates in protected, virtual-8086 and IA-32e mode. */
class InterruptGateTest {
  private static final Rules RULES = Rules.load("interrupt-gates.txt");
  private static final Rules STACK_RULES = Rules.load("far-transfers.txt");
  private static final int RSP = GeneralRegisters.RSP;
  private static final int VECTOR = 0x21;
  private static final int CODE = 0x80;
  private static final int STACK = 0x90;
  private static final int GDT_LIMIT = ProtectedMachine.GDT_LIMIT;
  private static final int TARGET = ProtectedMachine.TARGET;
  private static final int FLAGS = 0x4_7702;
  private static final int[] KINDS = {0x1A, 0x1E, 0x12, 0x9A, 0x9E, 0x92, 0x98, 0x9C};

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  /** INT n, an external interrupt, or an exception with an error code. */
  private enum Source {
    SOFTWARE,
    EXTERNAL,
    FAULT;

    int ext() {
      return this == SOFTWARE ? 0 : 1;
    }
  }

  private String raise(Source source) {
    return switch (source) {
      case SOFTWARE -> machine.execute(0xCD, VECTOR);
      case EXTERNAL -> machine.deliver(Event.hardware(VECTOR, machine.cpu.flags().get()));
      case FAULT ->
          machine.deliver(
              new Event(VECTOR, false, 1, machine.cpu.flags().get() | Flags.RF, true, 0x5678));
    };
  }

  private static Case gate(Source source, int cpl, int gate) {
    return new Case()
        .with("cpl", cpl)
        .with("soft", source == Source.SOFTWARE)
        .with("ext", source.ext())
        .with("idt", VECTOR << 3 | 2)
        .selector("gate", "g", 0x1000, GDT_LIMIT, gate);
  }

  @Test
  void gateTypes() {
    for (Source source : Source.values()) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int gate = 0; gate < 0x100; gate++) {
          if ((gate & 0x1F) != 5) {
            protectedMode(source, cpl, gate, CODE, 0x9A, TARGET);
          }
        }
      }
    }
    tally.finish(2900);
  }

  @Test
  void codeSegments() {
    for (Source source : Source.values()) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int type : new int[] {6, 7, 14, 15}) {
          int gate = 0xE0 | type;
          for (int kind : KINDS) {
            for (int dpl = 0; dpl < 4; dpl++) {
              for (int rpl = 0; rpl < 4; rpl++) {
                protectedMode(source, cpl, gate, CODE | rpl, kind | dpl << 5, TARGET);
              }
            }
          }
          protectedMode(source, cpl, gate, 3, 0x9A, TARGET);
          protectedMode(source, cpl, gate, 0x100, 0x9A, TARGET);
          protectedMode(source, cpl, gate, CODE, 0x9A, 0x7000);
          protectedMode(source, cpl, gate, CODE, 0x9E, 0x7000);
        }
      }
    }
    tally.finish(6000);
  }

  private void protectedMode(
      Source source, int cpl, int gate, int selector, int access, int offset) {
    machine.protectedMode(cpl);
    machine.cpu.flags().set(FLAGS);
    machine.vector(VECTOR, selector, offset, gate, 0);
    if (selector > 3 && selector < GDT_LIMIT) {
      machine.descriptor(selector, 0, 0x6FFF, access, 4);
    }
    long rsp = machine.cpu.general().get64(RSP);
    Case c =
        gate(source, cpl, gate)
            .with("vm", 0)
            .with("inside", offset <= 0x6FFF)
            .selector("cs", "c", selector, GDT_LIMIT, access);
    String actual = raise(source);
    tally.check(source + " " + c, RULES.expect("protected", c.values()), actual);
    if (!actual.equals("ok")) {
      return;
    }
    int level = (access & 4) != 0 ? cpl : access >> 5 & 3;
    assertThat(machine.cpu.cpl()).isEqualTo(level);
    assertThat(machine.cpu.cs().selector()).isEqualTo((selector & ~3) | level);
    assertThat(machine.cpu.rip()).isEqualTo(offset);
    int cleared = Flags.TF | Flags.NT | Flags.RF | ((gate & 1) == 0 ? Flags.IF : 0);
    assertThat(machine.cpu.flags().get()).isEqualTo(FLAGS & ~cleared);
    boolean inner = level != cpl;
    assertThat(machine.cpu.ss().selector()).isEqualTo(ProtectedMachine.dataSelector(level));
    int bytes = (gate & 8) != 0 ? 4 : 2;
    long image = source == Source.FAULT ? FLAGS | Flags.RF : FLAGS;
    long ip = ProtectedMachine.CODE + (source == Source.SOFTWARE ? 2L : 0L);
    long[] full = {
      0x5678, ip, ProtectedMachine.codeSelector(cpl), image, rsp, ProtectedMachine.dataSelector(cpl)
    };
    int first = source == Source.FAULT ? 0 : 1;
    int last = inner ? 6 : 4;
    long top = inner ? ProtectedMachine.stackTop(level) : rsp;
    assertThat(machine.cpu.general().get64(RSP)).isEqualTo(top - (long) (last - first) * bytes);
    for (int i = first; i < last; i++) {
      assertThat(machine.read(top - (long) (last - i) * bytes, bytes))
          .as("slot %d of %s", i, c)
          .isEqualTo(bytes == 2 ? full[i] & 0xFFFF : full[i]);
    }
  }

  @Test
  void innerStacks() {
    for (Source source : Source.values()) {
      for (int cpl = 1; cpl < 4; cpl++) {
        for (int level = 0; level < cpl; level++) {
          for (int access = 0; access < 0x100; access++) {
            innerStack(source, cpl, level, STACK | level, access, 0xFF, 0xFFFFF, TARGET);
          }
          int access = 0x93 | level << 5;
          for (int rpl = 0; rpl < 4; rpl++) {
            innerStack(source, cpl, level, STACK | rpl, access, 0xFF, 0xFFFFF, TARGET);
            innerStack(source, cpl, level, rpl, access, 0xFF, 0xFFFFF, TARGET);
            innerStack(source, cpl, level, 0x100 | rpl, access, 0xFF, 0xFFFFF, TARGET);
          }
          for (int n = 0; n <= 0x30; n++) {
            innerStack(source, cpl, level, STACK | level, access, 0xFF, n, TARGET);
            innerStack(source, cpl, level, STACK | level, access | 4, 0xFF, n, TARGET);
            innerStack(source, cpl, level, STACK | level, access, n, 0xFFFFF, TARGET);
          }
          innerStack(source, cpl, level, STACK | level, access, 0xFF, 0xFFFFF, 0x7000);
        }
      }
    }
    tally.finish(7000);
  }

  private void innerStack(
      Source source, int cpl, int level, int ss, int access, int tssLimit, int limit, int offset) {
    machine.protectedMode(cpl);
    machine.cpu.tr().limit(tssLimit);
    machine.vector(VECTOR, CODE, offset, 0xEE, 0);
    machine.descriptor(CODE, 0, 0x6FFF, 0x9A | level << 5, 4);
    if (ss > 3 && ss < GDT_LIMIT) {
      machine.descriptor(ss, 0x5000, limit, access, 4);
    }
    int pointer = limit == 0xFFFFF ? 0x800 : 0x20;
    machine.write(ProtectedMachine.TSS + 4 + 8 * level, 4, pointer);
    machine.write(ProtectedMachine.TSS + 8 + 8 * level, 4, ss);
    int frame = source == Source.FAULT ? 24 : 20;
    boolean room = (access & 4) != 0 ? pointer - frame > limit : pointer - 1 <= limit;
    Case c =
        new Case()
            .with("level", level)
            .with("ext", source.ext())
            .with("tss", ProtectedMachine.TSS_SELECTOR)
            .with("tssroom", 8 * level + 9 <= tssLimit)
            .with("room", room)
            .with("inside", offset <= 0x6FFF)
            .selector("ss", "s", ss, GDT_LIMIT, access);
    String what = source + " " + c + " limit " + limit;
    tally.check(what, STACK_RULES.expect("stack", c.values()), raise(source));
  }

  @Test
  void virtual8086() {
    for (Source source : Source.values()) {
      for (int gate : new int[] {0xEE, 0xEF, 0xE6, 0x8E, 0x6E, 0xEC}) {
        for (int kind : KINDS) {
          for (int dpl = 0; dpl < 4; dpl++) {
            virtual8086(source, gate, CODE, kind | dpl << 5, TARGET);
          }
        }
        virtual8086(source, gate, 2, 0x9A, TARGET);
        virtual8086(source, gate, 0x100, 0x9A, TARGET);
        virtual8086(source, gate, CODE, 0x9A, 0x7000);
      }
    }
    tally.finish(600);
  }

  private void virtual8086(Source source, int gate, int selector, int access, int offset) {
    machine.virtual8086(3);
    machine.vector(VECTOR, selector, offset, gate, 0);
    if (selector > 3 && selector < GDT_LIMIT) {
      machine.descriptor(selector, 0, 0x6FFF, access, 4);
    }
    Case c =
        gate(source, 3, gate)
            .with("vm", 1)
            .with("inside", offset <= 0x6FFF)
            .selector("cs", "c", selector, GDT_LIMIT, access);
    String actual = raise(source);
    tally.check(source + " " + c, RULES.expect("protected", c.values()), actual);
    if (!actual.equals("ok")) {
      return;
    }
    assertThat(machine.cpu.cpl()).isZero();
    assertThat(machine.cpu.isVirtual8086()).isFalse();
    for (int n : new int[] {0, 3, 4, 5}) {
      assertThat(machine.cpu.segment(n).usable()).isFalse();
    }
    int bytes = (gate & 8) != 0 ? 4 : 2;
    int flags = 0x2_3002 | (source == Source.FAULT ? Flags.RF : 0);
    long[] frame = {
      0x5678, source == Source.SOFTWARE ? 2 : 0, 0x400, flags, 0x800, 0x800, 0, 3, 4, 5
    };
    int first = source == Source.FAULT ? 0 : 1;
    int top = ProtectedMachine.stackTop(0);
    for (int i = first; i < 10; i++) {
      assertThat(machine.read(top - (10L - i) * bytes, bytes))
          .as("slot %d of %s", i, c)
          .isEqualTo(bytes == 2 ? frame[i] & 0xFFFF : frame[i]);
    }
  }

  @Test
  void longMode() {
    for (Source source : Source.values()) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int gate = 0; gate < 0x100; gate++) {
          longMode(source, cpl, gate, CODE, 0x9A, 0xA, TARGET, gate & 7);
        }
        for (int kind : KINDS) {
          for (int dpl = 0; dpl < 4; dpl++) {
            for (int size : new int[] {0, 2, 4, 6}) {
              int access = kind | dpl << 5;
              longMode(source, cpl, 0xEE, CODE, access, 8 | size, TARGET, 0);
              longMode(source, cpl, 0xEF, CODE, access, 8 | size, 1L << 47, dpl);
            }
          }
        }
        longMode(source, cpl, 0xEE, 1, 0x9A, 0xA, TARGET, 0);
        longMode(source, cpl, 0xEE, 0x100, 0x9A, 0xA, TARGET, 0);
      }
    }
    tally.finish(5000);
  }

  private void longMode(
      Source source, int cpl, int gate, int selector, int access, int size, long offset, int ist) {
    machine.longMode(cpl);
    machine.cpu.flags().set(FLAGS & ~Flags.TF);
    machine.cpu.general().set64(RSP, ProtectedMachine.stackTop(cpl) - 0x103);
    machine.vector(VECTOR, selector, offset, gate, ist);
    if (selector > 3 && selector < GDT_LIMIT) {
      machine.descriptor(selector, 0x1234, 0, access, size);
    }
    Case c =
        gate(source, cpl, gate)
            .with("inside", offset == TARGET)
            .with("clong", (size & 2) != 0)
            .with("cbig", (size & 4) != 0)
            .selector("cs", "c", selector, GDT_LIMIT, access);
    String actual = raise(source);
    tally.check(source + " " + c + size, RULES.expect("long", c.values()), actual);
    if (!actual.equals("ok")) {
      return;
    }
    int level = (access & 4) != 0 ? cpl : access >> 5 & 3;
    long rsp = ProtectedMachine.stackTop(cpl) - 0x103L;
    long top =
        ist != 0
            ? 0x9100 + 0x100 * ist
            : level < cpl ? ProtectedMachine.stackTop(level) : rsp & -16;
    assertThat(machine.cpu.cpl()).isEqualTo(level);
    assertThat(machine.cpu.ss().selector())
        .isEqualTo(level < cpl ? level : ProtectedMachine.dataSelector(cpl));
    long image = FLAGS & ~Flags.TF | (source == Source.FAULT ? Flags.RF : 0);
    long ip = ProtectedMachine.CODE + (source == Source.SOFTWARE ? 2L : 0L);
    long[] frame = {
      0x5678, ip, ProtectedMachine.codeSelector(cpl), image, rsp, ProtectedMachine.dataSelector(cpl)
    };
    int first = source == Source.FAULT ? 0 : 1;
    assertThat(machine.cpu.general().get64(RSP)).isEqualTo(top - 8L * (6 - first));
    for (int i = first; i < 6; i++) {
      assertThat(machine.read(top - 8L * (6 - i), 8)).as("slot %d of %s", i, c).isEqualTo(frame[i]);
    }
  }
}
