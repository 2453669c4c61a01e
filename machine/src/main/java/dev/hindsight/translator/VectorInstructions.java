package dev.hindsight.translator;

import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MandatoryPrefix;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Emits MMX, SSE and AVX instructions: they are encoded again as they are, for the host's vector
 * and MMX registers are the guest's while a block runs that needs them.
 *
 * <p>Approximations differ between processors, and so does which of several NaNs a dot product
 * gives: they are the interpreter's. So is what implies registers or touches MXCSR.
 */
final class VectorInstructions extends InstructionEmitter {
  private static final Set<Mnemonic> NOT_INNOCENT =
      EnumSet.of(
          Mnemonic.RCPPS,
          Mnemonic.RCPSS,
          Mnemonic.RSQRTPS,
          Mnemonic.RSQRTSS,
          Mnemonic.VRCPPS,
          Mnemonic.VRCPSS,
          Mnemonic.VRSQRTPS,
          Mnemonic.VRSQRTSS,
          Mnemonic.PCMPESTRI,
          Mnemonic.PCMPESTRM,
          Mnemonic.PCMPISTRI,
          Mnemonic.PCMPISTRM,
          Mnemonic.VPCMPESTRI,
          Mnemonic.VPCMPESTRM,
          Mnemonic.VPCMPISTRI,
          Mnemonic.VPCMPISTRM,
          Mnemonic.DPPS,
          Mnemonic.DPPD,
          Mnemonic.VDPPS,
          Mnemonic.VDPPD,
          Mnemonic.MASKMOVQ,
          Mnemonic.MASKMOVDQU,
          Mnemonic.VMASKMOVDQU,
          Mnemonic.VMASKMOVPS,
          Mnemonic.VMASKMOVPD,
          Mnemonic.VPMASKMOVD,
          Mnemonic.VPMASKMOVQ);

  /** Processors do not agree whether these touch the x87 unit if their operand is memory. */
  private static final Set<Mnemonic> BETWEEN = EnumSet.of(Mnemonic.CVTPI2PS, Mnemonic.CVTPI2PD);

  /** They have a use for MXCSR, though their only registers may be MMX registers. */
  private static final Set<Mnemonic> TO_MMX =
      EnumSet.of(Mnemonic.CVTPS2PI, Mnemonic.CVTTPS2PI, Mnemonic.CVTPD2PI, Mnemonic.CVTTPD2PI);

  private static final Set<Mnemonic> UNALIGNED =
      EnumSet.of(Mnemonic.MOVUPS, Mnemonic.MOVUPD, Mnemonic.MOVDQU, Mnemonic.LDDQU);

  private static final Set<Mnemonic> ALIGNED_WITH_VEX =
      EnumSet.of(
          Mnemonic.VMOVAPS,
          Mnemonic.VMOVAPD,
          Mnemonic.VMOVDQA,
          Mnemonic.VMOVNTPS,
          Mnemonic.VMOVNTPD,
          Mnemonic.VMOVNTDQ,
          Mnemonic.VMOVNTDQA);

  private static final Set<Mnemonic> SET_FLAGS =
      EnumSet.of(
          Mnemonic.COMISS,
          Mnemonic.COMISD,
          Mnemonic.UCOMISS,
          Mnemonic.UCOMISD,
          Mnemonic.VCOMISS,
          Mnemonic.VCOMISD,
          Mnemonic.VUCOMISS,
          Mnemonic.VUCOMISD,
          Mnemonic.PTEST,
          Mnemonic.VPTEST,
          Mnemonic.VTESTPS,
          Mnemonic.VTESTPD);

  VectorInstructions(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  /** What an instruction needs, if it is one that can be emitted. */
  int needs(Instruction in) {
    if (in.mnemonic() == Mnemonic.VZEROUPPER || in.mnemonic() == Mnemonic.VZEROALL) {
      // outside of 64-bit code they leave registers 8 to 15 alone
      return block.is64Bit() ? Units.AVX : Units.NONE;
    }
    if (!isInnocent(in)) {
      return Units.NONE;
    }
    int needs = TO_MMX.contains(in.mnemonic()) ? Units.SSE : Units.NONE;
    for (int i = 0; i < in.operands().size(); i++) {
      if (in.operand(i) instanceof Register r) {
        needs |=
            switch (r.kind()) {
              case XMM, YMM -> in.has(Prefixes.VEX) ? Units.AVX : Units.SSE;
              case MMX -> Units.X87;
              default -> Units.NONE;
            };
      }
    }
    return needs;
  }

  private boolean isInnocent(Instruction in) {
    if (NOT_INNOCENT.contains(in.mnemonic())) {
      return false;
    }
    OpcodeRow row = in.row();
    if (in.has(Prefixes.VEX) && in.has(Prefixes.W) && !block.is64Bit()) {
      return false;
    }
    if (in.has(Prefixes.OPERAND_SIZE) && row.prefix() != MandatoryPrefix.P66) {
      return false;
    }
    for (int i = 0; i < in.operands().size(); i++) {
      switch (in.operand(i)) {
        case Register r -> {
          if (r.kind() != RegisterKind.XMM
              && r.kind() != RegisterKind.YMM
              && r.kind() != RegisterKind.MMX
              && r.kind() != RegisterKind.GENERAL) {
            return false;
          }
        }
        case MemoryOperand m -> {
          if (m.bits() == 0 || !block.memory.canAddress(m) || BETWEEN.contains(in.mnemonic())) {
            return false;
          }
        }
        case ImmediateOperand _ -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    int needs = needs(in);
    if (needs == Units.NONE) {
      return false;
    }
    boolean vex = in.has(Prefixes.VEX);
    OpcodeRow row = in.row();
    int reg = Math.max(row.modrm().reg(), 0);
    int vvvv = 0;
    @Nullable Place rm = null;
    @Nullable Place result = null;
    int immediate = -1;
    for (int i = 0; i < in.operands().size(); i++) {
      Operand o = in.operand(i);
      OperandKind kind = row.operands().get(i).kind();
      switch (kind) {
        case REG_VECTOR, REG_MMX -> reg = ((Register) o).number();
        case VVVV_VECTOR -> vvvv = ((Register) o).number();
        case IMMEDIATE_VECTOR -> immediate = ((Register) o).number() << 4;
        case REG_GENERAL -> {
          Place place = Place.ofGeneral(((Register) o).number());
          if (place.isRegister()) {
            reg = place.register();
          } else if (i == 0) {
            reg = HostRegister.TEMPORARY;
            result = place;
          } else {
            return unexpected(in);
          }
        }
        case FIXED -> {}
        default -> {
          if (o instanceof ImmediateOperand value) {
            immediate = (int) value.value() & 0xFF;
          } else {
            rm = rm(in, i, o, vex);
            if (i == 0
                && o instanceof Register r
                && r.kind() == RegisterKind.GENERAL
                && !rm.isRegister()) {
              // as memory it would be of another size
              result = rm;
              rm = Place.ofHost(HostRegister.TEMPORARY);
            }
          }
        }
      }
    }
    encode(in, vex, reg, vvvv, rm);
    if (immediate >= 0) {
      out.byte1(immediate);
    }
    if (SET_FLAGS.contains(in.mnemonic())) {
      block.flags.setInHost();
    }
    if (result != null) {
      operands.store(64, result, HostRegister.TEMPORARY);
    }
    return true;
  }

  private static boolean unexpected(Instruction in) {
    throw new IllegalStateException("no encoding for " + in.row());
  }

  private Place rm(Instruction in, int n, Operand o, boolean vex) {
    return switch (o) {
      case Register r when r.kind() == RegisterKind.GENERAL -> Place.ofGeneral(r.number());
      case Register r -> Place.ofHost(r.number());
      case MemoryOperand m -> {
        int bytes = m.bits() >>> 3;
        boolean aligned =
            vex
                ? ALIGNED_WITH_VEX.contains(in.mnemonic())
                : bytes == 16 && !UNALIGNED.contains(in.mnemonic());
        if (aligned) {
          block.memory.emitAligned(m, bytes, n == 0);
        } else {
          block.memory.emit(m, bytes, n == 0);
        }
        yield Place.ACCESSED;
      }
      default -> throw new IllegalArgumentException("no operand of a vector instruction: " + o);
    };
  }

  private void encode(Instruction in, boolean vex, int reg, int vvvv, @Nullable Place rm) {
    OpcodeRow row = in.row();
    int prefix =
        switch (row.prefix()) {
          case P66 -> 0x66;
          case PF2 -> 0xF2;
          case PF3 -> 0xF3;
          default -> 0;
        };
    int w = in.has(Prefixes.W) ? 1 : 0;
    if (vex) {
      Opcode o = new Opcode(prefix, row.map().vexNumber(), row.opcode());
      int l = in.has(Prefixes.VEX_L) ? 1 : 0;
      if (rm == null) {
        // VZEROUPPER and VZEROALL
        out.vexAlone(o, l);
      } else if (rm.isRegister()) {
        out.vexRegister(o, w, l, reg, vvvv, rm.register());
      } else {
        out.vexMemory(o, w, l, reg, vvvv, rm.base(), rm.displacement());
      }
      return;
    }
    int map =
        switch (row.map()) {
          case TWO_BYTE -> 1;
          case THREE_BYTE_38 -> 2;
          default -> 3;
        };
    Opcode o = new Opcode(prefix, map, row.opcode());
    if (rm == null) {
      unexpected(in);
    } else if (rm.isRegister()) {
      out.register(o, w, reg, rm.register(), false);
    } else {
      out.memory(o, w, reg, rm.base(), rm.displacement(), false);
    }
  }
}
