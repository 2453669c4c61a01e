package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths as a description has them. */
public final class SourcePaths {
  private SourcePaths() {}

  /**
   * The file that a path of a description means.
   *
   * @param directory that of the recording
   * @throws RecordingException if it cannot be a path on this host
   */
  public static Path resolve(Path directory, String path) throws RecordingException {
    try {
      return directory.toAbsolutePath().resolve(path);
    } catch (InvalidPathException e) {
      throw new RecordingException("There cannot be a file " + path + " on this host.");
    }
  }

  /**
   * The same sources for a recording in another directory: all paths are absolute.
   *
   * @param directory that of the recording whose sources they are
   * @throws RecordingException if one of them cannot be a path on this host
   */
  public static Sources absolute(Path directory, Sources sources) throws RecordingException {
    List<Sources.Disk> disks = new ArrayList<>();
    for (Sources.Disk disk : sources.disks()) {
      disks.add(new Sources.Disk(absolute(directory, disk.path()), disk.form()));
    }
    return new Sources(absolute(directory, sources.boot()), disks);
  }

  private static Sources.Boot absolute(Path directory, Sources.Boot boot)
      throws RecordingException {
    return switch (boot) {
      case Sources.Boot.None none -> none;
      case Sources.Boot.Linux linux ->
          new Sources.Boot.Linux(
              absolute(directory, linux.kernel()),
              linux.initrd().isPresent()
                  ? Optional.of(absolute(directory, linux.initrd().get()))
                  : Optional.empty(),
              linux.commandLine());
      case Sources.Boot.Multiboot multiboot -> {
        List<Sources.Module> modules = new ArrayList<>();
        for (Sources.Module m : multiboot.modules()) {
          modules.add(new Sources.Module(absolute(directory, m.path()), m.text()));
        }
        yield new Sources.Boot.Multiboot(
            absolute(directory, multiboot.kernel()), multiboot.commandLine(), modules);
      }
    };
  }

  private static String absolute(Path directory, String path) throws RecordingException {
    return resolve(directory, path).normalize().toString();
  }
}
