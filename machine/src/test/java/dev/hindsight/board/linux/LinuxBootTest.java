package dev.hindsight.board.linux;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boots a kernel of some hundred bytes that prints what it was told and powers off. */
class LinuxBootTest {
  private static final long MEMORY = 64 << 20;
  private static final int LOAD = 0x100_0000;
  private static final int SETUP = 5 * 512;
  private static final byte[] INITRD = "a RAM disk".getBytes(StandardCharsets.US_ASCII);

  /** A bzImage by the protocol's document: header, setup sectors, and the kernel. */
  static byte[] bzImage(boolean longMode) {
    byte[] kernel = kernel(longMode);
    ByteBuffer file = ByteBuffer.allocate(SETUP + kernel.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0x1F1, (byte) 4);
    file.put(0x200, (byte) 0xEB).put(0x201, (byte) 0x66);
    file.put(0x202, "HdrS".getBytes(StandardCharsets.US_ASCII));
    file.putShort(0x206, (short) 0x20F);
    file.put(0x211, (byte) 1);
    file.putInt(0x214, 0x10_0000);
    file.putInt(0x22C, 0x7FFF_FFFF);
    file.putShort(0x236, (short) (longMode ? 1 : 0));
    file.putInt(0x238, 2047);
    file.putLong(0x258, LOAD);
    file.putInt(0x260, 1 << 20);
    file.put(SETUP, kernel);
    return file.array();
  }

  /** Prints the command line, the initial RAM disk and the number of memory ranges. */
  private static byte[] kernel(boolean longMode) {
    Assembler a = new Assembler(longMode ? CodeMode.BITS64 : CodeMode.BITS32, LOAD);
    if (longMode) {
      a.zeros(0x200);
    }
    Label print = a.label("print");
    a.mov(ESP, 0x8_0000).mov(EBP, ESI);
    a.mov(ESI, ptr(longMode ? RBP : EBP, 0x228)).mov(ECX, 4).call(print);
    a.mov(ESI, ptr(longMode ? RBP : EBP, 0x218));
    a.mov(ECX, ptr(longMode ? RBP : EBP, 0x21C)).call(print);
    a.mov(DX, 0x3F8).mov(AL, ptr(longMode ? RBP : EBP, 0x1E8)).add(AL, '0').out(DX, AL);
    a.mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX);
    a.hlt();
    Label next = a.label("next");
    a.bind(print).mov(DX, 0x3F8);
    a.bind(next).lods(1).out(DX, AL).dec(ECX).jne(next).ret();
    return a.assemble();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsTheKernelWhatTheProtocolSays(boolean longMode) {
    LinuxBoot boot = new LinuxBoot(BzImage.read(bzImage(longMode)), INITRD, "root=x", MEMORY);
    StringBuilder console = new StringBuilder();
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(longMode ? CpuModels.V2 : CpuModels.I686)
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
    assertThat(console).hasToString("roota RAM disk4");
  }

  private static byte[] changed(Consumer<ByteBuffer> change) {
    byte[] file = bzImage(true);
    change.accept(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    return file;
  }

  private static ByteBuffer image(LinuxBoot boot, String name) {
    return boot.images().stream()
        .filter(i -> i.description().name().equals(name))
        .map(i -> ByteBuffer.wrap(i.bytes()).order(ByteOrder.LITTLE_ENDIAN))
        .findFirst()
        .orElseThrow();
  }

  private static long address(LinuxBoot boot, String name) {
    return boot.images().stream()
        .map(Image::description)
        .filter(d -> d.name().equals(name))
        .findFirst()
        .orElseThrow()
        .address();
  }

  @Test
  void memoryAbove4GiBAndAcpiAreTold() {
    LinuxBoot boot =
        new LinuxBoot(BzImage.read(bzImage(true)), INITRD, "", 5L << 30, new AcpiTables(2));
    ByteBuffer p = image(boot, "boot parameters");
    assertThat(p.getLong(0x70)).isEqualTo(0xE_0000);
    assertThat(p.get(0x1E8)).isEqualTo((byte) 5);
    assertThat(p.getLong(0x2D0 + 4 * 20)).isEqualTo(4L << 30);
    assertThat(p.getLong(0x2D0 + 4 * 20 + 8)).isEqualTo(2L << 30);
    assertThat(p.get(0x210)).as("type of loader").isEqualTo((byte) 0xFF);
    assertThat(address(boot, "initrd")).isEqualTo(0x7FFF_F000);
    assertThat(address(boot, "ACPI tables")).isEqualTo(0xE_0000);
    LinuxBoot without = new LinuxBoot(BzImage.read(bzImage(true)), INITRD, "", 64 << 20);
    assertThat(image(without, "boot parameters").getLong(0x70)).isZero();
    assertThat(address(without, "initrd")).isEqualTo((64 << 20) - 4096);
  }

  @Test
  void relocatableKernelsAreLoadedLowerIfTheyMustBe() {
    byte[] file =
        changed(f -> f.putInt(0x230, 0x20_0000).put(0x234, (byte) 1).put(0x235, (byte) 20));
    LinuxBoot boot = new LinuxBoot(BzImage.read(file), INITRD, "", 8 << 20);
    assertThat(address(boot, "kernel")).isEqualTo(0x20_0000);
    assertThat(image(boot, "boot parameters").getInt(0x214)).isEqualTo(0x20_0000);
    // so little memory that only the lowest alignment does
    LinuxBoot small = new LinuxBoot(BzImage.read(file), new byte[0], "", (2 << 20) + 4096);
    assertThat(address(small, "kernel")).isEqualTo(0x10_0000);
    assertThat(image(small, "boot parameters").getInt(0x230)).isEqualTo(0x10_0000);
  }

  @Test
  void hostileHeadersAreRefused() {
    refuses(changed(f -> f.putInt(0x1F4, -1)), "it is a Linux bzImage that was cut short");
    refuses(changed(f -> f.put(0x1F1, (byte) -1)), "it is a Linux bzImage that was cut short");
    refuses(
        changed(f -> f.putInt(0x214, 0)),
        "it is a kernel that begins in real mode and needs a BIOS");
    refusesToBoot(
        f -> f.putInt(0x260, -1), "the kernel needs more than the machine's 64 MiB of memory");
    refusesToBoot(f -> f.putLong(0x258, -1), "the kernel wants to be loaded outside of memory");
    refusesToBoot(
        f -> f.putLong(0x258, 1L << 40).put(0x234, (byte) 1).put(0x235, (byte) -1),
        "the kernel wants to be loaded outside of memory");
    refusesToBoot(
        f -> f.putInt(0x22C, 0),
        "the kernel and its initial RAM disk need more than the machine's 64 MiB of memory");
  }

  private static void refusesToBoot(Consumer<ByteBuffer> change, String why) {
    BzImage kernel = BzImage.read(changed(change));
    assertThatThrownBy(() -> new LinuxBoot(kernel, INITRD, "", MEMORY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void saysWhatIsWrong() {
    byte[] good = bzImage(true);
    refuses(new byte[0], "it is no Linux bzImage");
    refuses("#!/bin/sh".getBytes(StandardCharsets.US_ASCII), "it is no Linux bzImage");
    refuses(Arrays.copyOf(good, SETUP), "it is a Linux bzImage that was cut short");
    byte[] incomplete = good.clone();
    int paragraphs = (good.length - SETUP + 15) / 16;
    ByteBuffer.wrap(incomplete).order(ByteOrder.LITTLE_ENDIAN).putInt(0x1F4, paragraphs);
    int whole = (paragraphs - 1) * 16;
    BzImage.read(Arrays.copyOf(incomplete, SETUP + whole + 1));
    refuses(Arrays.copyOf(incomplete, SETUP + whole), "it is a Linux bzImage that was cut short");
    byte[] old = good.clone();
    old[0x206] = 0;
    refuses(old, "it is a Linux kernel from before 2007");
    BzImage kernel = BzImage.read(good);
    assertThatThrownBy(() -> new LinuxBoot(kernel, INITRD, "x".repeat(2048), MEMORY))
        .hasMessage("the command line is longer than the kernel's limit of 2047 bytes");
    assertThatThrownBy(() -> new LinuxBoot(kernel, new byte[48 << 20], "", MEMORY))
        .hasMessage(
            "the kernel and its initial RAM disk need more than the machine's 64 MiB of memory");
  }

  private static void refuses(byte[] file, String why) {
    assertThatThrownBy(() -> BzImage.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }
}
