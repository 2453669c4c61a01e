package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EscapeKeysTest {
  private final EscapeKeys keys = new EscapeKeys();

  private String filter(String typed) {
    byte[] passed = keys.filter(typed.getBytes(StandardCharsets.ISO_8859_1));
    return new String(passed, StandardCharsets.ISO_8859_1);
  }

  @Test
  void ctrlAXLeaves() {
    assertThat(filter("ab\u0001")).isEqualTo("ab");
    assertThat(keys.leaves()).isFalse();
    assertThat(filter("xyz")).isEmpty();
    assertThat(keys.leaves()).isTrue();
  }

  @Test
  void ctrlATwiceTypesOne() {
    assertThat(filter("\u0001\u0001x")).isEqualTo("\u0001x");
    assertThat(filter("\u0001b")).isEqualTo("\u0001b");
    assertThat(keys.leaves()).isFalse();
  }
}
