package dev.hindsight.silicon;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Disassembler;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text for people about cases that differ. */
final class Report {
  private static final String[] GENERAL = {
    "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
    "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"
  };

  private Report() {}

  /** Code, the inputs that are not 0, and the differences. */
  static String example(GeneratedCase c, DataPages pages, List<String> differences) {
    StringBuilder t = new StringBuilder();
    TestCase test = c.test();
    t.append(String.format("  case %d, %d-bit code at %x%n", c.index(), test.mode(), test.start()));
    code(t, c);
    state(t, test);
    for (Instruction in : c.instructions()) {
      memory(t, in, test, pages);
    }
    for (String line : differences) {
      t.append("    * ").append(line).append('\n');
    }
    return t.toString();
  }

  private static void code(StringBuilder t, GeneratedCase c) {
    byte[] code = c.test().code();
    HexFormat hex = HexFormat.ofDelimiter(" ");
    CodeMode mode = c.test().mode() == 64 ? CodeMode.BITS64 : CodeMode.BITS32;
    Decoder decoder = new Decoder(CpuModels.V3.features());
    int at = 0;
    while (at < code.length) {
      int start = at;
      Decoded d =
          decoder.decode(mode, i -> start + i < code.length ? code[start + i] & 0xFF : 0xCC);
      int length = d instanceof Instruction in ? in.length() : code.length - at;
      length = Math.min(length, code.length - at);
      if (length == 1 && code[at] == (byte) 0x90) {
        at++;
        continue;
      }
      String text =
          d instanceof Instruction in
              ? Disassembler.text(in, c.test().start() + at)
              : "(no instruction)";
      t.append(String.format("    %-32s %s%n", hex.formatHex(code, at, at + length), text));
      at += length;
    }
  }

  private static void state(StringBuilder t, TestCase test) {
    CpuState s = test.initial();
    t.append("    RFLAGS=").append(Comparison.flags(s.rflags & ~0x202));
    for (int i = 0; i < (test.mode() == 64 ? 16 : 8); i++) {
      if (s.gpr[i] != 0) {
        t.append(String.format(" %s=%x", GENERAL[i], s.gpr[i]));
      }
    }
    if (s.fsBase != 0) {
      t.append(String.format(" FS.base=%x", s.fsBase));
    }
    if (s.gsBase != 0) {
      t.append(String.format(" GS.base=%x", s.gsBase));
    }
    t.append(
        String.format(
            "%n    MXCSR=%04x FCW=%04x FSW=%04x FTW=%02x",
            s.xsaveInt(CpuState.MXCSR),
            s.xsaveShort(CpuState.FCW),
            s.xsaveShort(CpuState.FSW),
            s.xsaveShort(CpuState.FTW)));
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + i * 16;
      if (s.xsaveLong(at) != 0 || s.xsaveShort(at + 8) != 0) {
        t.append(String.format(" ST%d=%04X_%016X", i, s.xsaveShort(at + 8), s.xsaveLong(at)));
      }
    }
    t.append('\n');
    for (int i = 0; i < 16; i++) {
      if ((s.ymm(i, 0) | s.ymm(i, 1) | s.ymm(i, 2) | s.ymm(i, 3)) != 0) {
        t.append(
            String.format(
                "    YMM%d=%016x_%016x_%016x_%016x%n",
                i, s.ymm(i, 3), s.ymm(i, 2), s.ymm(i, 1), s.ymm(i, 0)));
      }
    }
  }

  private static void memory(StringBuilder t, Instruction in, TestCase test, DataPages pages) {
    for (Operand operand : in.operands()) {
      if (operand instanceof MemoryOperand m) {
        long address = address(m, in, test);
        long offset = address - Layout.DATA_BASE;
        t.append(String.format("    [%x]:", address));
        int bytes = Math.min(32, Math.max(1, Addressing.bytes(in.mnemonic(), m)));
        for (int i = 0; i < bytes; i++) {
          long at = offset + i;
          int page = (int) (at / Layout.PAGE);
          boolean there =
              at >= 0 && at < (long) Layout.DATA_PAGES * Layout.PAGE && Layout.mapped(page);
          t.append(
              there
                  ? String.format(" %02x", pages.contents()[page][(int) (at % Layout.PAGE)])
                  : " --");
        }
        t.append('\n');
      }
    }
  }

  private static long address(MemoryOperand m, Instruction in, TestCase test) {
    CpuState s = test.initial();
    long a = m.displacement() + value(s, m.base()) + value(s, m.index()) * m.scale();
    if (m.ripRelative()) {
      a += test.start() + in.length();
    }
    if (m.addressBits() < 64) {
      a &= (1L << m.addressBits()) - 1;
    }
    long base = m.segment() == Register.FS ? s.fsBase : m.segment() == Register.GS ? s.gsBase : 0;
    return a + base;
  }

  private static long value(CpuState s, @Nullable Register r) {
    return r != null && r.kind() == RegisterKind.GENERAL ? s.gpr[r.number()] : 0;
  }
}
