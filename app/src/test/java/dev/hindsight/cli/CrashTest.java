package dev.hindsight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void aTripleFaultIsReportedAndReplayed() throws IOException {
    Path kernel = Files.write(directory.resolve("kernel"), TinyKernel.CRASHES.file());
    Path script = Files.writeString(directory.resolve("script"), "");
    String recording = directory.resolve("recording").toString();
    CommandRun run =
        CommandRun.of("run", "--kernel=" + kernel, "--script=" + script, "--record=" + recording);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("Triple fault on CPU 0 at tick [0-9,]+, after [0-9,]+ instructions")
        .contains("RAX 0000000012345678")
        .contains("RIP %016x".formatted(TinyKernel.CRASH))
        .contains("Bytes at RIP: 0f 0b ");
    CommandRun replay = CommandRun.of("replay", recording);
    assertThat(replay.err()).isEmpty();
    assertThat(replay.status()).isZero();
    assertThat(CommandRun.of("info", recording).out()).contains("sealed: triple-fault");
  }
}
