package dev.hindsight.x86;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random code that covers the whole opcode table: instructions built from its rows under random
 * prefixes, and plain random bytes, each followed by NOPs so that a disassembler is in step again.
 */
public final class GeneratedCode {
  private static final int FILLER = 15;
  private static final int[] LEGACY_PREFIXES = {
    0x66, 0x66, 0x66, 0xF3, 0xF2, 0x67, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65, 0xF0
  };

  private final SplittableRandom random;
  private final CodeMode mode;
  private final List<OpcodeRow> rows = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private GeneratedCode(CodeMode mode, long seed) {
    this.mode = mode;
    this.random = new SplittableRandom(seed);
    for (OpcodeRow row : OpcodeTable.standard().rows()) {
      if (row.existsIn(mode)) {
        rows.add(row);
      }
    }
  }

  /** Code of so many instructions. */
  public static byte[] of(CodeMode mode, long seed, int instructions) {
    GeneratedCode code = new GeneratedCode(mode, seed);
    byte[] filler = new byte[FILLER];
    Arrays.fill(filler, (byte) 0x90);
    for (int i = 0; i < instructions; i++) {
      if (code.random.nextInt(8) == 0) {
        code.randomBytes(1 + code.random.nextInt(14));
      } else {
        code.fromRow(code.rows.get(code.random.nextInt(code.rows.size())));
      }
      code.out.writeBytes(filler);
    }
    return code.out.toByteArray();
  }

  private void randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    out.writeBytes(bytes);
  }

  private void fromRow(OpcodeRow row) {
    if (random.nextInt(3) == 0) {
      for (int i = random.nextInt(4); i > 0; i--) {
        out.write(LEGACY_PREFIXES[random.nextInt(LEGACY_PREFIXES.length)]);
      }
    }
    int opcode = row.opcode() + (row.registerInOpcode() ? random.nextInt(8) : 0);
    if (row.map().isVex()) {
      vex(row);
    } else {
      if (row.prefix().prefixByte() > 0) {
        out.write(row.prefix().prefixByte());
      }
      if (mode == CodeMode.BITS64 && random.nextInt(2) == 0) {
        out.write(0x40 | random.nextInt(16));
      }
      if (row.map() != OpcodeMap.ONE_BYTE) {
        out.write(0x0F);
      }
      if (row.map() == OpcodeMap.THREE_BYTE_38) {
        out.write(0x38);
      } else if (row.map() == OpcodeMap.THREE_BYTE_3A) {
        out.write(0x3A);
      }
    }
    out.write(opcode);
    if (row.modrm().present()) {
      modrm(row.modrm());
    }
    randomBytes(random.nextInt(10));
  }

  private void vex(OpcodeRow row) {
    boolean usesVvvv =
        row.operands().stream()
            .anyMatch(
                o -> o.kind() == OperandKind.VVVV_GENERAL || o.kind() == OperandKind.VVVV_VECTOR);
    int vvvv = usesVvvv || random.nextInt(16) == 0 ? random.nextInt(16) : 15;
    int l = row.has(RowAttribute.L1) ? 1 : row.has(RowAttribute.L0) ? 0 : random.nextInt(2);
    if (random.nextInt(16) == 0) {
      l ^= 1;
    }
    int low = vvvv << 3 | l << 2 | row.prefix().vexPp();
    int inverted = mode == CodeMode.BITS64 ? random.nextInt(8) << 5 : 0xE0;
    if (row.map() == OpcodeMap.VEX_1 && !row.has(RowAttribute.W1) && random.nextInt(2) == 0) {
      out.write(0xC5);
      out.write(
          (mode == CodeMode.BITS64 ? inverted & 0x80 : 0x80)
              | (mode == CodeMode.BITS64 ? low : low | 0x40));
      return;
    }
    int w = row.has(RowAttribute.W1) ? 1 : row.has(RowAttribute.W0) ? 0 : random.nextInt(2);
    if (random.nextInt(16) == 0) {
      w ^= 1;
    }
    out.write(0xC4);
    out.write(inverted | row.map().vexNumber());
    out.write(w << 7 | low);
  }

  private void modrm(ModrmForm form) {
    int value = random.nextInt(256);
    if (form.reg() >= 0 && random.nextInt(16) != 0) {
      value = value & ~0x38 | form.reg() << 3;
    }
    if (form.rm() >= 0) {
      value = value & ~7 | form.rm();
    }
    if (!form.memory() && random.nextInt(16) != 0) {
      value |= 0xC0;
    } else if (!form.register() && value >= 0xC0 && random.nextInt(16) != 0) {
      value &= 0x3F | random.nextInt(3) << 6;
    }
    out.write(value);
  }
}
