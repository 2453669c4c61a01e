package dev.hindsight.cli;

import dev.hindsight.translator.TranslatedCode;
import dev.hindsight.translator.TranslationListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that write down what the translator translates, for people and for perf. */
final class BlockTrace implements TranslationListener, AutoCloseable {
  @Option(
      names = "--trace-blocks",
      paramLabel = "FILE",
      description =
          "Write down each block of code as it is translated: the guest's instructions, and beside"
              + " them the host's.")
  private @Nullable Path trace;

  @Option(
      names = "--perf-map",
      description = "Name translated code for perf, in /tmp/perf-PID.map, by its linear address.")
  private boolean perfMap;

  private @Nullable BufferedWriter listing;
  private @Nullable BufferedWriter map;

  /** Opens what was asked for. */
  void open() throws IOException {
    if (trace != null) {
      listing = Files.newBufferedWriter(trace);
    }
    if (perfMap) {
      map =
          Files.newBufferedWriter(
              Path.of("/tmp/perf-%d.map".formatted(ProcessHandle.current().pid())));
    }
  }

  /** Who hears of translations: this, or nobody if nothing was asked for. */
  TranslationListener listener() {
    return listing == null && map == null ? TranslationListener.NONE : this;
  }

  @Override
  public void translated(TranslatedCode code) {
    try {
      if (listing != null) {
        listing.write(code.listing());
      }
      if (map != null) {
        map.write("%x %x guest:%016x\n".formatted(code.entry(), code.host().length, code.linear()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The blocks cannot be written down: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (listing != null) {
      listing.close();
    }
    if (map != null) {
      map.close();
    }
  }
}
