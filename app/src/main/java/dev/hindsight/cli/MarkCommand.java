package dev.hindsight.cli;

import dev.hindsight.cli.ask.InstantOptions;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight mark}. */
@Command(
    name = "mark",
    description = {
      "Gives a name to an instant of a recording, which --at takes from then on.",
      "Without a name, says which there are."
    },
    mixinStandardHelpOptions = true)
final class MarkCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Letters, digits, '.', '_' and '-', the first a letter or '_'.")
  private @Nullable String name;

  @Mixin private InstantOptions instant = new InstantOptions();

  @Option(names = "--delete", description = "Take the name back.")
  private boolean delete;

  @Override
  public Integer call() throws IOException {
    Recording recording = DirectoryStore.recording(directory);
    Marks marks = Marks.of(directory);
    Optional<Instant> at = instant.in(directory);
    if (name == null) {
      if (delete || at.isPresent()) {
        throw new IllegalArgumentException("Say which name.");
      }
      list(marks, System.out);
    } else if (delete) {
      if (at.isPresent()) {
        throw new IllegalArgumentException("A name is deleted wherever it is; leave out the rest.");
      }
      Marks.checkName(name);
      if (!marks.remove(name)) {
        throw new RecordingException(
            "The recording at " + directory + " has no mark named " + name + ".");
      }
    } else {
      Marks.checkName(name);
      Instant there =
          at.orElseThrow(() -> new IllegalArgumentException("Say where, by --at or --step."));
      InstantOptions.check(directory, recording, there);
      marks.put(name, there);
    }
    return 0;
  }

  private static void list(Marks marks, PrintStream out) {
    marks.all().forEach((mark, at) -> out.printf("%-20s %s%n", mark, at));
    out.flush();
  }
}
