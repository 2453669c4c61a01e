package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.memory.GuestRam;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Far JMP, CALL, RET and IRET of protected mode: all combinations of privilege and type. */
class FarTransferTest {
  private static final Rules RULES = Rules.load("far-transfers.txt");
  private static final int RSP = GeneralRegisters.RSP;
  private static final int SUBJECT = ProtectedMachine.SUBJECT;
  private static final int SECOND = ProtectedMachine.SECOND_SUBJECT;
  private static final int GDT_LIMIT = ProtectedMachine.GDT_LIMIT;
  private static final int TARGET = ProtectedMachine.TARGET;
  private static final int NEXT = ProtectedMachine.CODE + 7;

  /** Code and data, present or not, at every level: what may stand behind a selector. */
  private static final int[] KINDS = {0x1A, 0x1E, 0x12, 0x9A, 0x9E, 0x92, 0x98, 0x9C, 0x96};

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  private static int[] far(int opcode, int selector, int offset) {
    return new int[] {
      opcode, offset & 0xFF, offset >> 8, 0, 0, selector & 0xFF, selector >> 8,
    };
  }

  private long stack(int slot) {
    return machine.read(machine.cpu.general().get64(RSP) + 4L * slot, 4);
  }

  @Test
  void directJumpsAndCalls() {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int opcode : new int[] {0xEA, 0x9A}) {
        for (int rpl = 0; rpl < 4; rpl++) {
          for (int access = 0x10; access < 0x100; access++) {
            if ((access & 0x10) != 0) {
              direct(cpl, opcode, SUBJECT + rpl, access, TARGET);
              direct(cpl, opcode, SUBJECT + rpl, access, 0x7000);
            }
          }
          direct(cpl, opcode, rpl, 0x9A, TARGET);
          direct(cpl, opcode, 0x100 + rpl, 0x9A, TARGET);
          direct(cpl, opcode, 0x44 + rpl, 0x9A, TARGET);
        }
      }
    }
    tally.finish(8192);
  }

  private void direct(int cpl, int opcode, int selector, int access, int offset) {
    machine.protectedMode(cpl);
    int limit = (selector & 4) != 0 ? ProtectedMachine.LDT_LIMIT : GDT_LIMIT;
    if (selector > 3 && (selector & 0xFFF8) < limit) {
      machine.descriptor(selector, 0x100, 0x6FFF, access, 4);
    }
    Case c =
        new Case()
            .with("cpl", cpl)
            .with("inside", offset <= 0x6FFF)
            .selector("sel", "", selector, limit, access);
    String actual = machine.execute(far(opcode, selector, offset));
    tally.check(c, RULES.expect("direct", c.values()), actual);
    if (actual.equals("ok")) {
      SegmentRegister cs = machine.cpu.cs();
      assertThat(cs.selector()).isEqualTo((selector & ~3) | cpl);
      assertThat(cs.base()).isEqualTo(0x100);
      assertThat(cs.access()).isEqualTo(access | 1);
      assertThat(machine.accessByte(selector)).isEqualTo(access | 1);
      assertThat(machine.cpu.cpl()).isEqualTo(cpl);
      assertThat(machine.cpu.rip()).isEqualTo(offset);
      if (opcode == 0x9A) {
        assertThat(machine.cpu.general().get64(RSP))
            .isEqualTo(ProtectedMachine.stackTop(cpl) - 0x108);
        assertThat(stack(0)).isEqualTo(NEXT);
        assertThat(stack(1)).isEqualTo(ProtectedMachine.codeSelector(cpl));
      }
    }
  }

  @Test
  void callGates() {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int opcode : new int[] {0xEA, 0x9A}) {
        for (int gateRpl = 0; gateRpl < 4; gateRpl++) {
          for (int gateDpl = 0; gateDpl < 4; gateDpl++) {
            for (int kind : KINDS) {
              for (int dpl = 0; dpl < 4; dpl++) {
                int gate = 0x8C | gateDpl << 5;
                callGate(cpl, opcode, gateRpl, gate, SECOND | dpl, kind | dpl << 5, TARGET);
              }
            }
            callGate(cpl, opcode, gateRpl, 0x0C | gateDpl << 5, SECOND, 0x9A, TARGET);
            callGate(cpl, opcode, gateRpl, 0x84 | gateDpl << 5, SECOND, 0x9A, TARGET);
            callGate(cpl, opcode, gateRpl, 0x8C | gateDpl << 5, SECOND, 0x9A, 0x7000);
            callGate(cpl, opcode, gateRpl, 0x8C | gateDpl << 5, 2, 0x9A, TARGET);
            callGate(cpl, opcode, gateRpl, 0x8C | gateDpl << 5, 0x10B, 0x9A, TARGET);
          }
        }
      }
    }
    tally.finish(5000);
  }

  private void callGate(
      int cpl, int opcode, int gateRpl, int gate, int selector, int access, int offset) {
    machine.protectedMode(cpl);
    machine.gate(SUBJECT, selector, offset, gate, 2);
    if (selector > 3 && selector < GDT_LIMIT) {
      machine.descriptor(selector, 0, 0x6FFF, access, 4);
    }
    long rsp = machine.cpu.general().get64(RSP);
    machine.write(rsp, 4, 0x1111_2222);
    machine.write(rsp + 4, 4, 0x3333_4444);
    boolean jump = opcode == 0xEA;
    Case c =
        new Case()
            .with("cpl", cpl)
            .with("jump", jump)
            .with("inside", offset <= 0x6FFF)
            .selector("gate", "g", SUBJECT | gateRpl, GDT_LIMIT, gate)
            .selector("cs", "c", selector, GDT_LIMIT, access);
    String actual = machine.execute(far(opcode, SUBJECT | gateRpl, 0xBEEF));
    tally.check(c, RULES.expect("gate", c.values()), actual);
    if (actual.equals("ok")) {
      boolean conforming = (access & 4) != 0;
      int level = conforming ? cpl : access >> 5 & 3;
      assertThat(machine.cpu.cpl()).isEqualTo(level);
      assertThat(machine.cpu.cs().selector()).isEqualTo((selector & ~3) | level);
      assertThat(machine.cpu.rip()).isEqualTo(offset);
      if (!jump && level == cpl) {
        boolean narrow = (gate & 8) == 0;
        assertThat(machine.cpu.general().get64(RSP)).isEqualTo(rsp - (narrow ? 4 : 8));
        assertThat(stack(0))
            .isEqualTo(narrow ? NEXT | ProtectedMachine.codeSelector(cpl) << 16 : NEXT);
      } else if (!jump) {
        checkInnerFrame(cpl, level, rsp, (gate & 8) == 0);
      }
    }
  }

  private void checkInnerFrame(int cpl, int level, long rsp, boolean narrow) {
    int top = ProtectedMachine.stackTop(level);
    assertThat(machine.cpu.ss().selector()).isEqualTo(ProtectedMachine.dataSelector(level));
    long[] expected = {
      NEXT,
      ProtectedMachine.codeSelector(cpl),
      narrow ? 0x2222 : 0x1111_2222,
      narrow ? 0x1111 : 0x3333_4444,
      rsp,
      ProtectedMachine.dataSelector(cpl),
    };
    int bytes = narrow ? 2 : 4;
    long[] actual = new long[6];
    for (int i = 0; i < 6; i++) {
      actual[i] = machine.read(top - (6L - i) * bytes, bytes);
    }
    assertThat(actual).isEqualTo(expected);
    assertThat(machine.cpu.general().get64(RSP)).isEqualTo(top - 6L * bytes);
  }

  @Test
  void innerStackOfCallGate() {
    for (int cpl = 1; cpl < 4; cpl++) {
      for (int level = 0; level < cpl; level++) {
        for (int access = 0; access < 0x100; access++) {
          innerStack(cpl, level, SECOND | level, access, 0xFF, 0xFFFFF, TARGET);
        }
        for (int rpl = 0; rpl < 4; rpl++) {
          int access = 0x93 | level << 5;
          innerStack(cpl, level, SECOND | rpl, access, 0xFF, 0xFFFFF, TARGET);
          innerStack(cpl, level, rpl, access, 0xFF, 0xFFFFF, TARGET);
          innerStack(cpl, level, 0x100 | rpl, access, 0xFF, 0xFFFFF, TARGET);
        }
        for (int room = 0; room <= 0x20; room++) {
          innerStack(cpl, level, SECOND | level, 0x93 | level << 5, 0xFF, room, TARGET);
          innerStack(cpl, level, SECOND | level, 0x97 | level << 5, 0xFF, room, TARGET);
          innerStack(cpl, level, SECOND | level, 0x93 | level << 5, room, 0xFFFFF, TARGET);
        }
        innerStack(cpl, level, SECOND | level, 0x93 | level << 5, 0xFF, 0xFFFFF, 0x7000);
      }
    }
    tally.finish(2000);
  }

  private void innerStack(
      int cpl, int level, int ss, int access, int tssLimit, int limit, int offset) {
    machine.protectedMode(cpl);
    machine.cpu.tr().limit(tssLimit);
    machine.gate(SUBJECT, 0xA0, offset, 0xEC, 0);
    machine.descriptor(0xA0, 0, 0x6FFF, 0x9A | level << 5, 4);
    if (ss > 3 && ss < GDT_LIMIT) {
      machine.descriptor(ss, 0x5000, limit, access, 4);
    }
    boolean down = (access & 4) != 0;
    int pointer = limit == 0xFFFFF ? 0x800 : 0x10;
    machine.write(ProtectedMachine.TSS + 4 + 8 * level, 4, pointer);
    machine.write(ProtectedMachine.TSS + 8 + 8 * level, 4, ss);
    // the frame takes bytes pointer - 16 to pointer - 1
    boolean room = down ? pointer - 16 > limit : pointer - 1 <= limit;
    Case c =
        new Case()
            .with("level", level)
            .with("ext", 0)
            .with("tss", ProtectedMachine.TSS_SELECTOR)
            .with("tssroom", 8 * level + 9 <= tssLimit)
            .with("room", room)
            .with("inside", offset <= 0x6FFF)
            .selector("ss", "s", ss, GDT_LIMIT, access);
    String actual = machine.execute(far(0x9A, SUBJECT, 0));
    tally.check(c + " limit " + limit, RULES.expect("stack", c.values()), actual);
    if (actual.equals("ok")) {
      assertThat(machine.cpu.ss().selector()).isEqualTo(ss);
      assertThat(machine.cpu.ss().access()).isEqualTo(access | 1);
      assertThat(machine.accessByte(ss)).isEqualTo(access | 1);
    }
  }

  @Test
  void farReturns() {
    returns(new int[] {0xCA, 8, 0}, false);
    tally.finish(6000);
  }

  @Test
  void interruptReturns() {
    returns(new int[] {0xCF}, true);
    tally.finish(6000);
  }

  private void returns(int[] code, boolean iret) {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int rpl = 0; rpl < 4; rpl++) {
        for (int kind : KINDS) {
          for (int dpl = 0; dpl < 4; dpl++) {
            for (int ssRpl = 0; ssRpl < 4; ssRpl++) {
              int access = 0x92 | rpl << 5;
              returns(code, iret, cpl, SUBJECT | rpl, kind | dpl << 5, SECOND | ssRpl, access);
            }
          }
        }
        for (int access = 0; access < 0x100; access++) {
          returns(code, iret, cpl, SUBJECT | rpl, 0x9A | rpl << 5, SECOND | rpl, access);
        }
        returns(code, iret, cpl, rpl, 0x9A | rpl << 5, SECOND | rpl, 0x92 | rpl << 5);
        returns(code, iret, cpl, 0x100 | rpl, 0x9A | rpl << 5, SECOND | rpl, 0x92 | rpl << 5);
        returns(code, iret, cpl, SUBJECT | rpl, 0x9A | rpl << 5, rpl, 0x92 | rpl << 5);
        returns(code, iret, cpl, SUBJECT | rpl, 0x9A | rpl << 5, 0x100 | rpl, 0x92 | rpl << 5);
      }
    }
  }

  private void returns(
      int[] code, boolean iret, int cpl, int selector, int access, int ss, int stackAccess) {
    for (int offset : new int[] {TARGET, 0x7000}) {
      machine.protectedMode(cpl);
      if (selector > 3 && selector < GDT_LIMIT) {
        machine.descriptor(selector, 0, 0x6FFF, access, 4);
      }
      if (ss > 3 && ss < GDT_LIMIT) {
        machine.descriptor(ss, 0, 0xFFFFF, stackAccess, 4);
      }
      long rsp = machine.cpu.general().get64(RSP);
      int[] frame =
          iret
              ? new int[] {offset, selector, 0x202, 0x1234, ss}
              : new int[] {offset, selector, 0, 0, 0x1234, ss};
      for (int i = 0; i < frame.length; i++) {
        machine.write(rsp + 4L * i, 4, frame[i]);
      }
      // one segment that only the old level may have, and one that the new one may keep
      machine
          .cpu
          .segment(0)
          .set(ProtectedMachine.dataSelector(cpl), 0, -1L >>> 32, 0x93 | cpl << 5, 12);
      Case c =
          new Case()
              .with("cpl", cpl)
              .with("inside", offset <= 0x6FFF)
              .selector("cs", "c", selector, GDT_LIMIT, access)
              .selector("ss", "s", ss, GDT_LIMIT, stackAccess);
      String actual = machine.execute(code);
      tally.check(c, RULES.expect("return", c.values()), actual);
      if (actual.equals("ok")) {
        int level = selector & 3;
        assertThat(machine.cpu.cpl()).isEqualTo(level);
        assertThat(machine.cpu.cs().selector()).isEqualTo(selector);
        assertThat(machine.cpu.rip()).isEqualTo(offset);
        boolean outer = level > cpl;
        assertThat(machine.cpu.segment(0).usable()).isEqualTo(!outer);
        assertThat(machine.cpu.segment(3).usable()).isTrue();
        long released = iret ? 12 : 16;
        assertThat(machine.cpu.general().get64(RSP))
            .isEqualTo(outer ? (iret ? 0x1234 : 0x123C) : rsp + released);
        assertThat(machine.cpu.ss().selector())
            .isEqualTo(outer ? ss : ProtectedMachine.dataSelector(cpl));
      }
    }
  }

  @Test
  void systemDescriptorsThatAreNeitherGateNorTask() {
    for (int opcode : new int[] {0xEA, 0x9A}) {
      for (int type : new int[] {0, 2, 6, 7, 8, 10, 13, 14, 15, 3, 11}) {
        for (int dpl = 0; dpl < 4; dpl++) {
          machine.protectedMode(0);
          machine.descriptor(SUBJECT, ProtectedMachine.OTHER_TSS, 0xFF, 0x80 | dpl << 5 | type, 0);
          String what = Arrays.toString(new int[] {opcode, type, dpl});
          tally.check(what, "#GP(0080)", machine.execute(far(opcode, SUBJECT, 0)));
        }
      }
    }
    tally.finish(88);
  }
}
