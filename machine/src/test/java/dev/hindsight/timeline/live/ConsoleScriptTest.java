package dev.hindsight.timeline.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleScriptTest {
  private static final long SECOND = 1_000_000_000;

  private static void print(ConsoleScript script, String text, long tick) {
    text.chars().forEach(c -> script.output("uart0", c, tick));
  }

  private static String typed(ConsoleScript script) {
    StringBuilder text = new StringBuilder();
    while (script.nextInput() != World.NEVER) {
      long now = script.nextInput();
      assertThat(script.poll(now - 1)).isNull();
      if (script.poll(now) instanceof Input.SerialByte b) {
        text.append((char) b.value());
      }
    }
    return text.toString();
  }

  @Test
  void typesAfterWhatItWaitsFor() {
    ConsoleScript script =
        new ConsoleScript(
            "uart0",
            SECOND,
            List.of(
                new ConsoleScript.Step("login:", "root\r"), new ConsoleScript.Step("# ", "ls\r")));
    print(script, "Debian\nlogin", 10);
    assertThat(script.nextInput()).isEqualTo(World.NEVER);
    assertThat(script.isOver()).isTrue();
    script.output("uart1", ':', 20);
    assertThat(script.nextInput()).isEqualTo(World.NEVER);
    print(script, ": ", 30);
    assertThat(script.nextInput()).isEqualTo(30 + SECOND / 50);
    assertThat(script.isOver()).isFalse();
    print(script, "# ", 40); // while it types it does not look
    assertThat(typed(script)).isEqualTo("root\r");
    assertThat(script.rest()).containsExactly(new ConsoleScript.Step("# ", "ls\r"));
    print(script, "# ", 50);
    assertThat(typed(script)).isEqualTo("ls\r");
    assertThat(script.rest()).isEmpty();
  }

  @Test
  void typesAtOnceWhereItWaitsForNothing() {
    ConsoleScript script =
        new ConsoleScript(
            "uart0",
            SECOND,
            List.of(new ConsoleScript.Step("", "a"), new ConsoleScript.Step("", "b")));
    assertThat(typed(script)).isEqualTo("ab");
  }

  @Test
  void remembersNoMoreThanItNeeds() {
    ConsoleScript script =
        new ConsoleScript("uart0", SECOND, List.of(new ConsoleScript.Step("the end", "x")));
    for (int i = 0; i < 100_000; i++) {
      print(script, "the en", i);
    }
    print(script, "d", 1);
    assertThat(typed(script)).isEqualTo("x");
  }
}
