package dev.hindsight.bench.timeline;

import dev.hindsight.timeline.GoldenMachine;
import dev.hindsight.timeline.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the golden recordings anew that the tests replay. Argument: the directory where they are.
 */
public final class MakeGoldenRecordings {
  private MakeGoldenRecordings() {}

  /** Makes them. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("the directory of the golden recordings is needed");
    }
    for (GoldenMachine golden : GoldenMachine.ALL) {
      MemoryStore store = new MemoryStore();
      golden.record(store);
      Path directory = Files.createDirectories(Path.of(arguments[0], golden.directory()));
      for (String file : GoldenMachine.FILES) {
        Files.write(directory.resolve(file), store.read(file));
      }
      System.out.println(directory);
    }
  }
}
