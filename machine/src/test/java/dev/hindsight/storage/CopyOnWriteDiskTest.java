package dev.hindsight.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyOnWriteDiskTest {
  private static final int SECTOR = Disk.SECTOR;
  private static final int SECTORS = 1003; // the last page is not a whole one

  private final ByteStore image = ByteStore.random(SECTORS * SECTOR, 1);
  private final GuestRam overlay = new GuestRam(CopyOnWriteDisk.overlayBytes(image.bytes()));
  private final CopyOnWriteDisk disk = new CopyOnWriteDisk("disk0", false, image, overlay);

  @Test
  void behavesAsAnArrayOfSectors() {
    byte[] original = image.content().clone();
    byte[] model = image.content().clone();
    Random random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 100 : 12);
      int sector = random.nextInt(SECTORS - count + 1);
      byte[] bytes = new byte[count * SECTOR + 7];
      if (random.nextInt(3) == 0) {
        random.nextBytes(bytes);
        disk.write(sector, bytes, 7, count);
        System.arraycopy(bytes, 7, model, sector * SECTOR, count * SECTOR);
      } else {
        disk.read(sector, bytes, 7, count);
        int from = sector * SECTOR;
        assertThat(Arrays.copyOfRange(bytes, 7, bytes.length))
            .isEqualTo(Arrays.copyOfRange(model, from, from + count * SECTOR));
      }
    }
    assertThat(image.content()).isEqualTo(original);
  }

  @Test
  void zerosThatWereWrittenAreState() {
    byte[] zeros = new byte[8 * SECTOR];
    long before = overlay.hash();
    disk.write(16, zeros, 0, 8);
    byte[] read = new byte[8 * SECTOR];
    disk.read(16, read, 0, 8);
    assertThat(read).isEqualTo(zeros);
    assertThat(overlay.hash()).isNotEqualTo(before);
  }

  @Test
  void goesBackWithItsOverlay() {
    byte[] bytes = new byte[SECTOR];
    Arrays.fill(bytes, (byte) 5);
    try (RamSnapshot snapshot = overlay.snapshot()) {
      disk.write(SECTORS - 1, bytes, 0, 1);
      overlay.restore(snapshot);
    }
    disk.read(SECTORS - 1, bytes, 0, 1);
    assertThat(bytes)
        .isEqualTo(Arrays.copyOfRange(image.content(), (SECTORS - 1) * SECTOR, SECTORS * SECTOR));
  }

  @Test
  void failedReadOfTheImageChangesNothing() {
    BlockStore broken =
        new BlockStore() {
          @Override
          public long bytes() {
            return image.bytes();
          }

          @Override
          public void read(long position, byte[] into, int offset, int length) {
            throw new StorageException("The disk image cannot be read.");
          }
        };
    CopyOnWriteDisk failing = new CopyOnWriteDisk("disk0", false, broken, overlay);
    long before = overlay.hash();
    byte[] bytes = new byte[20 * SECTOR];
    assertThatThrownBy(() -> failing.write(3, bytes, 0, 20)).isInstanceOf(StorageException.class);
    assertThat(overlay.hash()).isEqualTo(before);
    failing.write(8, bytes, 0, 16); // whole pages need nothing from the image
    assertThat(overlay.hash()).isNotEqualTo(before);
  }

  @Test
  void firstReadsAreWitnessed() {
    WitnessedBlocks blocks = new WitnessedBlocks(2, ByteStore.random(200_192, 3));
    StringBuilder heard = new StringBuilder();
    byte[] bytes = new byte[200_192];
    blocks.read(0, bytes, 0, 100);
    blocks.witness((number, block, digest) -> heard.append(number).append(':').append(block + " "));
    blocks.read(65_535, bytes, 0, 2);
    blocks.read(0, bytes, 0, 100);
    blocks.read(150_000, bytes, 0, 50_192);
    assertThat(heard.toString()).isEqualTo("2:0 2:1 2:2 2:3 ");
  }
}
