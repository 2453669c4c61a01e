package dev.hindsight.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive's format, and what can be added to it. */
class InitramfsTest {
  @TempDir private Path directory;

  private static byte[] bytes(Initramfs subject) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    subject.write(out);
    return out.toByteArray();
  }

  /** Reads the format by the kernel's description of it: mode, path, and contents as text. */
  private static List<String> entries(byte[] archive) {
    List<String> entries = new ArrayList<>();
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    for (int at = 0; ; ) {
      assertThat(text.substring(at, at + 6)).isEqualTo("070701");
      int mode = field(text, at, 1);
      assertThat(field(text, at, 2)).as("user").isZero();
      assertThat(field(text, at, 3)).as("group").isZero();
      assertThat(field(text, at, 5)).as("time").isZero();
      int size = field(text, at, 6);
      String device = field(text, at, 9) + ":" + field(text, at, 10);
      int nameSize = field(text, at, 11);
      byte[] name =
          text.substring(at + 110, at + 109 + nameSize).getBytes(StandardCharsets.ISO_8859_1);
      String path = new String(name, StandardCharsets.UTF_8);
      at = at + 110 + nameSize + 3 & ~3;
      if (path.equals("TRAILER!!!")) {
        return entries;
      }
      entries.add("%o %s %s %s".formatted(mode, path, device, text.substring(at, at + size)));
      at = at + size + 3 & ~3;
    }
  }

  private static int field(String text, int at, int index) {
    return Integer.parseUnsignedInt(text, at + 6 + 8 * index, at + 14 + 8 * index, 16);
  }

  private static Initramfs small() throws GuestException {
    Initramfs subject = new Initramfs();
    subject.link("bin/sh", "busybox");
    subject.file("bin/busybox", 04755, "program");
    subject.characterDevice("dev/console", 0600, 5, 1);
    subject.directory("tmp", 01777);
    return subject;
  }

  private static final List<String> SMALL =
      List.of(
          "40755 bin 0:0 ",
          "104755 bin/busybox 0:0 program",
          "120777 bin/sh 0:0 busybox",
          "40755 dev 0:0 ",
          "20600 dev/console 5:1 ",
          "41777 tmp 0:0 ");

  @Test
  void writesWhatTheKernelReads() throws IOException {
    assertThat(entries(bytes(small()))).isEqualTo(SMALL);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    byte[] written = bytes(small());
    assertThat(bytes(Initramfs.read(new ByteArrayInputStream(written)))).isEqualTo(written);
  }

  @Test
  void addsATree() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("a:b/tree"));
    Path file = Files.writeString(tree.resolve("grüße"), "hello");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x--x---"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("/nowhere"));
    Files.createDirectory(tree.resolve("sub"));
    Files.writeString(tree.resolve("sub/busybox"), "mine");

    Initramfs subject = small();
    Addition.parse(tree + ":/opt/").addTo(subject);
    Addition.parse(tree.resolve("sub") + ":/bin").addTo(subject);
    Addition.parse(file + ":/new/").addTo(subject);
    byte[] first = bytes(subject);
    assertThat(entries(first))
        .contains("100510 opt/grüße 0:0 hello", "120777 opt/link 0:0 /nowhere")
        .contains("100510 new/grüße 0:0 hello")
        .anyMatch(e -> e.matches("1006[04]{2} bin/busybox 0:0 mine"))
        .contains("40755 bin 0:0 ", "120777 bin/sh 0:0 busybox");

    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(bytes(subject)).isEqualTo(first);
  }

  @Test
  void aFileCannotBeADirectory() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "x");
    Initramfs subject = small();
    assertThatThrownBy(() -> Addition.parse(file + ":/bin").addTo(subject))
        .isInstanceOf(GuestException.class);
    assertThatThrownBy(() -> Addition.parse(file + ":/bin/sh/x").addTo(subject))
        .isInstanceOf(GuestException.class);
    assertThatThrownBy(() -> Addition.parse(directory + ":/bin/sh").addTo(subject))
        .isInstanceOf(GuestException.class);
  }

  @Test
  void badAdditionsAreRefused() {
    for (String bad : List.of("", "a", ":/a", "/etc/hosts:", "/etc/hosts:b", "/etc:/../b")) {
      assertThatThrownBy(() -> Addition.parse(bad))
          .as(bad)
          .isInstanceOf(GuestException.class)
          .hasMessageStartingWith("--add");
    }
    assertThatThrownBy(() -> Addition.parse(directory.resolve("none") + ":/a"))
        .hasMessageContaining("there is no");
  }
}
