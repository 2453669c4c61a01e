package dev.hindsight.timeline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.RecordingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarksTest {
  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("marks");
  }

  @Test
  void namesOfInstantsAreKept() throws IOException {
    assertThat(Marks.of(directory).all()).isEmpty();
    assertThat(Marks.of(directory).remove("nothing")).isFalse();
    assertThat(file()).doesNotExist();
    Marks marks = Marks.of(directory);
    marks.put("crash", new Instant.Step(1234));
    marks.put("_b.0-X", new Instant.Tick(0));
    marks.put("crash", new Instant.Step(1235));
    Marks again = Marks.of(directory);
    assertThat(again.all()).isEqualTo(marks.all());
    assertThat(again.find("crash")).contains(new Instant.Step(1235));
    assertThat(again.find("_b.0-X")).contains(new Instant.Tick(0));
    assertThat(again.find("Crash")).isEmpty();
    assertThat(Files.readString(file()))
        .isEqualTo("hindsight marks 1\ntick 0 _b.0-X\nstep 1235 crash\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(again.remove("crash")).isTrue();
    assertThat(Marks.of(directory).all()).hasSize(1);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void whatIsNoNameIsRefused() throws IOException {
    Marks marks = Marks.of(directory);
    for (String bad :
        List.of("", "7", "-a", ".a", "a b", "a\n", "\u00e4", "a/b", "a".repeat(101))) {
      assertThatThrownBy(() -> marks.put(bad, new Instant.Tick(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith(".");
    }
    assertThat(file()).doesNotExist();
    Marks nowhere = Marks.of(directory.resolve("nowhere"));
    assertThatThrownBy(() -> nowhere.put("a", new Instant.Tick(1)))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining("There is no recording at ");
  }

  @Test
  void senselessFilesAreRefused() throws IOException {
    String title = "hindsight marks 1\n";
    for (String bad :
        List.of(
            "",
            "hindsight marks 2\n",
            title + "\n",
            title + "tick 1\n",
            title + "tick 1 a\ntick 2 a\n",
            title + "tick -1 a\n",
            title + "tick 9999999999999999999 a\n",
            title + "tock 1 a\n",
            title + "tick 1 a b\n",
            title + "tick 1 " + "a".repeat(101),
            title + "tick 1 7\n",
            "x".repeat((1 << 20) + 1))) {
      Files.writeString(file(), bad);
      refuses();
    }
    Files.delete(file());
    Files.createDirectory(file());
    refuses();
  }

  private void refuses() {
    assertThatThrownBy(() -> Marks.of(directory))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining(file().toString())
        .hasMessageEndingWith(".")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anyBytesAreReadOrRefused() throws IOException {
    byte[] good = "hindsight marks 1\ntick 17 abc\nstep 5 d\n".getBytes(StandardCharsets.US_ASCII);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      Files.write(file(), bad);
      try {
        Marks.of(directory).all().keySet().forEach(Marks::checkName);
      } catch (RecordingException e) {
        assertThat(e.getMessage()).endsWith(".").doesNotContain("\n");
      }
    }
  }
}
