package dev.hindsight.board.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every table but the root pointer, which it does not know, is taken apart and put together again
 * by Intel's compiler, {@code iasl} (package acpica-tools), without a complaint. Skipped where
 * there is none.
 */
class IaslTest {
  @TempDir Path directory;

  @BeforeAll
  static void needsIasl() {
    assumeTrue(
        List.of("/usr/bin/iasl", "/usr/local/bin/iasl").stream()
            .anyMatch(file -> Files.isExecutable(Path.of(file))),
        "iasl is not installed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 300})
  void everyTableSurvives(int cpus) throws IOException, InterruptedException {
    TableReader reader = new TableReader(new AcpiTables(cpus).bytes(), AcpiTables.ADDRESS);
    SortedMap<String, byte[]> tables = reader.tables(true);
    tables.putAll(reader.tables(false));
    tables.remove("RSDP");
    assertThat(tables).hasSize(7);
    for (var table : tables.entrySet()) {
      String name = table.getKey();
      Path binary = directory.resolve(name + ".dat");
      Files.write(binary, table.getValue());
      String taken = iasl("-d", binary.toString());
      assertThat(taken).doesNotContainIgnoringCase("error").doesNotContainIgnoringCase("warning");
      Path again = directory.resolve(name + "-again");
      String made = iasl("-p", again.toString(), directory.resolve(name + ".dsl").toString());
      assertThat(made).as(name).contains("0 Errors, 0 Warnings, 0 Remarks");
      if (!name.equals("DSDT")) {
        // the compiler puts its own name and checksum in, and nothing else
        byte[] compiled = Files.readAllBytes(Path.of(again + ".aml"));
        byte[] expected = table.getValue().clone();
        if (!name.equals("FACS")) {
          System.arraycopy(compiled, 28, expected, 28, 8);
          expected[9] = compiled[9];
        }
        assertThat(compiled).as(name).isEqualTo(expected);
      }
    }
  }

  private String iasl(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("iasl");
    builder.command().addAll(List.of(arguments));
    Path output = directory.resolve("output.txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.waitFor();
    return Files.readString(output);
  }
}
