package dev.hindsight.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A quick sample of what {@code dev.hindsight.bench.x86.CompareWithObjdump} does at length. */
class ObjdumpTest {
  private static final int INSTRUCTIONS = 20_000;
  private static final int SAMPLE_BYTES = 60_000;

  /** A library that is wherever these tests run. */
  private static final Path LIBRARY = Path.of(System.getProperty("java.home"), "lib", "libjava.so");

  @TempDir private Path directory;

  @BeforeAll
  static void objdumpIsThere() {
    assumeTrue(
        Objdump.isAvailable() && Files.exists(LIBRARY),
        "needs objdump (of GNU binutils, which comes with gcc) on x86-64 Linux");
  }

  @ParameterizedTest
  @EnumSource(CodeMode.class)
  void agreesOnGeneratedCode(CodeMode mode) throws IOException {
    compare(mode, GeneratedCode.of(mode, 20260728, INSTRUCTIONS), INSTRUCTIONS);
  }

  @ParameterizedTest
  @EnumSource(CodeMode.class)
  void agreesOnTheBytesOfALibrary(CodeMode mode) throws IOException {
    byte[] bytes = Files.readAllBytes(LIBRARY);
    int start = Math.max(0, (bytes.length - SAMPLE_BYTES) / 2);
    byte[] sample = Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + SAMPLE_BYTES));
    compare(mode, sample, sample.length / 15);
  }

  @Test
  void agreesOnTheCodeOfALibrary() throws IOException {
    ObjdumpComparison comparison = new ObjdumpComparison(CodeMode.BITS64);
    Objdump.elf(LIBRARY, comparison);
    check(comparison, 1000);
  }

  private void compare(CodeMode mode, byte[] code, int atLeast) throws IOException {
    Path file = directory.resolve("code.bin");
    Files.write(file, code);
    ObjdumpComparison comparison = new ObjdumpComparison(mode);
    Objdump.raw(file, mode, 0, code.length, comparison);
    check(comparison, atLeast);
  }

  private static void check(ObjdumpComparison comparison, int atLeast) {
    comparison.finish();
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.compared()).isGreaterThanOrEqualTo(atLeast);
  }
}
