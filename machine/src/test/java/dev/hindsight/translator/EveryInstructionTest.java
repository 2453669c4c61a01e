package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.silicon.Encoding;
import dev.hindsight.silicon.RowEncoder;
import dev.hindsight.silicon.RowPool;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.OpcodeRow;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps over the opcode table and over registers and counts, each instruction in both engines. */
final class EveryInstructionTest {
  private static final int GENERAL_PROTECTION = 13;
  private static final int INT3 = 3;

  /** The segment prefix that changes nothing for most operands. */
  private static final byte DS = 0x3E;

  private final FuzzGenerator decoders = new FuzzGenerator(0);

  private static int vector(EnginePair pair) {
    return (int) (pair.reference().cpu(0).rip() - 1 & 0xFFF) >> 3;
  }

  private static Scene scene(int mode, SplittableRandom r) {
    Scene s = Scene.user(mode, 0x100);
    for (int n = 0; n < 16; n++) {
      if (n != 4) {
        s.register(n, Scene.DATA + r.nextInt(16) * 16 + 0x200);
      }
    }
    return s;
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 32})
  void instructionsOfFifteenBytesAreFineAndOfSixteenAreNot(int mode) {
    SplittableRandom r = new SplittableRandom(15);
    RowPool pool = new RowPool(mode == 64 ? CodeMode.BITS64 : CodeMode.BITS32, m -> true);
    RowEncoder encoder = new RowEncoder(r, mode, true);
    int padded = 0;
    try (EnginePair pair = new EnginePair(1024)) {
      for (OpcodeRow row : pool.rows()) {
        Encoding e = encoder.encode(row);
        Instruction in = decoders.decode(mode, e.bytes());
        if (in == null || in.length() > 14) {
          continue;
        }
        for (int length = 15; length <= 16; length++) {
          byte[] bytes = new byte[length];
          Arrays.fill(bytes, 0, length - in.length(), DS);
          System.arraycopy(e.bytes(), 0, bytes, length - in.length(), in.length());
          Scene s = scene(mode, r);
          s.a.bytes(0x01, 0xC1).bytes(bytes).bytes(0x01, 0xC2).int3();
          int vector = length == 16 ? GENERAL_PROTECTION : -1;
          s.agrees(
              pair,
              40,
              m -> {
                if (vector >= 0) {
                  assertThat(vector(pair)).as(() -> row + " " + hex(bytes)).isEqualTo(vector);
                }
              });
          padded++;
        }
      }
    }
    assertThat(padded).isGreaterThan(2 * 9 * pool.rows().size() / 10);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  private static final long[] VALUES = {
    0x0000_0000_0000_0000L,
    0x7F80_FF01_8000_7FFFL,
    0xFFFF_FFFF_FFFF_FFFFL,
    0x8000_0000_8000_8080L,
    0x0123_4567_89AB_0001L,
  };

  private static Scene values(int mode, int round, boolean carry) {
    Scene s = Scene.user(mode, 0x100);
    for (int n = 0; n < 16; n++) {
      if (n != 4) {
        s.register(n, VALUES[(n * 3 + round) % VALUES.length] + n % 2);
      }
    }
    // STC or CLC, after which CF is known, and the others are those of the beginning
    s.a.bytes(carry ? 0xF9 : 0xF8);
    return s;
  }

  /** AL to BH as either operand of everything that has byte operands. */
  @Test
  void byteRegistersInAllPositions() {
    int[] opcodes = {
      0x00, 0x02, 0x08, 0x0A, 0x10, 0x12, 0x18, 0x1A, 0x20, 0x22, 0x28, 0x2A, 0x30, 0x32, 0x38,
      0x3A, 0x84, 0x86, 0x88, 0x8A, 0xD0, 0xD2, 0xF6, 0xFE, 0x0FB6, 0x0FBE, 0x0FB0, 0x0FC0, 0x0F90,
      0x0F92, 0x0F9F
    };
    int ended = 0;
    int all = 0;
    for (int mode : new int[] {64, 32}) {
      try (EnginePair pair = new EnginePair(1024)) {
        for (int opcode : opcodes) {
          for (int modrm = 0xC0; modrm < 0x100; modrm++) {
            for (int round = 0; round < VALUES.length; round++) {
              Scene s = values(mode, round, (round & 1) != 0);
              if (opcode > 0xFF) {
                s.a.bytes(0x0F);
              }
              s.a.bytes(opcode & 0xFF, modrm);
              // an immediate for TEST; else PUSH of it
              s.a.bytes(0x6A, 0x11).int3();
              s.agrees(pair, 20, m -> {});
              ended += vector(pair) == INT3 ? 1 : 0;
              all++;
            }
          }
        }
      }
    }
    assertThat(ended).isGreaterThan(all * 8 / 10);
  }

  @Test
  void shiftsAndRotatesByAnyCount() {
    int[] counts = {0, 1, 2, 7, 8, 9, 10, 15, 16, 17, 18, 31, 32, 33, 63, 64, 65, 128, 255};
    for (int mode : new int[] {64, 32}) {
      try (EnginePair pair = new EnginePair(1024)) {
        for (int size = 0; size < (mode == 64 ? 4 : 3); size++) {
          for (int count : counts) {
            for (int operation = 0; operation < 10; operation++) {
              for (int round = 0; round < VALUES.length; round++) {
                shift(pair, mode, size, count, operation, round);
              }
            }
          }
        }
      }
    }
  }

  private static void shift(
      EnginePair pair, int mode, int size, int count, int operation, int round) {
    for (boolean immediate : new boolean[] {false, true}) {
      Scene s = values(mode, round, (round & 1) != 0);
      s.register(1, VALUES[round] & ~0xFFL | count);
      // RBX: shifted again, after which AF and OF that nobody asked for are visible
      if (size == 1) {
        s.a.bytes(0x66);
      }
      if (size == 3) {
        s.a.bytes(0x48);
      }
      if (operation < 8) {
        int opcode = (immediate ? 0xC0 : 0xD2) | (size == 0 ? 0 : 1);
        s.a.bytes(opcode, 0xC3 | operation << 3);
      } else if (size == 0) {
        return;
      } else {
        // SHLD and SHRD of RBX with RSI
        s.a.bytes(0x0F, (operation == 8 ? 0xA4 : 0xAC) | (immediate ? 0 : 1), 0xF3);
      }
      if (immediate) {
        s.a.bytes(count);
      }
      // RCL EDX, 1; SETO AL; PUSH: what follows sees the flags too
      s.a.bytes(0xD1, 0xD2, 0x0F, 0x90, 0xC0, 0x50).int3();
      s.agrees(pair, 20, m -> assertThat(vector(pair)).isEqualTo(INT3));
    }
  }

  @Test
  void flagsOfMultiplicationAndOfBitScans() {
    String[] codes = {
      "f6 e3",
      "66 f7 e3",
      "f7 e3",
      "48 f7 e3",
      "f6 eb",
      "66 f7 eb",
      "f7 eb",
      "48 f7 eb",
      "f6 e7",
      "f6 ef",
      "66 0f af c3",
      "0f af c3",
      "48 0f af c3",
      "66 6b c3 f9",
      "6b c3 7f",
      "48 6b c3 80",
      "69 c3 00 00 00 80",
      "48 69 c3 ff ff ff 7f",
      "66 0f bc c3",
      "0f bc c3",
      "48 0f bc c3",
      "66 0f bd c3",
      "0f bd c3",
      "48 0f bd c3",
      "f3 0f bc c3",
      "f3 48 0f bc c3",
      "66 f3 0f bc c3",
      "f3 0f bd c3",
      "f3 48 0f bd c3",
      "66 f3 0f bd c3",
      "f3 0f b8 c3",
      "f3 48 0f b8 c3",
      "66 f3 0f b8 c3",
      "4c 0f bc d3",
      "44 0f bd d3",
      "f3 44 0f bc d3",
      "49 0f bc c2",
      "41 0f bd c2",
      "c4 e2 78 f2 c3",
      "c4 e2 f8 f2 c3",
      "c4 e2 60 f5 c2",
      "c4 e2 e0 f5 c2",
      "c4 e2 60 f7 c2",
      "c4 e2 78 f3 cb",
      "c4 e2 f8 f3 cb",
      "c4 e2 78 f3 d3",
      "c4 e2 78 f3 db",
      "c4 e2 f8 f3 db",
      "0f a3 d3",
      "0f ab d3",
      "0f b3 d3",
      "0f bb d3",
      "48 0f bb d3",
      "0f ba fb 1f",
      "66 0f bb d3"
    };
    long[] values = {0, 1, -1, 2, 0x80, 0x7F, 0x8000, 0x8000_0000L, Long.MIN_VALUE, 0x1_0000_0000L};
    String[] after = {"50", "0f 90 c2 50", "11 c0", "d1 d0", "9c", "74 01 50", "0f 4a c1"};
    try (EnginePair pair = new EnginePair(1024)) {
      for (String code : codes) {
        for (long value : values) {
          for (int i = 0; i < after.length; i++) {
            Scene s = values(64, i % VALUES.length, i % 2 == 0);
            s.register(3, value).register(10, value);
            s.a.bytes(parse(code)).bytes(parse(after[i])).int3();
            s.agrees(pair, 20, m -> assertThat(vector(pair)).isEqualTo(INT3));
          }
        }
      }
    }
  }

  private static byte[] parse(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
