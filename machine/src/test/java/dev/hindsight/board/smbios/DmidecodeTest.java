package dev.hindsight.board.smbios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.board.firmware.PcMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table as {@code dmidecode} understands it. Skipped where there is none. */
class DmidecodeTest {
  private static final Path PROGRAM = Path.of("/usr/sbin/dmidecode");

  @TempDir Path directory;

  /** What it says of a dump, in which the table follows its entry point. */
  private String decode(long memory) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(PROGRAM), "dmidecode is not installed");
    byte[] bytes = new SmbiosTables(new PcMemory(memory)).bytes();
    ByteBuffer dump = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int before = sum(bytes, 0x18, 0x1C);
    dump.putInt(0x18, 0x20);
    int change = before - sum(bytes, 0x18, 0x1C);
    dump.put(0x15, (byte) (dump.get(0x15) + change));
    Path file = directory.resolve("dump");
    Files.write(file, bytes);
    Path output = directory.resolve("output");
    new ProcessBuilder(PROGRAM.toString(), "--from-dump", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
    return Files.readString(output);
  }

  private static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum;
  }

  @Test
  void everythingIsUnderstood() throws IOException, InterruptedException {
    assertThat(decode(5L << 30))
        .contains("SMBIOS 2.8 present.")
        .contains("Release Date: 01/01/2026")
        .contains("System is a virtual machine")
        .contains("Product Name: Hindsight PC")
        .contains("Maximum Capacity: 5 GB")
        .containsPattern("Size: 5 GB|Size: 5120 MB")
        .contains("Range Size: 3 GB")
        .contains("Range Size: 2 GB")
        .contains("Status: No errors detected")
        .contains("End Of Table")
        .doesNotContain("OUT OF SPEC")
        .doesNotContainIgnoringCase("invalid")
        .doesNotContainIgnoringCase("broken")
        .doesNotContainIgnoringCase("wrong");
  }
}
