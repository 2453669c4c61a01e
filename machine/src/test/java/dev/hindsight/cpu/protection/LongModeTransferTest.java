package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.CodeMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Far transfers and returns of IA-32e mode, where they differ from protected mode. */
class LongModeTransferTest {
  private static final Rules RULES = Rules.load("long-mode.txt");
  private static final int RSP = GeneralRegisters.RSP;
  private static final int SUBJECT = ProtectedMachine.SUBJECT;
  private static final int SECOND = 0xA0;
  private static final int GDT_LIMIT = ProtectedMachine.GDT_LIMIT;
  private static final int TARGET = ProtectedMachine.TARGET;
  private static final int[] KINDS = {0x1A, 0x1E, 0x12, 0x9A, 0x9E, 0x92, 0x98, 0x9C};

  /** L and D/B. */
  private static final int[] SIZES = {0, 2, 4, 6};

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  private static int[] far(int opcode, int selector) {
    return new int[] {
      opcode, TARGET & 0xFF, TARGET >> 8, 0, 0, selector & 0xFF, selector >> 8,
    };
  }

  private CodeMode mode(int size) {
    return switch (size & 6) {
      case 2 -> CodeMode.BITS64;
      case 4 -> CodeMode.BITS32;
      default -> CodeMode.BITS16;
    };
  }

  @Test
  void directTransfersFromCompatibilityMode() {
    for (int opcode : new int[] {0xEA, 0x9A}) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int kind : KINDS) {
          for (int dpl = 0; dpl < 4; dpl++) {
            for (int size : SIZES) {
              machine.compatibilityMode(cpl);
              int access = kind | dpl << 5;
              machine.descriptor(SUBJECT, 0x100, 0x6FFF, access, size);
              Case c = target(SUBJECT | cpl, access, size).with("cpl", cpl);
              String actual = machine.execute(far(opcode, SUBJECT | cpl));
              tally.check(opcode + " " + c, RULES.expect("direct", c.values()), actual);
              if (actual.equals("ok")) {
                assertThat(machine.cpu.codeMode()).isEqualTo(mode(size));
              }
            }
          }
        }
      }
    }
    tally.finish(1000);
  }

  private static Case target(int selector, int access, int size) {
    return new Case()
        .with("clong", (size & 2) != 0)
        .with("cbig", (size & 4) != 0)
        .selector("cs", "c", selector, GDT_LIMIT, access);
  }

  @Test
  void callGates() {
    for (int opcode : new int[] {0xEA, 0x9A}) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int gate = 0; gate < 0x100; gate++) {
          if ((gate & 0x18) != 0x18) {
            callGate(opcode, cpl, gate, 0, 0x9A, 2, TARGET);
          }
        }
        for (int kind : KINDS) {
          for (int dpl = 0; dpl < 4; dpl++) {
            for (int size : SIZES) {
              callGate(opcode, cpl, 0xEC, 0, kind | dpl << 5, size, TARGET);
            }
            callGate(opcode, cpl, 0xEC, 1, kind | dpl << 5, 2, TARGET);
            callGate(opcode, cpl, 0xEC, 0, kind | dpl << 5, 2, 1L << 50);
          }
        }
      }
    }
    tally.finish(2800);
  }

  private void callGate(
      int opcode, int cpl, int gate, int upperType, int access, int size, long offset) {
    machine.compatibilityMode(cpl);
    machine.gate(SUBJECT, SECOND, offset, gate, 0);
    machine.write(ProtectedMachine.place(SUBJECT) + 8, 8, offset >>> 32 | (long) upperType << 40);
    machine.descriptor(SECOND, 0x100, 0x6FFF, access, size);
    long rsp = machine.cpu.general().get64(RSP);
    Case c =
        target(SECOND, access, size)
            .with("cpl", cpl)
            .with("jump", opcode == 0xEA)
            .with("upper", upperType)
            .with("inside", offset == TARGET)
            .selector("gate", "g", SUBJECT, GDT_LIMIT, gate);
    String actual = machine.execute(far(opcode, SUBJECT));
    tally.check(opcode + " " + c, RULES.expect("gate", c.values()), actual);
    if (actual.equals("ok")) {
      int level = (access & 4) != 0 ? cpl : access >> 5 & 3;
      assertThat(machine.cpu.codeMode()).isEqualTo(CodeMode.BITS64);
      assertThat(machine.cpu.rip()).isEqualTo(TARGET);
      assertThat(machine.cpu.cpl()).isEqualTo(level);
      if (opcode == 0x9A) {
        boolean inner = level < cpl;
        long top = inner ? ProtectedMachine.stackTop(level) - 16 : rsp;
        assertThat(machine.cpu.general().get64(RSP)).isEqualTo(top - 16);
        assertThat(machine.read(top - 16, 8)).isEqualTo(ProtectedMachine.CODE + 7);
        assertThat(machine.read(top - 8, 8)).isEqualTo(ProtectedMachine.codeSelector(cpl));
        if (inner) {
          assertThat(machine.read(top, 8)).isEqualTo(rsp);
          assertThat(machine.read(top + 8, 8)).isEqualTo(ProtectedMachine.dataSelector(cpl));
          assertThat(machine.cpu.ss().selector()).isEqualTo(level);
        }
      }
    }
  }

  @Test
  void interruptReturns() {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int rpl = 0; rpl < 4; rpl++) {
        for (int size : SIZES) {
          for (int kind : KINDS) {
            for (int dpl = 0; dpl < 4; dpl++) {
              int stack = 0x92 | rpl << 5;
              ret(cpl, SUBJECT | rpl, kind | dpl << 5, size, SECOND | rpl, stack, TARGET);
            }
          }
          int access = 0x9A | rpl << 5;
          for (int stackRpl = 0; stackRpl < 4; stackRpl++) {
            ret(cpl, SUBJECT | rpl, access, size, stackRpl, 0, TARGET);
            for (int dpl = 0; dpl < 4; dpl++) {
              int stack = 0x92 | dpl << 5;
              ret(cpl, SUBJECT | rpl, access, size, SECOND | stackRpl, stack, TARGET);
            }
          }
          ret(cpl, SUBJECT | rpl, access, size, SECOND | rpl, 0x12 | rpl << 5, TARGET);
          ret(cpl, SUBJECT | rpl, access, size, SECOND | rpl, 0x90 | rpl << 5, TARGET);
          ret(cpl, SUBJECT | rpl, access, size, SECOND | rpl, 0x92 | rpl << 5, 1L << 48);
        }
      }
    }
    tally.finish(3500);
  }

  private void ret(
      int cpl, int selector, int access, int size, int ss, int stackAccess, long offset) {
    machine.longMode(cpl);
    machine.descriptor(selector, 0, 0x6FFF, access, size);
    if (ss > 3) {
      machine.descriptor(ss, 0, 0xFFFFF, stackAccess, 12);
    }
    machine.cpu.segment(4).set(0, 0x1234_5678_9ABCL, 0, 0, 0);
    long[] frame = {offset, selector, 0x202, 0x1_0000_1234L, ss};
    for (int i = 0; i < 5; i++) {
      machine.write(machine.cpu.general().get64(RSP) + 8L * i, 8, frame[i]);
    }
    Case c =
        target(selector, access, size)
            .with("cpl", cpl)
            .with("inside", offset == TARGET)
            .selector("ss", "s", ss, GDT_LIMIT, stackAccess);
    String actual = machine.execute(0x48, 0xCF);
    tally.check(c, RULES.expect("iret", c.values()), actual);
    if (actual.equals("ok")) {
      assertThat(machine.cpu.codeMode()).isEqualTo(mode(size));
      assertThat(machine.cpu.cpl()).isEqualTo(selector & 3);
      assertThat(machine.cpu.ss().selector()).isEqualTo(ss);
      assertThat(machine.cpu.general().get64(RSP))
          .isEqualTo((size & 2) != 0 ? 0x1_0000_1234L : 0x1234);
      assertThat(machine.cpu.segment(4).base()).isEqualTo(0x1234_5678_9ABCL);
    }
  }

  @Test
  void everyOperandSizeOfIretPopsTheStackPointer() {
    for (int[] code : new int[][] {{0xCF}, {0x66, 0xCF}, {0x48, 0xCF}}) {
      machine.longMode(0);
      int bytes = code[0] == 0xCF ? 4 : code[0] == 0x66 ? 2 : 8;
      long[] frame = {TARGET, ProtectedMachine.codeSelector(0), 2, 0x5678, 0};
      for (int i = 0; i < 5; i++) {
        machine.write(machine.cpu.general().get64(RSP) + (long) bytes * i, bytes, frame[i]);
      }
      assertThat(machine.execute(code)).isEqualTo("ok");
      assertThat(machine.cpu.general().get64(RSP)).isEqualTo(0x5678);
      assertThat(machine.cpu.ss().usable()).isFalse();
    }
  }
}
