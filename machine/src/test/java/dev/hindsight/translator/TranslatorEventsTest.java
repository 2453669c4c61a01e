package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Machine;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.EngineCounts;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.x86.Decoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What one can see of a translator at work. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class TranslatorEventsTest {
  private static final long TICKS = 20_000_000;

  @TempDir private Path directory;

  private final List<TranslatedCode> heard = new ArrayList<>();

  private EngineCounts run(TranslationListener listener) {
    try (Machine machine =
        BuiltinMachine.builder(new BuiltinGuest(1), CpuModels.V2, 1)
            .engine((memory, model) -> {
              try {
                return new Translator(
                    memory, new Decoder(model.features()), InstructionSet.semantics(), listener);
              } catch (HostRefusal e) {
                throw new IllegalStateException(e);
              }
            })
            .world(World.EMPTY)
            .build()) {
      machine.run(TICKS);
      assertThat(machine.engineCounts().executed()).isEqualTo(machine.steps());
      return machine.engineCounts();
    }
  }

  private static long count(EngineCounts counts, String group, String name) {
    return counts.groups().stream()
        .filter(g -> g.name().equals(group))
        .flatMap(g -> g.counts().stream())
        .filter(c -> c.name().equals(name))
        .mapToLong(EngineCounts.Count::times)
        .sum();
  }

  @Test
  void aListenerHearsOfEachBlock() {
    EngineCounts counts = run(heard::add);
    assertThat(heard).isNotEmpty();
    assertThat(heard.stream().mapToLong(c -> c.guest().size()).sum())
        .isLessThanOrEqualTo(count(counts, "translated", "instructions"));
    for (TranslatedCode code : heard) {
      assertThat(code.linear() & 4095).isEqualTo(code.physical() & 4095);
      assertThat(code.starts()).isSorted().hasSize(code.guest().size() + 1);
      // everything that is emitted can be disassembled, and each instruction of the guest is there
      String listing = code.listing();
      assertThat(listing).doesNotContain("(bad)").startsWith("block ").endsWith("\n\n");
      assertThat(listing.lines().filter(l -> l.matches("[0-9a-f]{16}  .*")))
          .hasSize(code.guest().size());
    }
  }

  @Test
  void aFlightRecorderSeesTranslationsAndExits() throws Exception {
    Path file = directory.resolve("events.jfr");
    EngineCounts counts;
    try (Recording recording = new Recording()) {
      recording.enable("dev.hindsight.BlockTranslated").withoutThreshold();
      recording.enable("dev.hindsight.CodeLeft").withoutThreshold();
      recording.start();
      counts = run(TranslationListener.NONE);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(named(events, "BlockTranslated")).isEqualTo(count(counts, "translated", "blocks"));
    long exits = 0;
    for (ExitKind kind : ExitKind.values()) {
      exits += count(counts, "exits", kind.name());
    }
    assertThat(named(events, "CodeLeft")).isEqualTo(exits).isPositive();
  }

  private static long named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(e -> e.getEventType().getName().equals("dev.hindsight." + name))
        .count();
  }

  @Test
  void fallbackIsWhatEmittedCodeDidNotExecute() {
    EngineCounts counts = run(TranslationListener.NONE);
    assertThat(counts.fallback())
        .isEqualTo(
            count(counts, "fallback", "instructionsOfBlocks") + count(counts, "fallback", "others"))
        .isLessThan(counts.executed());
    assertThat(count(counts, "fallback", "others")).isNotNegative();
  }
}
