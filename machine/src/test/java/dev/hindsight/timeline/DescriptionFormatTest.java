package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.ImageDescription;
import dev.hindsight.board.MachineDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class DescriptionFormatTest {
  private static final MachineDescription MACHINE =
      new MachineDescription(
          2,
          "pc-1",
          "v3",
          4,
          1L << 30,
          10_000,
          1_000_000_000,
          0,
          -5,
          List.of(
              new ImageDescription(
                  "a b  = c ", ImageDescription.Place.RAM, 4096, 7, "0123456789abcdef".repeat(4))),
          List.of(
              new DiskDescription("disk0", 1 << 20, false), new DiskDescription("cd", 512, true)));

  private static final List<Sources> ALL =
      List.of(
          Sources.NONE,
          new Sources(
              new Sources.Boot.Linux("/boot/vmlinuz", Optional.empty(), ""),
              List.of(new Sources.Disk("disk-0.blocks", Sources.Disk.Form.BLOCKS))),
          new Sources(
              new Sources.Boot.Linux(
                  " = /a\r\t=\u00e9\ud83d\ude00 ",
                  Optional.of("[sources]"),
                  " crc32c = 00000000 = "),
              List.of(
                  new Sources.Disk("/a", Sources.Disk.Form.RAW),
                  new Sources.Disk("disk-image = ", Sources.Disk.Form.RAW))),
          new Sources(
              new Sources.Boot.Multiboot(
                  "k", "c", List.of(new Sources.Module("m", "t"), new Sources.Module("n", ""))),
              List.of()));

  private static final Origin ORIGIN = new Origin(" = [origin]", 70, 60, "00".repeat(32));

  @Test
  void isReadAsItWasWritten() throws RecordingException {
    for (Sources sources : ALL) {
      for (Optional<Origin> origin : List.of(Optional.<Origin>empty(), Optional.of(ORIGIN))) {
        byte[] file = DescriptionFormat.write(MACHINE, sources, origin);
        assertThat(DescriptionFormat.read(file))
            .isEqualTo(new DescriptionFormat.Content(MACHINE, sources, origin));
      }
    }
  }

  @Test
  void textsHaveOneLine() {
    for (String bad : List.of("a\nb", "\0", "\ud800")) {
      assertThatThrownBy(
              () -> new Sources(new Sources.Boot.Linux("/k", Optional.empty(), bad), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be recorded")
          .hasMessageEndingWith(".");
    }
  }

  @Test
  void otherFormatsAreNamed() {
    refuses("hindsight recording 1\n", "format 1; this release reads format 2, which is newer.");
    refuses("hindsight recording 3\n", "format 3; this release reads format 2, which is older.");
    refuses("hindsight recording x\n", "no format number.");
    refuses("something else", "not the description of a recording.");
  }

  @Test
  void senselessValuesAreRefused() {
    String good =
        new String(
            DescriptionFormat.write(MACHINE, ALL.get(1), Optional.of(ORIGIN)),
            StandardCharsets.UTF_8);
    String[][] changes = {
      {"cpu-model = v3", "cpu-model = v9"},
      {"cpu-model = v3\n", ""},
      {"vcpus = 4", "vcpus = 4294967297"},
      {"vcpus = 4", "vcpus = 0"},
      {"vcpus = 4", "vcpus = 4\nvcpus = 4"},
      {"vcpus = 4", "vcpus = four"},
      {"vcpus = 4", "something = 4\nvcpus = 4"},
      {"memory-bytes = 1073741824", "memory-bytes = 9223372036854771712"},
      {"memory-bytes = 1073741824", "memory-bytes = 1099511623680"},
      {"quantum = 10000", "quantum = 9223372036854775807"},
      {"ticks-per-second = 1000000000", "ticks-per-second = 9223372036854775807"},
      {"power-on-time = 0", "power-on-time = 9223372036854775807"},
      {"image = ram", "image = nowhere"},
      {"image = ram 4096", "image = ram"},
      {"disk = 1048576 rw disk0", "disk = 1048576 rx disk0"},
      {"disk = 1048576 rw disk0", "disk = 1048575 rw disk0"},
      {"disk = 1048576 rw disk0", "disk = 1048576 rw cd"},
      {"disk = 1048576 rw disk0", "disk = 9223372036854775296 rw disk0"},
      {"boot = linux", "boot = magic"},
      {"boot = linux", "boot"},
      {"kernel = ", "kernal = "},
      {"[sources]", "sources"},
      {"[origin]", "origin"},
      {"tick = 70", "tick = -1"},
      {"tick = 70\n", ""},
      {"steps = 60", "steps = 60\nsteps = 60"},
      {"steps = 60", "steps = sixty"},
      {"past = 00", "past = 0"},
      {"past = 00", "passed = 1\npast = 00"},
    };
    for (String[] change : changes) {
      String bad = good.replace(change[0], change[1]);
      assertThat(bad).isNotEqualTo(good);
      refuses(withChecksum(bad), "");
    }
  }

  private static String withChecksum(String text) {
    String body = text.substring(0, text.lastIndexOf("crc32c"));
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return body + "crc32c = %08x\n".formatted(crc.getValue());
  }

  private static void refuses(String file, String why) {
    assertThatThrownBy(() -> DescriptionFormat.read(file.getBytes(StandardCharsets.UTF_8)))
        .as(file)
        .isInstanceOf(RecordingException.class)
        .hasMessageEndingWith(why)
        .hasMessageEndingWith(".")
        .hasMessageNotContaining("\n");
  }
}
