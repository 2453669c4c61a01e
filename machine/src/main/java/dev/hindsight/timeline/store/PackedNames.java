package dev.hindsight.timeline.store;

import dev.hindsight.timeline.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the files of a packed recording are called. */
final class PackedNames {
  static final String KERNEL = "kernel";
  static final String INITRD = "initrd";

  private PackedNames() {}

  static String module(int number) {
    return "module-" + number;
  }

  static String disk(int number) {
    return "disk-" + number + ".blocks";
  }

  /**
   * Sources with the paths that they have in a packed recording.
   *
   * @param disks number of the machine's disks
   */
  static Sources rename(Sources sources, int disks) {
    Sources.Boot boot =
        switch (sources.boot()) {
          case Sources.Boot.None none -> none;
          case Sources.Boot.Linux linux -> {
            Optional<String> initrd = linux.initrd().map(path -> INITRD);
            yield new Sources.Boot.Linux(KERNEL, initrd, linux.commandLine());
          }
          case Sources.Boot.Multiboot multiboot -> {
            List<Sources.Module> modules = new ArrayList<>();
            for (Sources.Module m : multiboot.modules()) {
              modules.add(new Sources.Module(module(modules.size()), m.text()));
            }
            yield new Sources.Boot.Multiboot(KERNEL, multiboot.commandLine(), modules);
          }
        };
    List<Sources.Disk> renamed = new ArrayList<>();
    for (int i = 0; i < disks; i++) {
      renamed.add(new Sources.Disk(disk(i), Sources.Disk.Form.BLOCKS));
    }
    return new Sources(boot, renamed);
  }

  /** Names of the files that go with a boot, in their order. */
  static List<String> files(Sources.Boot boot) {
    List<String> names = new ArrayList<>();
    switch (boot) {
      case Sources.Boot.None() -> {}
      case Sources.Boot.Linux linux -> {
        names.add(KERNEL);
        linux.initrd().ifPresent(path -> names.add(INITRD));
      }
      case Sources.Boot.Multiboot multiboot -> {
        names.add(KERNEL);
        for (int i = 0; i < multiboot.modules().size(); i++) {
          names.add(module(i));
        }
      }
    }
    return names;
  }
}
