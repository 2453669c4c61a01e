package dev.hindsight.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads packages in each of the ways that they may be compressed. */
class DebianPackageTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz", ".xz", ".zst"})
  void showsItsFiles(String ending) throws IOException {
    DebianPackage subject =
        Packages.write(
            directory.resolve("a.deb"),
            ending,
            Map.of("bin/a", new byte[100_000], "etc/b", Packages.text("b")));
    Map<String, byte[]> seen = new LinkedHashMap<>();
    subject.visit((path, content) -> seen.put(path, content.readAllBytes()) == null);
    assertThat(seen).containsOnlyKeys("bin/a", "etc/b");
    assertThat(seen.get("bin/a")).isEqualTo(new byte[100_000]);
    assertThat(subject.find(Pattern.compile("e.*")).orElseThrow()).asString().isEqualTo("b");
    assertThat(subject.find(Pattern.compile("tc/b"))).isEmpty();
  }

  @Test
  void refusesWhatIsNone() throws IOException {
    Path file = directory.resolve("a.deb");
    Files.writeString(file, "<html>This page does not exist.");
    assertThatThrownBy(() -> new DebianPackage(file).visit((path, content) -> true))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining("a.deb is damaged");
  }

  @Test
  void refusesOneThatIsCutOff() throws IOException {
    Path file = directory.resolve("a.deb");
    Packages.write(file, ".xz", Map.of("bin/a", new byte[100_000]));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 60));
    assertThatThrownBy(() -> new DebianPackage(file).visit((path, content) -> true))
        .isInstanceOf(GuestException.class);
  }
}
