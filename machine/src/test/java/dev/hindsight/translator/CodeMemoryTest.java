package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Chipset;
import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Sockets;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.x86.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory for code is given back: a process may open any number of machines. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class CodeMemoryTest {
  private static final int MACHINES = 1000;

  private static final long MEMORY = 1 << 20;

  private final Decoder decoder = new Decoder(CpuModels.V2.features());
  private final List<Translator> made = new ArrayList<>();

  /** What other tests left to the collector. */
  @BeforeEach
  void settle() throws Exception {
    awaitMappings(0);
  }

  private static long mappings() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(l -> l.contains("/dev/zero")).count();
    }
  }

  private static void awaitMappings(long most) throws Exception {
    for (int i = 0; i < 100 && mappings() > most; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(mappings()).isLessThanOrEqualTo(most);
  }

  private static final class NoChips implements Chipset {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public void install(Sockets sockets) {}
  }

  private Machine machine(boolean remember) {
    EngineFactory engines =
        (memory, model) -> {
          try {
            Translator t = new Translator(memory, decoder, InstructionSet.semantics());
            if (remember) {
              made.add(t);
            }
            return t;
          } catch (HostRefusal e) {
            throw new IllegalStateException(e);
          }
        };
    return Machine.builder()
        .cpuModel(CpuModels.V2)
        .memoryBytes(MEMORY)
        .chipset(new NoChips())
        .engine(engines)
        .world(World.EMPTY)
        .build();
  }

  @Test
  void aClosedMachineGivesItBack() throws Exception {
    for (int i = 0; i < MACHINES; i++) {
      try (Machine machine = machine(false)) {
        assertThat(mappings()).isEqualTo(2);
        machine.run(1000);
      }
    }
    assertThat(mappings()).isZero();
  }

  @Test
  void noAddressIsBothWritableAndExecutable() throws Exception {
    try (Machine _ = machine(false);
        Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(lines.filter(l -> l.contains("/dev/zero")).map(l -> l.split(" ")[1]))
          .containsExactlyInAnyOrder("rw-s", "r-xs");
    }
  }

  @Test
  void soDoesTheCollectorIfAMachineIsDropped() throws Exception {
    for (int i = 0; i < MACHINES; i++) {
      machine(false);
    }
    awaitMappings(0);
  }

  @Test
  void aClosedTranslatorRefusesToRun() {
    Machine machine = machine(true);
    made.getFirst().close();
    assertThatThrownBy(() -> made.getFirst().run(machine.vcpus().getFirst(), 1, Stops.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    machine.close();
  }
}
