package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of the files that a machine's images were made of.
 *
 * @param boot what they are
 * @param kernel the kernel; empty if nothing is in a file
 * @param initrd the initial RAM disk; empty if there is none
 * @param modules the modules, in their order
 */
@SuppressWarnings("ArrayRecordComponent")
public record BootFiles(Sources.Boot boot, byte[] kernel, byte[] initrd, List<byte[]> modules) {
  private static final byte[] NOTHING = {};

  /** Copies the list. */
  public BootFiles {
    modules = List.copyOf(modules);
  }

  /**
   * Reads the files.
   *
   * @param directory that of the recording, which relative paths are relative to
   * @param most the most bytes that a file may have
   * @throws RecordingException if one cannot be read; the message is one sentence
   */
  public static BootFiles read(Sources.Boot boot, Path directory, long most)
      throws RecordingException {
    return switch (boot) {
      case Sources.Boot.None() -> new BootFiles(boot, NOTHING, NOTHING, List.of());
      case Sources.Boot.Linux linux ->
          new BootFiles(
              boot,
              Gzip.expand(linux.kernel(), file("kernel", linux.kernel(), directory, most), most),
              linux.initrd().isPresent()
                  ? file("initial RAM disk", linux.initrd().get(), directory, most)
                  : NOTHING,
              List.of());
      case Sources.Boot.Multiboot multiboot -> {
        byte[] compressed = file("kernel", multiboot.kernel(), directory, most);
        byte[] kernel = Gzip.expand(multiboot.kernel(), compressed, most);
        List<byte[]> modules = new ArrayList<>();
        for (Sources.Module module : multiboot.modules()) {
          modules.add(file("module", module.path(), directory, most));
        }
        yield new BootFiles(boot, kernel, NOTHING, modules);
      }
    };
  }

  private static byte[] file(String what, String path, Path directory, long most)
      throws RecordingException {
    return HostFiles.readAll(what, SourcePaths.resolve(directory, path), most);
  }
}
