package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.memory.GuestRam;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loads of segment registers, LDTR and TR, and LAR, LSL, VERR and VERW: all combinations. */
class SegmentCheckTest {
  private static final Rules RULES = Rules.load("segment-checks.txt");
  private static final int RAX = 0;
  private static final int RCX = 1;

  /** MOV ES, DS, FS, GS from AX; POP of them; which register. */
  private static final int[][] DATA_LOADS = {
    {0, 0x8E, 0xC0},
    {3, 0x8E, 0xD8},
    {4, 0x8E, 0xE0},
    {5, 0x8E, 0xE8},
    {0, 0x07},
    {3, 0x1F},
    {4, 0x0F, 0xA1},
    {5, 0x0F, 0xA9},
    {0, 0xC4, 0x0D, 0, 0x50, 0, 0},
    {3, 0xC5, 0x0D, 0, 0x50, 0, 0},
    {4, 0x0F, 0xB4, 0x0D, 0, 0x50, 0, 0},
    {5, 0x0F, 0xB5, 0x0D, 0, 0x50, 0, 0},
  };

  private static final int[][] STACK_LOADS = {
    {2, 0x8E, 0xD0}, {2, 0x17}, {2, 0x0F, 0xB2, 0x0D, 0, 0x50, 0, 0},
  };

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  @Test
  void dataSegments() {
    load("data", DATA_LOADS);
    tally.finish(4096);
  }

  @Test
  void stackSegments() {
    load("ss", STACK_LOADS);
    tally.finish(4096);
  }

  private void load(String kind, int[][] instructions) {
    int n = 0;
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int access = 0; access < 0x100; access++) {
        for (int rpl = 0; rpl < 4; rpl++) {
          int selector = ProtectedMachine.SUBJECT + rpl;
          load(kind, cpl, selector, access, instructions[n++ % instructions.length]);
        }
      }
      for (int[] instruction : instructions) {
        for (int rpl = 0; rpl < 4; rpl++) {
          load(kind, cpl, rpl, 0x93, instruction);
          load(kind, cpl, 0x100 + rpl, 0x93, instruction);
          load(kind, cpl, 0x3C + rpl, 0x93 | cpl << 5, instruction);
          load(kind, cpl, 0x44 + rpl, 0x93 | cpl << 5, instruction);
        }
      }
    }
  }

  private void load(String kind, int cpl, int selector, int access, int[] instruction) {
    machine.protectedMode(cpl);
    prepare(selector, access);
    int limit = (selector & 4) != 0 ? ProtectedMachine.LDT_LIMIT : ProtectedMachine.GDT_LIMIT;
    Case c = new Case().with("cpl", cpl).selector("sel", "", selector, limit, access);
    int[] code = Arrays.copyOfRange(instruction, 1, instruction.length);
    long rsp = machine.cpu.general().get64(4);
    String actual = machine.execute(code);
    tally.check(c, RULES.expect(kind, c.values()), actual);
    if (actual.equals("ok")) {
      SegmentRegister s = machine.cpu.segment(instruction[0]);
      assertThat(s.selector()).isEqualTo(selector);
      assertThat(s.usable()).isEqualTo(selector > 3);
      if (selector > 3) {
        assertThat(s.base()).isEqualTo(0x12345);
        assertThat(s.limit()).isEqualTo(0x54321FFFL);
        assertThat(s.access()).isEqualTo(access | 1);
        assertThat(machine.accessByte(selector)).isEqualTo(access | 1);
      }
      boolean pop = code.length <= 2 && (code[0] & 0xE0) != 0x80;
      assertThat(machine.cpu.general().get64(4)).isEqualTo(pop ? rsp + 4 : rsp);
    }
  }

  /**
   * Puts a descriptor into its table, and its selector wherever an instruction may take it from.
   */
  private void prepare(int selector, int access) {
    boolean inside = selector > 3 && selector < 0x100;
    if (inside) {
      machine.descriptor(selector, 0x12345, 0x54321, access, 12);
    }
    machine.cpu.general().set64(RAX, selector);
    machine.write(machine.cpu.general().get64(4), 4, selector);
    machine.write(0x5000, 4, 0xABCD);
    machine.write(0x5004, 2, selector);
  }

  /** A descriptor must lie within its table's limit with all of its eight bytes. */
  @Test
  void tableLimits() {
    for (int limit = 0; limit < 0x40; limit++) {
      for (int index = 1; index < 8; index++) {
        for (int table : new int[] {0, 4}) {
          machine.protectedMode(0);
          int selector = 8 * index | table;
          machine.descriptor(selector, 0, 0xFFFFF, 0x93, 12);
          machine.cpu.general().set64(RAX, selector);
          if (table == 0) {
            machine.cpu.gdtr().set(ProtectedMachine.GDT, limit);
          } else {
            machine.cpu.ldtr().limit(limit);
          }
          boolean inside = 8 * index + 7 <= limit;
          String expected = inside ? "ok" : "#GP(%04x)".formatted(selector);
          tally.check(selector + " in " + limit, expected, machine.execute(0x8E, 0xD8));
        }
      }
    }
    tally.finish(896);
  }

  @Test
  void stackSegmentsOf64BitMode() {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int access = 0x80; access < 0x100; access++) {
        for (int selector = 0; selector < 4; selector++) {
          for (int base : new int[] {0, ProtectedMachine.SUBJECT}) {
            machine.longMode(cpl);
            prepare(base + selector, access);
            Case c =
                new Case()
                    .with("cpl", cpl)
                    .selector("sel", "", base + selector, ProtectedMachine.GDT_LIMIT, access);
            String actual = machine.execute(0x8E, 0xD0);
            tally.check(c, RULES.expect("ss64", c.values()), actual);
          }
        }
      }
    }
    tally.finish(4096);
  }

  @Test
  void localDescriptorTable() {
    systemSegment("lldt", 0xD0, false);
    systemSegment("lldt", 0xD0, true);
    tally.finish(2 * 4 * 4 * 260);
  }

  @Test
  void taskRegister() {
    systemSegment("ltr", 0xD8, false);
    systemSegment("ltr64", 0xD8, true);
    tally.finish(2 * 4 * 4 * 260);
  }

  private void systemSegment(String kind, int modrm, boolean longMode) {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int rpl = 0; rpl < 4; rpl++) {
        for (int special : new int[] {0, 0x104, 0x14, 0x1C}) {
          systemSegment(kind, modrm, longMode, cpl, special + rpl, 0x82);
        }
        for (int access = 0; access < 0x100; access++) {
          int selector = ProtectedMachine.SUBJECT + rpl;
          systemSegment(kind, modrm, longMode, cpl, selector, access);
        }
      }
    }
  }

  private void systemSegment(
      String kind, int modrm, boolean longMode, int cpl, int selector, int access) {
    if (longMode) {
      machine.longMode(cpl);
    } else {
      machine.protectedMode(cpl);
    }
    prepare(selector, access);
    if (longMode && selector > 3 && selector < 0x100) {
      machine.write(ProtectedMachine.place(selector) + 8, 8, 0x1234);
    }
    Case c =
        new Case()
            .with("cpl", cpl)
            .selector("sel", "", selector, ProtectedMachine.GDT_LIMIT, access);
    String actual = machine.execute(0x0F, 0x00, modrm);
    tally.check(c, RULES.expect(kind, c.values()), actual);
    if (actual.equals("ok") && selector > 3) {
      boolean tr = kind.startsWith("ltr");
      SegmentRegister s = tr ? machine.cpu.tr() : machine.cpu.ldtr();
      assertThat(s.selector()).isEqualTo(selector);
      assertThat(s.base()).isEqualTo(longMode ? 0x1234_0001_2345L : 0x12345);
      assertThat(s.access()).isEqualTo(tr ? access | 2 : access);
      assertThat(machine.accessByte(selector)).isEqualTo(tr ? access | 2 : access);
    }
  }

  @Test
  void inspection() {
    for (boolean longMode : new boolean[] {false, true}) {
      for (int cpl = 0; cpl < 4; cpl++) {
        for (int rpl = 0; rpl < 4; rpl++) {
          for (int access = 0; access < 0x100; access++) {
            inspect(longMode, cpl, ProtectedMachine.SUBJECT + rpl, access);
          }
          inspect(longMode, cpl, rpl, 0xFB);
          inspect(longMode, cpl, 0x100 + rpl, 0xFB);
        }
      }
    }
    tally.finish(30_000);
  }

  private void inspect(boolean longMode, int cpl, int selector, int access) {
    if (longMode) {
      machine.longMode(cpl);
    } else {
      machine.protectedMode(cpl);
    }
    prepare(selector, access);
    Case c =
        new Case()
            .with("cpl", cpl)
            .selector("sel", "", selector, ProtectedMachine.GDT_LIMIT, access);
    inspect(c, longMode ? "lar64" : "lar", 0x00C5_0000 | access << 8, 0x0F, 0x02, 0xC8);
    inspect(c, longMode ? "lsl64" : "lsl", 0x54321FFF, 0x0F, 0x03, 0xC8);
    inspect(c, "verr", 0x77, 0x0F, 0x00, 0xE0);
    inspect(c, "verw", 0x77, 0x0F, 0x00, 0xE8);
  }

  private void inspect(Case c, String kind, int value, int... code) {
    machine.cpu.rip(ProtectedMachine.CODE);
    machine.cpu.general().set64(RCX, 0x77);
    String expected = RULES.expect(kind, c.values());
    assertThat(machine.execute(code)).isEqualTo("ok");
    tally.check(kind + " " + c, expected, machine.cpu.flags().zf() ? "1" : "0");
    int result = expected.equals("1") ? value : 0x77;
    tally.check(kind + " result " + c, result, machine.cpu.general().get32(RCX));
  }
}
