package dev.hindsight.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordAndReplayTest {
  @Test
  void theExampleDoesWhatItSays() throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    RecordAndReplay.run(new PrintStream(printed, true, StandardCharsets.US_ASCII));
    List<String> lines = printed.toString(StandardCharsets.US_ASCII).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEqualTo("recorded: IBM, then POWERED_OFF");
    assertThat(lines.get(2)).isEqualTo("replayed: IBM, then POWERED_OFF");
    assertThat(lines.get(1)).startsWith("state hash ").isEqualTo(lines.get(3));
  }
}
