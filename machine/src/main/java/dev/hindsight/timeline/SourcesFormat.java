package dev.hindsight.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Sources as the second section of a description. */
final class SourcesFormat {
  private static final String BOOT = "boot";
  private static final String NONE = "none";
  private static final String LINUX = "linux";
  private static final String MULTIBOOT = "multiboot";
  private static final String KERNEL = "kernel";
  private static final String INITRD = "initrd";
  private static final String COMMAND_LINE = "command-line";
  private static final String MODULE = "module";
  private static final String MODULE_TEXT = "module-text";
  private static final String RAW_DISK = "disk-image";
  private static final String DISK_BLOCKS = "disk-blocks";

  private SourcesFormat() {}

  /** Tells a consumer of all keys and values. */
  static void write(Sources sources, BiConsumer<String, String> line) {
    switch (sources.boot()) {
      case Sources.Boot.None() -> line.accept(BOOT, NONE);
      case Sources.Boot.Linux linux -> {
        line.accept(BOOT, LINUX);
        line.accept(KERNEL, linux.kernel());
        linux.initrd().ifPresent(path -> line.accept(INITRD, path));
        line.accept(COMMAND_LINE, linux.commandLine());
      }
      case Sources.Boot.Multiboot multiboot -> {
        line.accept(BOOT, MULTIBOOT);
        line.accept(KERNEL, multiboot.kernel());
        line.accept(COMMAND_LINE, multiboot.commandLine());
        for (Sources.Module module : multiboot.modules()) {
          line.accept(MODULE, module.path());
          line.accept(MODULE_TEXT, module.text());
        }
      }
    }
    for (Sources.Disk disk : sources.disks()) {
      line.accept(disk.form() == Sources.Disk.Form.RAW ? RAW_DISK : DISK_BLOCKS, disk.path());
    }
  }

  static Sources read(List<DescriptionFormat.Entry> entries) {
    Lines lines = new Lines(entries);
    String kind = lines.one(BOOT);
    Sources.Boot boot =
        switch (kind) {
          case NONE -> new Sources.Boot.None();
          case LINUX ->
              new Sources.Boot.Linux(
                  lines.one(KERNEL),
                  Optional.ofNullable(lines.next(INITRD)),
                  lines.one(COMMAND_LINE));
          case MULTIBOOT ->
              new Sources.Boot.Multiboot(
                  lines.one(KERNEL), lines.one(COMMAND_LINE), modules(lines));
          default -> throw new IllegalArgumentException("nothing is booted as " + kind);
        };
    List<Sources.Disk> disks = new ArrayList<>();
    while (lines.hasNext()) {
      String path = lines.next(RAW_DISK);
      disks.add(
          path == null
              ? new Sources.Disk(lines.one(DISK_BLOCKS), Sources.Disk.Form.BLOCKS)
              : new Sources.Disk(path, Sources.Disk.Form.RAW));
    }
    return new Sources(boot, disks);
  }

  private static List<Sources.Module> modules(Lines lines) {
    List<Sources.Module> modules = new ArrayList<>();
    for (String path = lines.next(MODULE); path != null; path = lines.next(MODULE)) {
      modules.add(new Sources.Module(path, lines.one(MODULE_TEXT)));
    }
    return modules;
  }

  /** Lines in their order. */
  private static final class Lines {
    private final List<DescriptionFormat.Entry> entries;
    private int next;

    Lines(List<DescriptionFormat.Entry> entries) {
      this.entries = entries;
    }

    boolean hasNext() {
      return next < entries.size();
    }

    /** The value of the next line if it has this key, or null. */
    @Nullable String next(String key) {
      return hasNext() && entries.get(next).key().equals(key) ? entries.get(next++).value() : null;
    }

    String one(String key) {
      String value = next(key);
      if (value == null) {
        throw new IllegalArgumentException("there is no " + key + " where it ought to be");
      }
      return value;
    }
  }
}
