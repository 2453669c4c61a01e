package dev.hindsight.board.multiboot;

import dev.hindsight.board.Image;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.board.firmware.BiosData;
import dev.hindsight.board.firmware.PcMemory;
import dev.hindsight.board.firmware.ResetRom;
import dev.hindsight.board.multiboot.LoadedKernel.Segment;
import dev.hindsight.board.smbios.SmbiosTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in memory when a Multiboot kernel begins: the kernel, modules, what it is told of the
 * machine, ACPI and SMBIOS tables, BIOS data, and the ROM.
 */
public final class MultibootBoot {
  private static final long PAGE = 4096;

  private final KernelFile file;
  private final LoadedKernel kernel;
  private final List<BootModule> modules;
  private final List<MultibootInformation.Placed> placed = new ArrayList<>();
  private final long informationAddress;
  private final byte[] information;
  private final PcMemory memory;
  private final @Nullable AcpiTables acpi;

  /**
   * A boot with ACPI.
   *
   * @param kernel the kernel's file
   * @param commandLine the kernel's command line, ASCII
   * @param modules files that it is given, in this order
   * @param memoryBytes size of RAM
   * @param acpi tables of the machine, for its number of CPUs
   * @throws IllegalArgumentException if it is no Multiboot kernel, or something does not fit; the
   *     message says what
   */
  public MultibootBoot(
      byte[] kernel,
      String commandLine,
      List<BootModule> modules,
      long memoryBytes,
      AcpiTables acpi) {
    this(new KernelFile(kernel), commandLine, modules, new PcMemory(memoryBytes), acpi);
  }

  /**
   * A boot without ACPI, of a machine with one CPU.
   *
   * @param kernel the kernel's file
   * @param commandLine the kernel's command line, ASCII
   * @param modules files that it is given, in this order
   * @param memoryBytes size of RAM
   * @throws IllegalArgumentException if it is no Multiboot kernel, or something does not fit; the
   *     message says what
   */
  public MultibootBoot(
      byte[] kernel, String commandLine, List<BootModule> modules, long memoryBytes) {
    this(new KernelFile(kernel), commandLine, modules, new PcMemory(memoryBytes), null);
  }

  private MultibootBoot(
      KernelFile file,
      String commandLine,
      List<BootModule> modules,
      PcMemory memory,
      @Nullable AcpiTables acpi) {
    this.file = file;
    this.kernel = LoadedKernel.of(file, memory);
    this.modules = List.copyOf(modules);
    this.memory = memory;
    this.acpi = acpi;
    if (!kernel.contains(kernel.entry())) {
      throw new IllegalArgumentException("it is a kernel whose entry is not in what is loaded");
    }
    long at = kernel.end();
    for (BootModule module : this.modules) {
      long start = Math.ceilDiv(at, PAGE) * PAGE;
      at = start + module.contents().length;
      placed.add(new MultibootInformation.Placed(module.string(), start, at));
    }
    if (at > memory.lowEnd()) {
      throw new IllegalArgumentException(
          "the kernel and its modules need more than the machine's "
              + (memory.bytes() >> 20)
              + " MiB of memory");
    }
    this.informationAddress = MultibootInformation.address(kernel.lowEnd());
    this.information = MultibootInformation.of(informationAddress, memory, commandLine, placed);
  }

  /** Everything, as images of a machine. */
  public List<Image> images() {
    List<Image> images = new ArrayList<>();
    int vcpus = acpi == null ? 1 : acpi.vcpus();
    images.add(ResetRom.image(vcpus, new MultibootHandover(kernel.entry(), informationAddress)));
    images.add(Image.ram("boot information", informationAddress, information));
    if (acpi != null) {
      images.addAll(acpi.images());
    }
    images.addAll(BiosData.images());
    images.add(new SmbiosTables(memory).image());
    for (Segment segment : kernel.segments()) {
      if (segment.fileBytes() > 0) {
        byte[] contents = file.range(segment.fileOffset(), segment.fileBytes());
        images.add(Image.ram("kernel", segment.address(), contents));
      }
    }
    for (int i = 0; i < modules.size(); i++) {
      byte[] contents = modules.get(i).contents();
      if (contents.length > 0) {
        images.add(Image.ram("module " + i, placed.get(i).start(), contents));
      }
    }
    return images;
  }
}
