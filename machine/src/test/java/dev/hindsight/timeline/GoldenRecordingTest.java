package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings made once must replay, or the behaviour version must say that they need not. */
class GoldenRecordingTest {
  private static final String COMMAND =
      """

        ./mvnw -q -pl bench -am test-compile
        java --enable-native-access=ALL-UNNAMED \
      -cp machine/target/classes:machine/target/test-classes:bench/target/classes \
      dev.hindsight.bench.timeline.MakeGoldenRecordings \
      machine/src/test/resources/dev/hindsight/timeline/golden
      """;

  static List<GoldenMachine> machines() {
    return GoldenMachine.ALL;
  }

  @ParameterizedTest
  @MethodSource("machines")
  void replays(GoldenMachine golden) throws IOException {
    Recording recording = read(golden);
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.seal()).isPresent();
    try (Machine machine = golden.machine()) {
      MachineDescription recorded = recording.description();
      if (!recorded.images().equals(machine.description().images())) {
        fail("The guest changed: make the golden recordings anew with" + COMMAND);
      }
      if (recorded.behaviourVersion() != MachineDescription.BEHAVIOUR_VERSION) {
        fail("BEHAVIOUR_VERSION was raised: make the golden recordings anew with" + COMMAND);
      }
      if (!recorded.equals(machine.description())) {
        fail("The machine's description changed: make the golden recordings anew with" + COMMAND);
      }
      assertThat(new Replay(machine, recording).run()).isEqualTo(Outcome.POWERED_OFF);
    } catch (ReplayDifference e) {
      fail(
          "Behaviour changed. "
              + e.getMessage()
              + " Raise MachineDescription.BEHAVIOUR_VERSION and make the golden recordings anew"
              + " with"
              + COMMAND,
          e);
    }
  }

  private static Recording read(GoldenMachine golden) throws IOException {
    MemoryStore store = new MemoryStore();
    for (String file : GoldenMachine.FILES) {
      String name = "golden/" + golden.directory() + "/" + file;
      try (InputStream in =
          Objects.requireNonNull(GoldenRecordingTest.class.getResourceAsStream(name), name)) {
        store.write(file, in.readAllBytes());
      }
    }
    return Recording.read(store);
  }
}
