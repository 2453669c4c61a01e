package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.x86.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Machines of one factory, made by one thread, run at once on several, as those of a search do. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class TranslatorThreadsTest {
  private static final int THREADS = 4;
  private static final long TICKS = 20_000_000;

  private static Machine machine(EngineFactory engines) {
    return BuiltinMachine.builder(new BuiltinGuest(1), CpuModels.V2, 1)
        .engine(engines)
        .world(World.EMPTY)
        .build();
  }

  private static long run(Machine machine) {
    try (machine) {
      machine.run(TICKS);
      return machine.digest().total();
    }
  }

  @Test
  void translatorsShareNothingThatChanges() throws Exception {
    Decoder decoder = new Decoder(CpuModels.V2.features());
    SemanticTable semantics = InstructionSet.semantics();
    EngineFactory translators =
        (memory, model) -> {
          try {
            return new Translator(memory, decoder, semantics);
          } catch (HostRefusal e) {
            throw new IllegalStateException(e);
          }
        };
    List<Machine> machines = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      machines.add(machine(translators));
    }
    long expected = run(machine(TestEngines.INTERPRETER));
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Long>> hashes = machines.stream().map(m -> threads.submit(() -> run(m))).toList();
      for (Future<Long> hash : hashes) {
        assertThat(hash.get()).isEqualTo(expected);
      }
    }
  }
}
