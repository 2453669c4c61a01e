package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.ArrayDisk;
import dev.hindsight.device.ArrayMemory;
import dev.hindsight.device.Rig;
import dev.hindsight.device.virtio.VirtioDriver.Buffer;
import dev.hindsight.device.virtio.VirtioDriver.Used;
import dev.hindsight.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VirtioBlockTest {
  private static final int SECTORS = 4096;
  private static final int HEADERS = 0x4000;
  private static final int STATUS = 0x4800;
  private static final int DATA = 0x10000;
  private static final int LATENCY = 50_000;

  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int GET_ID = 8;

  /** A block device in its surroundings. */
  private static final class Bench {
    final Rig rig = new Rig();
    final ArrayMemory memory = ArrayMemory.ram(0x40_0000);
    final ArrayDisk disk;
    final VirtioBlock device;
    final VirtioDriver driver;
    int requests;

    Bench(ArrayDisk disk) {
      this.disk = disk;
      device =
          new VirtioBlock(
              "disk",
              new PciSlot(
                  rig,
                  rig.deadlines(),
                  memory,
                  (address, data) -> rig.event("message"),
                  rig.line("pin")),
              disk);
      device.reset();
      driver = new VirtioDriver(device, memory);
      driver.start(VirtioDriver.VERSION_1);
      pass();
    }

    void pass() {
      rig.advance(device, LATENCY);
    }

    /** Makes a request available; the number of its status byte. */
    int add(int type, long sector, Buffer... data) {
      int n = requests++ % 64;
      memory.write(HEADERS + 16 * n, 4, type);
      memory.write(HEADERS + 16 * n + 4, 4, 0);
      memory.write(HEADERS + 16 * n + 8, 8, sector);
      memory.write(STATUS + n, 1, 0xEE);
      Buffer[] chain = new Buffer[data.length + 2];
      chain[0] = new Buffer(HEADERS + 16 * n, 16, false);
      System.arraycopy(data, 0, chain, 1, data.length);
      chain[data.length + 1] = new Buffer(STATUS + n, 1, true);
      driver.add(0, chain);
      return n;
    }

    int status(int n) {
      return memory.bytes()[STATUS + n];
    }

    /** Its status and the length that the device says. */
    String run(int type, long sector, Buffer... data) {
      int n = add(type, sector, data);
      driver.notifyQueue(0);
      pass();
      Used used = driver.used(0).getFirst();
      rig.advance(device, 1_000_000);
      return status(n) + " " + used.length();
    }

    byte[] data(int offset, int length) {
      return Arrays.copyOfRange(memory.bytes(), DATA + offset, DATA + offset + length);
    }

    byte[] sectors(int sector, int count) {
      return Arrays.copyOfRange(disk.bytes(), sector * 512, (sector + count) * 512);
    }
  }

  private static Buffer in(int offset, int length) {
    return new Buffer(DATA + offset, length, true);
  }

  private static Buffer out(int offset, int length) {
    return new Buffer(DATA + offset, length, false);
  }

  private final Bench bench = new Bench(ArrayDisk.patterned(SECTORS, false));

  @Test
  void saysWhatTheDiskIs() {
    assertThat(bench.device.configuration().read(2, 2)).isEqualTo(0x1042);
    assertThat(bench.driver.device(0, 8)).isEqualTo(SECTORS);
    assertThat(bench.driver.device(8, 4)).isEqualTo(65536);
    assertThat(bench.driver.device(12, 4)).isEqualTo(126);
    assertThat(bench.driver.device(20, 4)).isEqualTo(512);
    long ofType = 1 << 1 | 1 << 2 | 1 << 6 | 1 << 9;
    assertThat(bench.driver.offered() & 0xFF_FFFF).isEqualTo(ofType);
    Bench other = new Bench(ArrayDisk.patterned(1, true));
    assertThat(other.driver.offered() & 0xFF_FFFF).isEqualTo(ofType | 1 << 5);
  }

  @Test
  void readsSectors() {
    assertThat(bench.run(IN, 5, in(0, 1000), in(3000, 536))).isEqualTo("0 1537");
    byte[] expected = bench.sectors(5, 3);
    assertThat(bench.data(0, 1000)).isEqualTo(Arrays.copyOf(expected, 1000));
    assertThat(bench.data(3000, 536)).isEqualTo(Arrays.copyOfRange(expected, 1000, 1536));
  }

  @Test
  void writesSectors() {
    byte[] around = bench.sectors(6, 1);
    Arrays.fill(bench.memory.bytes(), DATA, DATA + 512, (byte) 0x5A);
    Arrays.fill(bench.memory.bytes(), DATA + 1024, DATA + 1536, (byte) 0xA5);
    assertThat(bench.run(OUT, 7, out(0, 512), out(1024, 512))).isEqualTo("0 1");
    assertThat(bench.sectors(7, 1)).containsOnly((byte) 0x5A);
    assertThat(bench.sectors(8, 1)).containsOnly((byte) 0xA5);
    assertThat(bench.sectors(6, 1)).isEqualTo(around);
    assertThat(bench.run(FLUSH, 0)).isEqualTo("0 1");
  }

  @Test
  void framingDoesNotMatter() {
    VirtioDriver driver = bench.driver;
    bench.memory.write(HEADERS, 8, OUT);
    bench.memory.write(HEADERS + 8, 8, 9);
    Arrays.fill(bench.memory.bytes(), HEADERS + 16, HEADERS + 16 + 512, (byte) 3);
    driver.add(
        0,
        new Buffer(HEADERS, 3, false),
        new Buffer(HEADERS + 3, 100, false),
        new Buffer(HEADERS + 103, 425, false),
        new Buffer(STATUS, 1, true));
    driver.notifyQueue(0);
    bench.pass();
    assertThat(driver.used(0)).hasSize(1);
    assertThat(bench.sectors(9, 1)).containsOnly((byte) 3);
    // data and status in one buffer
    bench.memory.write(HEADERS, 8, IN);
    driver.add(0, new Buffer(HEADERS, 16, false), new Buffer(DATA, 513, true));
    bench.memory.write(DATA + 512, 1, 0xEE);
    driver.notifyQueue(0);
    bench.rig.advance(bench.device, 2 * LATENCY);
    assertThat(driver.used(0).getFirst().length()).isEqualTo(513);
    assertThat(bench.data(0, 513)).startsWith(bench.sectors(9, 1)).endsWith((byte) 0);
  }

  @Test
  void givesItsSerialNumber() {
    assertThat(bench.run(GET_ID, 0, in(0, 20))).isEqualTo("0 21");
    assertThat(new String(bench.data(0, 20), StandardCharsets.US_ASCII))
        .isEqualTo("TEST-1" + "\0".repeat(14));
    assertThat(bench.run(GET_ID, 0, in(0, 4))).isEqualTo("0 5");
  }

  @Test
  void whatItCannotDoEndsWithAnError() {
    assertThat(bench.run(11, 0, out(0, 16))).isEqualTo("2 1");
    assertThat(bench.run(IN, SECTORS - 1, in(0, 512))).isEqualTo("0 513");
    assertThat(bench.run(IN, SECTORS - 1, in(0, 1024))).isEqualTo("1 0");
    assertThat(bench.run(IN, SECTORS, in(0, 512))).isEqualTo("1 0");
    assertThat(bench.run(IN, -1, in(0, 512))).isEqualTo("1 0");
    assertThat(bench.run(OUT, Long.MAX_VALUE, out(0, 512))).isEqualTo("1 1");
    assertThat(bench.run(IN, 0, in(0, 511))).isEqualTo("1 0");
    assertThat(bench.run(IN, 0, in(0, 0x7FFF_FE00))).isEqualTo("1 0");
    Bench readOnly = new Bench(ArrayDisk.patterned(4, true));
    assertThat(readOnly.run(OUT, 0, out(0, 512))).isEqualTo("1 1");
    assertThat(readOnly.run(IN, 0, in(0, 512))).isEqualTo("0 513");
  }

  @Test
  void aRequestWithoutStatusNeedsAReset() {
    bench.driver.add(0, new Buffer(HEADERS, 16, false));
    bench.driver.notifyQueue(0);
    bench.pass();
    assertThat(bench.driver.status() & 0x40).isNotZero();
  }

  @Test
  void whatIsMovedTakesTime() {
    bench.add(IN, 0, in(0, 64 * 512));
    bench.driver.notifyQueue(0);
    bench.pass();
    assertThat(bench.driver.used(0)).hasSize(1);
    bench.add(IN, 0, in(0, 512));
    bench.driver.notifyQueue(0);
    // 32 KiB, header and status: 9 us
    bench.rig.advance(bench.device, LATENCY + 9_000 - 1);
    assertThat(bench.driver.used(0)).isEmpty();
    bench.rig.advance(bench.device, 1);
    assertThat(bench.driver.used(0)).hasSize(1);
  }

  @Test
  void muchIsDoneInSeveralGoes() {
    for (int i = 0; i < 3; i++) {
      bench.add(IN, 0, in(0, 1 << 20));
    }
    bench.driver.notifyQueue(0);
    bench.pass();
    assertThat(bench.driver.used(0)).hasSize(1);
    bench.rig.advance(bench.device, LATENCY + 257_000);
    assertThat(bench.driver.used(0)).hasSize(1);
    bench.rig.advance(bench.device, LATENCY + 257_000);
    assertThat(bench.driver.used(0)).hasSize(1);
    assertThat(bench.rig.pending().pending()).isEmpty();
  }

  @Test
  void afterAFailureOfTheHostItGoesOnAsIfNothingHadHappened() {
    Bench other = new Bench(ArrayDisk.patterned(SECTORS, false));
    for (Bench b : new Bench[] {bench, other}) {
      for (int i = 0; i < 3; i++) {
        b.add(IN, i, in(512 * i, 512));
      }
      b.driver.notifyQueue(0);
    }
    bench.pass();

    other.disk.failAfter(1);
    assertThatThrownBy(other::pass).isInstanceOf(StorageException.class);
    assertThat(other.status(0)).isZero();
    assertThat(other.status(1)).isEqualTo((byte) 0xEE);
    assertThat(other.data(512, 512)).containsOnly((byte) 0);
    assertThat(other.rig.level("pin")).isFalse();
    assertThatThrownBy(() -> other.rig.advance(other.device, 0))
        .isInstanceOf(StorageException.class);
    other.disk.failAfter(100);
    other.rig.advance(other.device, 0);

    assertThat(other.driver.used(0)).isEqualTo(bench.driver.used(0)).hasSize(3);
    assertThat(other.memory.bytes()).isEqualTo(bench.memory.bytes());
    assertThat(other.rig.level("pin")).isTrue();
    assertThat(other.device.save().transport().queues())
        .isEqualTo(bench.device.save().transport().queues());
  }
}
