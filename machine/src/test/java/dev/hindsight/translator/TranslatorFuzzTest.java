package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Random sequences leave the same state in both engines. */
final class TranslatorFuzzTest {
  @Test
  void enginesAgree() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long differing;
    try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
      String[] options = {"--cases", "200000", "--seed", "20260101", "--threads", "2"};
      differing = TranslatorFuzz.run(options, print);
    }
    assertThat(differing).as(() -> out.toString(StandardCharsets.UTF_8)).isZero();
  }
}
