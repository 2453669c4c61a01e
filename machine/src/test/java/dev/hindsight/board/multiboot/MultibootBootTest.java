package dev.hindsight.board.multiboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Image;
import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.cpu.CpuModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Boots a kernel that prints what it was given. */
class MultibootBootTest {
  private static final long MEMORY = 64 << 20;

  private static final List<BootModule> MODULES =
      List.of(
          new BootModule("first with arguments", ascii("1234567")),
          new BootModule("second", ascii("abcd")));

  private static final String TOLD =
      """
      2BADB002
      flags 0000024D
      lower 0000027F
      upper 0000FC00
      line root=x
      loader Hindsight
      module first with arguments bytes 00000007 first 34333231 in page 00000000
      module second bytes 00000004 first 64636261 in page 00000000
      range 0000000000000000000000000009FC0000000001
      range 000000000009FC00000000000000040000000002
      range 00000000000E0000000000000002000000000002
      range 00000000001000000000000003F0000000000001
      """;

  private enum Format {
    FLAT(ToyKernel.flat()),
    ELF32(ToyKernel.elf32()),
    ELF64(ToyKernel.elf64()),
    VIDEO_MODE_WANTED(ToyKernel.elf32(4));

    private final byte[] file;

    Format(byte[] file) {
      this.file = file;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String run(MultibootBoot boot, int vcpus) {
    StringBuilder console = new StringBuilder();
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(CpuModels.I686)
            .vcpus(vcpus)
            .memoryBytes(MEMORY)
            .chipset(new PcChipset())
            .engine(new InterpreterFactory())
            .outputs((device, value, tick) -> console.append((char) value));
    for (Image image : boot.images()) {
      builder.image(image);
    }
    try (Machine machine = builder.build()) {
      assertThat(machine.run(1_000_000)).isEqualTo(Outcome.POWERED_OFF);
    }
    return console.toString();
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheKernelWhatTheSpecificationSays(Format format) {
    assertThat(run(new MultibootBoot(format.file, "root=x", MODULES, MEMORY), 1)).isEqualTo(TOLD);
    AcpiTables acpi = new AcpiTables(2);
    assertThat(run(new MultibootBoot(format.file, "root=x", MODULES, MEMORY, acpi), 2))
        .isEqualTo(TOLD);
  }

  @Test
  void saysWhatIsWrong() {
    byte[] good = ToyKernel.elf32();
    refuses(new byte[0], "it is no Multiboot kernel");
    refuses(new byte[9000], "it is no Multiboot kernel");
    refuses(
        ToyKernel.elf32(0x8000),
        "it is a Multiboot kernel that requires features 0x8000, which are unknown");
    refuses(Arrays.copyOf(good, good.length - 1), "it is a kernel that was cut short");
    refuses(good, f -> f.putInt(0, 0), "it is a Multiboot kernel, but no ELF file");
    refuses(good, f -> f.putShort(18, (short) 40), "it is an ELF file, but no executable for x86");
    refuses(
        good, f -> f.putShort(44, (short) 0), "it is a kernel of which nothing is to be loaded");
    refuses(good, f -> f.putInt(24, 0), "it is a kernel whose entry is not in what is loaded");
    refuses(good, f -> f.putInt(28, -1), "it is a kernel that was cut short");
    refuses(
        good,
        f -> f.putShort(42, (short) 31),
        "it is an ELF file with program headers of a wrong size");
    refuses(
        good,
        f -> f.putShort(42, (short) 0).putShort(44, (short) -1),
        "it is an ELF file with program headers of a wrong size");
    String noRoom = "the kernel wants to be loaded where below 1 MiB there is no free memory";
    refuses(good, f -> f.putInt(52 + 12, 0x8000), noRoom);
    refuses(good, f -> f.putInt(52 + 12, 0x9_FC00), noRoom);
    refuses(good, f -> f.putInt(52 + 12, 0xF_0000), noRoom);
    refuses(
        good,
        f -> f.putInt(52 + 20, -1),
        "the kernel needs more than the machine's 64 MiB of memory");
    refuses(good, f -> f.putInt(52 + 20, 1), "it is a kernel with a part larger than its place");
    byte[] flat = ToyKernel.flat();
    refuses(flat, f -> f.putInt(16, -1), "it is a kernel with a header outside of what is loaded");
    refuses(flat, f -> f.putInt(20, -1), "it is a kernel that was cut short");
    assertThatThrownBy(() -> new MultibootBoot(good, "x".repeat(1 << 20), List.of(), MEMORY))
        .hasMessage("command line and modules' strings are too long for conventional memory");
    List<BootModule> large = List.of(new BootModule("large", new byte[63 << 20]));
    assertThatThrownBy(() -> new MultibootBoot(good, "", large, MEMORY))
        .hasMessage("the kernel and its modules need more than the machine's 64 MiB of memory");
  }

  /** As GRUB is: what a kernel is told comes behind it. */
  @Test
  void kernelsMayLieInConventionalMemory() {
    byte[] file = ToyKernel.elf32();
    ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int address : new int[] {0x9000, 0x2_0000, 0x9_0000}) {
      fields.putInt(52 + 12, address);
      MultibootBoot boot = new MultibootBoot(file, "root=x", MODULES, MEMORY);
      ImageDescription kernel = description(boot, "kernel");
      assertThat(kernel.address()).isEqualTo(address);
      ImageDescription information = description(boot, "boot information");
      assertThat(information.address())
          .isGreaterThanOrEqualTo(Math.max(0x1_0000, address + kernel.bytes()));
      assertThat(description(boot, "module 0").address()).isEqualTo(0x10_0000);
    }
  }

  private static ImageDescription description(MultibootBoot boot, String name) {
    return boot.images().stream()
        .map(Image::description)
        .filter(d -> d.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void refuses(byte[] good, Consumer<ByteBuffer> change, String why) {
    byte[] file = good.clone();
    change.accept(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    refuses(file, why);
  }

  private static void refuses(byte[] file, String why) {
    assertThatThrownBy(() -> new MultibootBoot(file, "", List.of(), MEMORY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }
}
