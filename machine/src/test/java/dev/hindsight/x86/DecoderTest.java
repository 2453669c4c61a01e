package dev.hindsight.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  private static final Decoder ALL = new Decoder(EnumSet.allOf(Feature.class));

  static Stream<String> cases() throws IOException {
    try (InputStream in = DecoderTest.class.getResourceAsStream("decoding.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines().filter(line -> !line.isBlank() && line.charAt(0) != '#').toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesAsTheManualSays(String line) {
    String[] columns = line.split(" \\| ", -1);
    byte[] code = bytes(columns[1]);
    CodeMode mode = CodeMode.valueOf("BITS" + columns[0]);
    Decoded decoded = ALL.decode(mode, source(code));
    assertThat(text(decoded)).isEqualTo(columns[2]);
    if (decoded instanceof Instruction instruction) {
      assertThat(instruction.length()).isEqualTo(code.length);
    }
  }

  /** Every shorter fetch is reported at the byte that is missing, and nothing beyond is read. */
  @ParameterizedTest
  @MethodSource("cases")
  void aShortFetchIsReportedAtItsByte(String line) {
    String[] columns = line.split(" \\| ", -1);
    byte[] code = bytes(columns[1]);
    CodeMode mode = CodeMode.valueOf("BITS" + columns[0]);
    Decoded whole = ALL.decode(mode, source(code));
    int needed =
        switch (whole) {
          case Instruction instruction -> instruction.length();
          case Decoded.Invalid invalid -> invalid.length();
          case Decoded.TooLong _ -> 15;
          case Decoded.NeedsByte missing -> missing.offset();
        };
    for (int available = 0; available < needed; available++) {
      byte[] part = Arrays.copyOf(code, available);
      assertThat(ALL.decode(mode, source(part))).isEqualTo(new Decoded.NeedsByte(available));
    }
  }

  @Test
  void withoutTheExtensionTheBytesMeanSomethingElse() {
    Decoder old = new Decoder(Set.of(Feature.BASE, Feature.FPU));
    assertThat(text(old.decode(CodeMode.BITS32, source(bytes("F3 0F BC C1")))))
        .isEqualTo("bsf eax,ecx");
    assertThat(text(old.decode(CodeMode.BITS32, source(bytes("F3 0F BD C1")))))
        .isEqualTo("bsr eax,ecx");
    assertThat(text(old.decode(CodeMode.BITS32, source(bytes("C5 F8 77"))))).isEqualTo("#UD");
    assertThat(text(old.decode(CodeMode.BITS32, source(bytes("0F 45 C1"))))).isEqualTo("#UD");
    Decoder noAvx = new Decoder(EnumSet.of(Feature.BASE, Feature.LONG_MODE));
    assertThat(noAvx.decode(CodeMode.BITS64, source(bytes("C5 F8 77"))))
        .isEqualTo(new Decoded.Invalid(1));
  }

  @Test
  void operandSizesAreTheEffectiveOnes() {
    assertThat(instruction(CodeMode.BITS64, "E8 00 00 00 00").operandBits()).isEqualTo(64);
    assertThat(instruction(CodeMode.BITS64, "66 E9 00 00 00 00").operandBits()).isEqualTo(64);
    assertThat(instruction(CodeMode.BITS64, "C9").operandBits()).isEqualTo(64);
    assertThat(instruction(CodeMode.BITS64, "66 9C").operandBits()).isEqualTo(16);
    assertThat(instruction(CodeMode.BITS64, "CF").operandBits()).isEqualTo(32);
    assertThat(instruction(CodeMode.BITS64, "48 CF").operandBits()).isEqualTo(64);
    assertThat(instruction(CodeMode.BITS64, "66 0F 6E C0").operandBits()).isEqualTo(32);
    assertThat(instruction(CodeMode.BITS16, "66 CF").operandBits()).isEqualTo(32);
    assertThat(instruction(CodeMode.BITS64, "67 AA").addressBits()).isEqualTo(32);
  }

  @Test
  void repeatPrefixesAreThoseOfStringInstructionsOnly() {
    assertThat(instruction(CodeMode.BITS64, "F3 AA").has(Prefixes.REP)).isTrue();
    assertThat(instruction(CodeMode.BITS64, "F3 F2 AE").prefixes()).isEqualTo(Prefixes.REPNE);
    assertThat(instruction(CodeMode.BITS64, "F3 C3").prefixes()).isZero();
    assertThat(instruction(CodeMode.BITS64, "F3 0F 58 C1").prefixes()).isZero();
  }

  private static Instruction instruction(CodeMode mode, String code) {
    return (Instruction) ALL.decode(mode, source(bytes(code)));
  }

  private static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** Bytes that must be read in order, each once. */
  private static CodeSource source(byte[] code) {
    int[] next = {0};
    return offset -> {
      assertThat(offset).isEqualTo(next[0]++).isLessThan(15);
      return offset < code.length ? code[offset] & 0xFF : -1;
    };
  }

  private static String text(Decoded decoded) {
    return switch (decoded) {
      case Instruction instruction -> Disassembler.text(instruction, 0);
      case Decoded.Invalid _ -> "#UD";
      case Decoded.TooLong _ -> "#GP";
      case Decoded.NeedsByte _ -> "needs more";
    };
  }
}
