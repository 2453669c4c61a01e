package dev.hindsight.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue, the cache, and one guest from beginning to end where apt works. */
class GuestCacheTest {
  @TempDir private Path directory;

  @Test
  void isWhereTheUserWantsIt() {
    assertThat(GuestCache.userDirectory(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")))
        .isEqualTo(Path.of("/c/hindsight"));
    assertThat(GuestCache.userDirectory(Map.of("XDG_CACHE_HOME", "c", "HOME", "/h")))
        .isEqualTo(Path.of("/h/.cache/hindsight"));
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> GuestCatalogue.find("minix"))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining("debian-686-pae");
  }

  @Test
  void aPlaceThatCannotBeUsedIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    GuestCache cache = new GuestCache(file.resolve("hindsight"), text -> {});
    GuestSystem system = GuestCatalogue.find("debian-686");
    assertThat(cache.has(system)).isFalse();
    assertThatThrownBy(() -> cache.get(system, List.of(), false))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void readsAControlParagraph() {
    ControlParagraph subject =
        ControlParagraph.parse(
            """

            Package: linux-image-x
            Version: 1:2-3
            Size: 17
            Depends: linux-image-1-x (= 2-3), kmod:any | module-init-tools,
             initramfs-tools (>= 0.1)

            Package: other
            """);
    assertThat(subject.name()).isEqualTo("linux-image-x");
    assertThat(subject.version()).isEqualTo("1:2-3");
    assertThat(subject.size()).isEqualTo(17);
    assertThat(subject.dependencies())
        .containsExactly("linux-image-1-x", "kmod", "initramfs-tools");
    assertThat(ControlParagraph.parse("").name()).isEmpty();
  }

  @Test
  void findsBusyBoxCommands() throws GuestException {
    String program = "\177ELF\0[\0[[\0no\0\0text\0[\0[[\0cat\0sh\0yes\0\0more\0";
    BusyBox subject = new BusyBox(program.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(subject.commands()).containsExactly("[", "[[", "cat", "sh", "yes");
    BusyBox none = new BusyBox("\0[\0[[\0cat".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(none::commands).isInstanceOf(GuestException.class);
  }

  /** Where apt is missing, or refuses, there is nothing to see; other errors are ours. */
  private static Guest made(GuestCache cache, GuestSystem system) throws IOException {
    try {
      return cache.get(system, List.of(), false);
    } catch (GuestException e) {
      assumeFalse(String.valueOf(e.getMessage()).startsWith("apt"), e.getMessage());
      throw e;
    }
  }

  @Test
  void makesAGuestFromTheDistributionsPackages() throws IOException {
    GuestSystem system = GuestCatalogue.find("debian-cloud-amd64");
    GuestCache cache = new GuestCache(directory, text -> {});
    Guest made = made(cache, system);
    assertThat(cache.has(system)).isTrue();
    assertThat(cache.get(system, List.of(), false)).isEqualTo(made);

    Path file = Files.writeString(directory.resolve("file"), "hello");
    List<Addition> additions = List.of(Addition.parse(file + ":/etc/motd"));
    Guest more = cache.get(system, additions, false);
    assertThat(more.initrd()).isNotEqualTo(made.initrd());
    assertThat(cache.get(system, additions, false)).isEqualTo(more);
    assertThat(more.initrd()).content(StandardCharsets.ISO_8859_1).contains("etc/motd");

    try (InputStream kernel = Files.newInputStream(made.kernel())) {
      assertThat(kernel.readNBytes(0x206)).endsWith('H', 'd', 'r', 'S');
    }
    assertThat(made.initrd())
        .content(StandardCharsets.ISO_8859_1)
        .startsWith("070701")
        .contains("virtio_pci.ko", "bin/cttyhack", "HINDSIGHT-BOOT-OK");
    try (Stream<Path> files = Files.list(made.initrd().getParent())) {
      assertThat(files).as("current, a kernel, two file systems").hasSize(4);
    }
  }
}
