package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.translator.TranslationListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which engine a command uses, and what it says of it. */
class EnginesTest {
  @TempDir private Path directory;

  @Test
  void whereTheHostCannotTranslateAutoSaysSoOnceAndInterprets() {
    EngineFactory auto =
        new TranslatorFactory("Linux", "aarch64", TranslationListener.NONE).orInterpreter();
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < 2; i++) {
        assertThat(auto.create(new PhysicalMap(), CpuModels.V2)).isInstanceOf(Interpreter.class);
      }
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .hasSize(1)
        .allMatch(l -> l.startsWith("hindsight: ") && l.contains("aarch64") && l.endsWith("."));
  }

  @Test
  void whoInsistsIsRefused() {
    TranslatorFactory translators =
        new TranslatorFactory("Windows", "amd64", TranslationListener.NONE);
    assertThatThrownBy(() -> translators.create(new PhysicalMap(), CpuModels.V2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--engine interpreter.");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
  void statisticsSayWhatTheInterpreterHadToDo() throws IOException {
    String translator = statistics("translator");
    String interpreter = statistics("interpreter");
    assertThat(number(interpreter, "fallbackInstructions")).isZero();
    assertThat(interpreter).doesNotContain("exits");
    assertThat(number(translator, "fallbackInstructions"))
        .isEqualTo(number(translator, "instructionsOfBlocks") + number(translator, "others"))
        .isBetween(1L, number(translator, "instructions") - 1);
    assertThat(number(translator, "OUT")).isPositive();
    assertThat(number(translator, "INTERPRET")).isGreaterThanOrEqualTo(number(translator, "OUT"));
    assertThat(number(translator, "instructions")).isEqualTo(number(interpreter, "instructions"));
  }

  private String statistics(String engine) throws IOException {
    Path kernel = Files.write(directory.resolve("kernel"), TinyKernel.powersOff());
    Path script = Files.write(directory.resolve("script"), new byte[0]);
    Path file = directory.resolve(engine);
    int status =
        Hindsight.commandLine()
            .execute(
                "run",
                "--kernel=" + kernel,
                "--script=" + script,
                "--no-record",
                "--engine=" + engine,
                "--stats=" + file);
    assertThat(status).isZero();
    return Files.readString(file);
  }

  private static long number(String json, String name) {
    Matcher m = Pattern.compile("\"" + name + "\" : ([0-9]+)").matcher(json);
    assertThat(m.find()).as(name).isTrue();
    return Long.parseLong(m.group(1));
  }
}
