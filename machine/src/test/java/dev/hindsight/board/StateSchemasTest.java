package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.storage.ByteStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import org.junit.jupiter.api.Test;

/** A state record that changes needs another version, or old checkpoints would be misread. */
class StateSchemasTest {
  @Test
  void changedRecordsHaveAnotherVersion() throws IOException {
    List<String> present = schemas();
    assertThat(listed())
        .as(
            """
            A state record is not what schemas.txt says. If its fingerprint changed, raise the \
            version in its @Schema (1 if it has none). Then schemas.txt, beside the resources of \
            this test, becomes
            %s
            """,
            String.join("\n", present))
        .isEqualTo(present);
  }

  private static List<String> schemas() {
    SequencedSet<Class<? extends Record>> types = new LinkedHashSet<>();
    types.add(BoardState.class);
    types.add(VcpuState.class);
    try (Machine machine =
        BuiltinMachine.builder(new BuiltinGuest(1), CpuModels.V3, 1)
            .engine(new InterpreterFactory())
            .disk("disk0", false, ByteStore.random(4096, 1))
            .build()) {
      for (Device<?> device : machine.devices()) {
        types.add(device.stateType());
      }
    }
    return types.stream().map(StateSchemasTest::line).sorted().toList();
  }

  private static String line(Class<? extends Record> type) {
    RecordCodec<?> codec = RecordCodec.of(type);
    return "%s version %d fingerprint %016x"
        .formatted(type.getName(), codec.version(), codec.fingerprint());
  }

  private static List<String> listed() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(StateSchemasTest.class.getResourceAsStream("schemas.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
