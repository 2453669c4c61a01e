package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.timeline.live.ConsoleScript.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptFileTest {
  @TempDir private Path directory;

  private List<Step> read(String text) throws IOException {
    return ScriptFile.read(Files.writeString(directory.resolve("script"), text));
  }

  @Test
  void linesAreSteps() throws IOException {
    assertThat(read("# comment\n\nlogin: => root\n=> a\\c\n\\s# => x\\t\\x41\\\\\\e[A\n"))
        .containsExactly(
            new Step("login:", "root\r"), new Step("", "a"), new Step(" #", "x\tA\\\033[A\r"));
  }

  @Test
  void aBadLineIsNamed() {
    for (String bad : List.of("x => y\nno arrow", "x => y\na => \\q", "x => y\na => \\x4")) {
      assertThatThrownBy(() -> read(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("Line 2 of .*script has .*\\.");
    }
  }
}
