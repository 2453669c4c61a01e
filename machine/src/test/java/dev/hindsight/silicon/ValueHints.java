package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Register values without which an instruction would nearly always fault or do nothing new. */
final class ValueHints {
  private final RandomGenerator r;
  private final CpuState s;

  ValueHints(RandomGenerator r, CpuState s) {
    this.r = r;
    this.s = s;
  }

  /** Changes registers that no memory operand of the instruction uses as its address. */
  void apply(Instruction in) {
    if (in.has(Prefixes.REP) || in.has(Prefixes.REPNE)) {
      set(in, 1, r.nextInt(16) == 0 ? Values.integer(r) : r.nextInt(24));
    }
    switch (in.mnemonic()) {
      case DIV, IDIV -> {
        switch (r.nextInt(4)) {
          case 0 -> set(in, 2, 0);
          case 1 -> set(in, 2, s.gpr[0] >> 63);
          case 2 -> set(in, 2, r.nextInt(-3, 4));
          default -> {}
        }
        if (in.bits(0) == 8 && r.nextBoolean()) {
          set(in, 0, s.gpr[0] & ~0xFF00L);
        }
      }
      case SHL, SHR, SAR, ROL, ROR, RCL, RCR, SHLD, SHRD -> {
        if (r.nextBoolean()) {
          set(in, 1, s.gpr[1] & ~0xFFL | r.nextInt(70));
        }
      }
      case BT, BTS, BTR, BTC -> {
        if (in.operand(0) instanceof MemoryOperand
            && in.operand(1) instanceof Register bit
            && r.nextInt(4) != 0) {
          set(in, bit.number(), r.nextInt(-400, 400));
        }
      }
      case LEAVE, ENTER -> set(in, 5, new Addressing(r, s).target(8, r.nextInt(3) != 0));
      case LOOP, LOOPE, LOOPNE, JRCXZ -> set(in, 1, r.nextInt(-1, 4));
      case PCMPESTRI, PCMPESTRM, VPCMPESTRI, VPCMPESTRM -> {
        set(in, 0, r.nextInt(-20, 21));
        set(in, 2, r.nextInt(-20, 21));
      }
      case XSAVE, XRSTOR -> {
        set(in, 0, r.nextInt(8));
        set(in, 2, 0);
      }
      case MOV, LAR, LSL, VERR, VERW, ARPL -> selectors(in);
      case CMPXCHG -> {
        if (r.nextBoolean() && in.operand(0) instanceof Register to) {
          set(in, to.number(), s.gpr[0]);
        }
      }
      default -> {}
    }
  }

  private void selectors(Instruction in) {
    boolean loads =
        in.operand(0) instanceof Register to
            && (in.mnemonic() != Mnemonic.MOV || to.kind() == RegisterKind.SEGMENT);
    if (loads && r.nextInt(4) != 0) {
      for (Operand operand : in.operands()) {
        if (operand instanceof Register source && source.kind() == RegisterKind.GENERAL) {
          set(in, source.number(), Values.selector(r));
        }
      }
    }
  }

  private void set(Instruction in, int register, long value) {
    for (Operand operand : in.operands()) {
      if (operand instanceof MemoryOperand m
          && (uses(m.base(), register) || uses(m.index(), register))) {
        return;
      }
    }
    s.gpr[register] = value;
  }

  private static boolean uses(@Nullable Register r, int number) {
    return r != null && r.kind() == RegisterKind.GENERAL && r.number() == number;
  }
}
