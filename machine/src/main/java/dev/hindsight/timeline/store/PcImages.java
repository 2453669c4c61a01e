package dev.hindsight.timeline.store;

import dev.hindsight.board.Image;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.board.linux.BzImage;
import dev.hindsight.board.linux.LinuxBoot;
import dev.hindsight.board.multiboot.BootModule;
import dev.hindsight.board.multiboot.MultibootBoot;
import dev.hindsight.timeline.Sources;
import java.util.ArrayList;
import java.util.List;

/** Makes the images of a PC: what is booted, and the firmware that goes with it. */
public final class PcImages implements ImageBuilder {
  /** A builder. */
  public PcImages() {}

  @Override
  public List<Image> images(MachineDescription machine, BootFiles files) {
    return of(files, machine.memoryBytes(), machine.vcpus());
  }

  /**
   * The images.
   *
   * @param memoryBytes size of RAM
   * @param vcpus number of vCPUs
   * @throws IllegalArgumentException if something is not what it ought to be, or does not fit; the
   *     message says what, without a capital letter or a full stop
   */
  public static List<Image> of(BootFiles files, long memoryBytes, int vcpus) {
    AcpiTables acpi = new AcpiTables(vcpus);
    return switch (files.boot()) {
      case Sources.Boot.None() ->
          throw new IllegalArgumentException("it does not say what was booted");
      case Sources.Boot.Linux linux ->
          new LinuxBoot(
                  BzImage.read(files.kernel()),
                  files.initrd(),
                  linux.commandLine(),
                  memoryBytes,
                  acpi)
              .images();
      case Sources.Boot.Multiboot multiboot ->
          new MultibootBoot(
                  files.kernel(), multiboot.commandLine(), modules(files), memoryBytes, acpi)
              .images();
    };
  }

  private static List<BootModule> modules(BootFiles files) {
    List<BootModule> modules = new ArrayList<>();
    if (files.boot() instanceof Sources.Boot.Multiboot multiboot) {
      for (int i = 0; i < files.modules().size(); i++) {
        modules.add(new BootModule(multiboot.modules().get(i).text(), files.modules().get(i)));
      }
    }
    return modules;
  }
}
