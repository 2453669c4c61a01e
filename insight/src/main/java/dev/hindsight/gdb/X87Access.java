package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.VcpuRegister;
import java.nio.ByteBuffer;
import java.util.List;

/** The x87 registers as debuggers see them: the stack in its order, and the environment. */
final class X87Access {
  private static final String FLOAT = "float";
  private static final int MAXIMUM_EXPONENT = 0x7FFF;

  private X87Access() {}

  /** Appends ST0 to ST7 and the eight parts of the environment. */
  static void addTo(List<Register> all) {
    for (int n = 0; n < 8; n++) {
      int i = n;
      all.add(
          new Register(
              "st" + n,
              80,
              "i387_ext",
              "",
              (cpu, out) -> read(cpu.x87(), i, out),
              (cpu, in) -> edits(cpu, i, in)));
    }
    all.add(
        word("fctrl", cpu -> cpu.x87().control(), VcpuRegister.X87_CONTROL, Register.Setter.PLAIN));
    all.add(
        word("fstat", cpu -> cpu.x87().status(), VcpuRegister.X87_STATUS, Register.Setter.PLAIN));
    all.add(
        word(
            "ftag",
            cpu -> tags(cpu.x87()),
            VcpuRegister.X87_EMPTY,
            (cpu, value) -> emptyMask((int) value)));
    all.add(shown("fiseg", cpu -> cpu.x87().instructionSelector()));
    all.add(shown("fioff", cpu -> cpu.x87().instructionPointer()));
    all.add(shown("foseg", cpu -> cpu.x87().dataSelector()));
    all.add(shown("fooff", cpu -> cpu.x87().dataPointer()));
    all.add(shown("fop", cpu -> cpu.x87().opcode()));
  }

  private static Register word(
      String name, Register.Getter getter, VcpuRegister register, Register.Setter setter) {
    return Register.number(name, 32, "int", FLOAT, getter, register, setter);
  }

  private static Register shown(String name, Register.Getter getter) {
    return Register.shown(name, 32, "int", FLOAT, getter);
  }

  private static int physical(X87Registers x, int stack) {
    return x.top() + stack & 7;
  }

  private static void read(X87Registers x, int stack, ByteBuffer out) {
    int n = physical(x, stack);
    out.putLong(x.significand(n)).putShort((short) x.signExponent(n));
  }

  private static List<Edit> edits(Vcpu cpu, int stack, ByteBuffer in) {
    int n = physical(cpu.x87(), stack);
    return List.of(
        new Edit.Register(cpu.index(), VcpuRegister.x87Significand(n), in.getLong()),
        new Edit.Register(cpu.index(), VcpuRegister.x87SignExponent(n), in.getShort() & 0xFFFFL));
  }

  /** The full tag word (SDM volume 1, section 8.1.7): valid 0, zero 1, special 2, empty 3. */
  private static int tags(X87Registers x) {
    int tags = 0;
    for (int n = 7; n >= 0; n--) {
      tags = tags << 2 | ((x.emptyMask() >>> n & 1) != 0 ? 3 : tag(x, n));
    }
    return tags;
  }

  private static int tag(X87Registers x, int n) {
    int exponent = x.signExponent(n) & MAXIMUM_EXPONENT;
    if (exponent == 0 && x.significand(n) == 0) {
      return 1;
    }
    boolean normal = exponent != 0 && exponent != MAXIMUM_EXPONENT && x.significand(n) < 0;
    return normal ? 0 : 2;
  }

  private static int emptyMask(int tags) {
    int mask = 0;
    for (int n = 0; n < 8; n++) {
      mask |= (tags >>> 2 * n & 3) == 3 ? 1 << n : 0;
    }
    return mask;
  }
}
