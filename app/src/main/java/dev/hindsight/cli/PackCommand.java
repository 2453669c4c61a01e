package dev.hindsight.cli;

import dev.hindsight.timeline.store.Packing;
import dev.hindsight.timeline.store.PcImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hindsight pack}. */
@Command(
    name = "pack",
    description = "Puts a recording and everything that its replay needs into one file.",
    mixinStandardHelpOptions = true)
final class PackCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The file; it must not exist.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException {
    Packing.pack(directory, file, new PcImages());
    return 0;
  }
}
