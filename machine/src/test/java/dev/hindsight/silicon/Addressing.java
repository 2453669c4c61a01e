package dev.hindsight.silicon;

import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.random.RandomGenerator;

/** Chooses registers and displacements so that memory operands fall where it is interesting. */
final class Addressing {
  private final RandomGenerator r;
  private final CpuState s;

  Addressing(RandomGenerator r, CpuState s) {
    this.r = r;
    this.s = s;
  }

  /**
   * An address for a datum.
   *
   * @param bytes its size; 0 where it is not known
   * @param calm whether it must be within one writable page
   */
  long target(int bytes, boolean calm) {
    int size = Math.max(1, bytes);
    if (calm) {
      return Layout.page(r.nextBoolean() ? 2 : 1)
          + (r.nextInt(0x400, 0xC00) & -Math.max(16, Integer.highestOneBit(size)));
    }
    int aligned = Integer.highestOneBit(size);
    return switch (r.nextInt(20)) {
      case 0, 1 -> Layout.page(r.nextInt(1, 8)) - r.nextInt(size + 1);
      case 2 -> Layout.page(1) - r.nextInt(size + 1);
      case 3 -> Layout.page(r.nextInt(Layout.DATA_PAGES)) + r.nextInt(Layout.PAGE);
      case 4 -> Layout.page(3) + r.nextInt(Layout.PAGE);
      case 5, 6 -> writable() + r.nextInt(Layout.PAGE - size + 1);
      default -> writable() + (r.nextInt(Layout.PAGE - size + 1) & -aligned);
    };
  }

  private long writable() {
    int[] pages = {1, 2, 6};
    return Layout.page(pages[r.nextInt(3)]);
  }

  /**
   * Makes an operand address a target, as well as its shape allows.
   *
   * @param encoding its bytes, whose displacement may change
   * @param end address of the next instruction
   */
  void aim(MemoryOperand m, Encoding encoding, long end, long target) {
    long segmentBase =
        m.segment() == Register.FS ? s.fsBase : m.segment() == Register.GS ? s.gsBase : 0;
    long want = target - segmentBase;
    Register base = m.base();
    Register index = m.index();
    if (m.addressBits() == 16) {
      return;
    }
    if (index != null && (index.kind() == RegisterKind.XMM || index.kind() == RegisterKind.YMM)) {
      for (int n = 0; n < 4; n++) {
        long low = r.nextInt(-128, 128) / m.scale() & 0xFFFF_FFFFL;
        long high = r.nextBoolean() ? r.nextInt(-128, 128) / m.scale() : (int) low >> 31;
        s.ymm(index.number(), n, high << 32 | low);
      }
      index = null;
    }
    if (m.ripRelative()) {
      encoding.displacement(want - end);
    } else if (base != null) {
      long rest = want - displacement(m, encoding);
      if (base == index) {
        set(base, rest / (m.scale() + 1), m.addressBits());
      } else {
        if (index != null) {
          long i = r.nextInt(4) == 0 ? Values.integer(r) : r.nextInt(-64, 65);
          set(index, i, m.addressBits());
          rest -= s.gpr[index.number()] * m.scale();
        }
        set(base, rest, m.addressBits());
      }
    } else if (index != null) {
      long i = r.nextInt(-64, 65);
      set(index, i, m.addressBits());
      encoding.displacement(want - i * m.scale());
    } else if (encoding.displacementAt() >= 0) {
      encoding.displacement(want);
    }
  }

  private static long displacement(MemoryOperand m, Encoding encoding) {
    // a REP prefix or an implied address has none of its own
    return encoding.displacementAt() < 0 ? 0 : m.displacement();
  }

  private void set(Register register, long value, int addressBits) {
    int n = register.number();
    if (addressBits == 32 && r.nextBoolean()) {
      s.gpr[n] = value & 0xFFFF_FFFFL | s.gpr[n] & 0xFFFF_FFFF_0000_0000L;
    } else {
      s.gpr[n] = value;
    }
  }

  /** Size in bytes of what an instruction accesses at a memory operand. */
  static int bytes(Mnemonic mnemonic, MemoryOperand m) {
    if (m.bits() > 0) {
      return m.bits() / 8;
    }
    return switch (mnemonic) {
      case FXSAVE, FXRSTOR -> 512;
      case XSAVE, XRSTOR, XSAVEC, XSAVEOPT -> CpuState.XSAVE_BYTES;
      case FNSAVE, FRSTOR -> 108;
      case FNSTENV, FLDENV -> 28;
      default -> 1;
    };
  }
}
