package dev.hindsight.cli;

import dev.hindsight.timeline.store.Packing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hindsight unpack}. */
@Command(
    name = "unpack",
    description = "Makes a recording of a file that `hindsight pack` has made.",
    mixinStandardHelpOptions = true)
final class UnpackCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The packed recording.")
  private Path file = Path.of("");

  @Parameters(index = "1", paramLabel = "DIR", description = "The recording; it must not exist.")
  private Path directory = Path.of("");

  @Override
  public Integer call() throws IOException {
    Packing.unpack(file, directory);
    return 0;
  }
}
