package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.ArrayMemory;
import dev.hindsight.device.Rig;
import dev.hindsight.device.virtio.VirtioDriver.Buffer;
import dev.hindsight.device.virtio.VirtioDriver.Used;
import org.junit.jupiter.api.Test;

/** What all virtio devices do, seen at an entropy device. */
class VirtioDeviceTest {
  private static final long BUFFER = 0x5000;
  private static final long SEED = 7;
  private static final int LATENCY = 10_000;
  private static final int NEEDS_RESET = 0x40;

  private final Rig rig = new Rig();
  private final ArrayMemory memory = ArrayMemory.ram(0x10000);
  private final VirtioEntropy device =
      new VirtioEntropy(
          "dut",
          new PciSlot(
              rig,
              rig.deadlines(),
              memory,
              (address, data) -> rig.event("message %x:%x".formatted(address, data)),
              rig.line("pin")),
          SEED);
  private final VirtioDriver driver = power();

  private VirtioDriver power() {
    device.reset();
    return new VirtioDriver(device, memory);
  }

  private static Buffer in(int length) {
    return new Buffer(BUFFER, length, true);
  }

  private void pass() {
    rig.advance(device, LATENCY);
  }

  private void request(int length) {
    driver.add(0, in(length));
    driver.notifyQueue(0);
    pass();
  }

  @Test
  void isAModernPciDevice() {
    IoRegion space = device.configuration();
    assertThat(space.read(0, 4)).isEqualTo(0x1044_1AF4L);
    assertThat(space.read(8, 1)).isEqualTo(1);
    assertThat(space.read(0x3D, 1)).isEqualTo(1);
    assertThat(driver.has(1)).isTrue();
    assertThat(driver.has(2)).isTrue();
    assertThat(driver.has(3)).isTrue();
    assertThat(driver.has(4)).isFalse();
    assertThat(driver.accessCapability()).isNotZero();
  }

  @Test
  void commonConfigurationHasItsFields() {
    assertThat(driver.offered())
        .isEqualTo(VirtioDriver.VERSION_1 | VirtioDriver.EVENT_IDX | VirtioDriver.INDIRECT);
    driver.common(0, 4, 2);
    assertThat(driver.common(4, 4)).isZero();
    assertThat(driver.common(16, 2)).isEqualTo(0xFFFF);
    assertThat(driver.common(18, 2)).isEqualTo(1);
    assertThat(driver.common(20, 2)).isZero();
    assertThat(driver.common(24, 2)).isEqualTo(VirtioDevice.QUEUE_SIZE);
    assertThat(driver.common(26, 2)).isEqualTo(0xFFFF);
    assertThat(driver.common(28, 2)).isZero();
    driver.common(22, 2, 1);
    assertThat(driver.common(24, 2)).isZero();
    driver.common(22, 2, 0);
    driver.common(24, 2, 48);
    assertThat(driver.common(24, 2)).isEqualTo(VirtioDevice.QUEUE_SIZE);
    driver.common(24, 2, 64);
    assertThat(driver.common(24, 2)).isEqualTo(64);
    driver.common(26, 2, 2);
    assertThat(driver.common(26, 2)).isEqualTo(0xFFFF);
    driver.common(26, 2, 1);
    assertThat(driver.common(26, 2)).isEqualTo(1);
    driver.common(32, 4, 0x1234_5000L);
    driver.common(36, 4, 0x9);
    driver.common(52, 4, 0xA);
    assertThat(driver.common(32, 8)).isEqualTo(0x9_1234_5000L);
    assertThat(driver.common(48, 8)).isEqualTo(0xA_0000_0000L);
    driver.common(28, 2, 1);
    driver.common(32, 4, 0);
    driver.common(28, 2, 0);
    assertThat(driver.common(28, 2)).isEqualTo(1);
    assertThat(driver.common(32, 4)).isEqualTo(0x1234_5000L);
    driver.status(1);
    driver.status(0);
    assertThat(driver.common(28, 2)).isZero();
    assertThat(driver.common(32, 8)).isZero();
    assertThat(driver.common(24, 2)).isEqualTo(VirtioDevice.QUEUE_SIZE);
  }

  @Test
  void featuresAreNegotiated() {
    assertThat(driver.negotiate(VirtioDriver.EVENT_IDX)).isFalse();
    assertThat(driver.negotiate(VirtioDriver.VERSION_1 | 1)).isFalse();
    assertThat(driver.negotiate(VirtioDriver.VERSION_1 | 1L << 34)).isFalse();
    assertThat(driver.status()).isEqualTo(3);
    assertThat(driver.negotiate(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT)).isTrue();
    driver.common(8, 4, 0);
    driver.common(12, 4, 1);
    assertThat(driver.common(12, 4)).isEqualTo(VirtioDriver.INDIRECT);
  }

  @Test
  void fillsABufferAfterItsLatencyAndInterrupts() {
    driver.start(VirtioDriver.VERSION_1);
    pass();
    int head = driver.add(0, in(20));
    driver.notifyQueue(0);
    rig.advance(device, LATENCY - 1);
    assertThat(driver.used(0)).isEmpty();
    rig.advance(device, 1);
    assertThat(driver.used(0)).containsExactly(new Used(head, 20));
    for (int i = 0; i < 20; i++) {
      assertThat(memory.bytes()[(int) BUFFER + i]).isEqualTo(VirtioEntropy.at(SEED, i));
    }
    assertThat(rig.level("pin")).isTrue();
    assertThat(device.configuration().read(6, 2) & 8).isEqualTo(8);
    assertThat(driver.isr()).isEqualTo(1);
    assertThat(rig.level("pin")).isFalse();
    assertThat(driver.isr()).isZero();
  }

  @Test
  void theRingGoesRound() {
    driver.start(VirtioDriver.VERSION_1);
    for (int i = 0; i < 70_000; i++) {
      request(1);
      assertThat(driver.used(0)).hasSize(1);
    }
  }

  @Test
  void whatWasMadeAvailableTooEarlyIsServedOnceTheDriverIsReady() {
    assertThat(driver.negotiate(VirtioDriver.VERSION_1)).isTrue();
    driver.setUp(0, 0xFFFF);
    request(1);
    assertThat(driver.used(0)).isEmpty();
    driver.status(15);
    pass();
    assertThat(driver.used(0)).hasSize(1);
  }

  @Test
  void withoutBusMasteringNothingHappens() {
    driver.start(VirtioDriver.VERSION_1);
    device.configuration().write(4, 2, 2);
    request(1);
    assertThat(driver.used(0)).isEmpty();
    device.configuration().write(4, 2, 6);
    driver.notifyQueue(0);
    pass();
    assertThat(driver.used(0)).hasSize(1);
  }

  @Test
  void messagesGoToTheVectorOfTheQueue() {
    assertThat(driver.negotiate(VirtioDriver.VERSION_1)).isTrue();
    driver.message(0, 0xFEE0_1000L, 0x31);
    driver.message(1, 0xFEE0_1000L, 0x32);
    driver.common(16, 2, 0);
    driver.setUp(0, 1);
    driver.status(15);
    request(1);
    assertThat(rig.takeEvents()).containsExactly("message fee01000:32");
    assertThat(rig.level("pin")).isFalse();
    assertThat(driver.isr()).isZero();
    driver.availableIndex(0, 1000);
    driver.notifyQueue(0);
    pass();
    assertThat(rig.takeEvents()).containsExactly("message fee01000:31");
    assertThat(driver.isr()).isEqualTo(2);
  }

  @Test
  void aDriverCanDoWithoutInterrupts() {
    driver.start(VirtioDriver.VERSION_1);
    driver.availableFlags(0, 1);
    request(1);
    assertThat(driver.used(0)).hasSize(1);
    assertThat(rig.level("pin")).isFalse();
    driver.availableFlags(0, 0);
    request(1);
    assertThat(rig.level("pin")).isTrue();
  }

  @Test
  void withEventIndicesTheDriverSaysWhenItWantsInterrupts() {
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.EVENT_IDX);
    driver.usedEvent(0, 0);
    request(1);
    assertThat(driver.isr()).isEqualTo(1);
    assertThat(driver.availableEvent(0)).isEqualTo(1);
    driver.usedEvent(0, 2);
    // the flag does not count now
    driver.availableFlags(0, 1);
    request(1);
    assertThat(driver.isr()).isZero();
    request(1);
    assertThat(driver.isr()).isEqualTo(1);
    // several at once: one interrupt if the index is among them
    driver.usedEvent(0, 4);
    driver.add(0, in(1));
    driver.add(0, in(1));
    request(1);
    assertThat(driver.isr()).isEqualTo(1);
    driver.usedEvent(0, 4);
    request(1);
    assertThat(driver.isr()).isZero();
    assertThat(driver.availableEvent(0)).isEqualTo(7);
  }

  @Test
  void indirectTablesAreChainsToo() {
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT);
    int head = driver.addIndirect(0, 0x8000, in(3), new Buffer(BUFFER + 100, 4, true));
    driver.notifyQueue(0);
    pass();
    assertThat(driver.used(0)).containsExactly(new Used(head, 7));
    assertThat(memory.bytes()[(int) BUFFER + 103]).isEqualTo(VirtioEntropy.at(SEED, 6));
    // after an ordinary descriptor
    driver.descriptor(0, 5, BUFFER, 1, 3, 6);
    driver.descriptor(0, 6, 0x8000, 32, 4 | 2, 0);
    driver.offer(0, 5);
    driver.notifyQueue(0);
    pass();
    assertThat(driver.used(0)).containsExactly(new Used(5, 8));
  }

  private void expectNeedsReset() {
    driver.notifyQueue(0);
    pass();
    assertThat(driver.status()).isEqualTo(15 | NEEDS_RESET);
    assertThat(driver.isr()).isEqualTo(2);
    assertThat(driver.used(0)).isEmpty();
    // nothing more until it is reset
    driver.notifyQueue(0);
    assertThat(rig.pending().pending()).isEmpty();
    driver.status(15);
    assertThat(driver.status()).isEqualTo(15 | NEEDS_RESET);
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT);
    for (long at = 0x800; at < 0xC00; at += 8) {
      memory.write(at, 8, 0);
    }
    request(1);
    assertThat(driver.used(0)).hasSize(1);
    assertThat(driver.status()).isEqualTo(15);
    memory.write(0xA02, 2, 0);
    driver.isr();
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT);
    driver.availableIndex(0, 0);
    pass();
  }

  @Test
  void badRingsNeedAReset() {
    driver.start(VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT);
    driver.availableIndex(0, VirtioDriver.SIZE + 1);
    expectNeedsReset();
    driver.offer(0, VirtioDriver.SIZE);
    expectNeedsReset();
    // a loop
    driver.descriptor(0, 0, BUFFER, 1, 3, 1);
    driver.descriptor(0, 1, BUFFER, 1, 3, 0);
    driver.offer(0, 0);
    expectNeedsReset();
    // next is not there
    driver.descriptor(0, 0, BUFFER, 1, 3, VirtioDriver.SIZE);
    driver.offer(0, 0);
    expectNeedsReset();
    // readable after writable
    driver.descriptor(0, 0, BUFFER, 1, 3, 1);
    driver.descriptor(0, 1, BUFFER, 1, 0, 0);
    driver.offer(0, 0);
    expectNeedsReset();
    // longer than 4 GiB
    driver.descriptor(0, 0, BUFFER, -1, 3, 1);
    driver.descriptor(0, 1, BUFFER, -1, 2, 0);
    driver.offer(0, 0);
    expectNeedsReset();
    // an indirect table within an indirect table
    driver.descriptor(0x8000, 0, 0x8000, 16, 4, 0);
    driver.descriptor(0, 0, 0x8000, 16, 4, 0);
    driver.offer(0, 0);
    expectNeedsReset();
    // indirect and next, empty, not whole
    driver.descriptor(0, 0, 0x8000, 16, 5, 1);
    driver.offer(0, 0);
    expectNeedsReset();
    driver.descriptor(0, 0, 0x8000, 0, 4, 0);
    driver.offer(0, 0);
    expectNeedsReset();
    driver.descriptor(0, 0, 0x8000, 17, 4, 0);
    driver.offer(0, 0);
    expectNeedsReset();
  }

  @Test
  void indirectTablesMustHaveBeenNegotiated() {
    driver.start(VirtioDriver.VERSION_1);
    driver.addIndirect(0, 0x8000, in(1));
    expectNeedsReset();
  }

  @Test
  void aRingOutsideOfMemoryNeedsAReset() {
    assertThat(driver.negotiate(VirtioDriver.VERSION_1)).isTrue();
    driver.common(22, 2, 0);
    for (int field = 32; field < 56; field += 4) {
      driver.common(field, 4, 0xFFFF_FFF0L);
    }
    driver.common(28, 2, 1);
    driver.status(15);
    driver.notifyQueue(0);
    pass();
    assertThat(driver.status()).isEqualTo(15 | NEEDS_RESET);
  }

  @Test
  void resetForgetsEverything() {
    driver.start(VirtioDriver.VERSION_1);
    driver.add(0, in(1));
    driver.notifyQueue(0);
    driver.status(0);
    assertThat(driver.status()).isZero();
    assertThat(rig.pending().pending()).isEmpty();
    assertThat(device.windows()).hasSize(2);
    device.reset();
    assertThat(device.windows()).isEmpty();
  }

  @Test
  void structuresCanBeReachedThroughConfigurationSpace() {
    driver.start(VirtioDriver.VERSION_1);
    request(1);
    int at = driver.accessCapability();
    IoRegion space = device.configuration();
    space.write(at + 4, 1, 0);
    space.write(at + 8, 4, 20);
    space.write(at + 12, 4, 1);
    assertThat(space.peek(at + 16, 4)).isEqualTo(15);
    assertThat(space.read(at + 16, 1)).isEqualTo(15);
    // the ISR status, which is cleared by being read
    space.write(at + 8, 4, 0x100);
    assertThat(space.read(at + 16, 4)).isEqualTo(1);
    assertThat(rig.level("pin")).isFalse();
    assertThat(space.read(at + 16, 4)).isZero();
    // a word of the common configuration
    space.write(at + 8, 4, 16);
    space.write(at + 12, 4, 2);
    space.write(at + 16, 4, 0x7777_0001L);
    assertThat(driver.common(16, 2)).isEqualTo(1);
    // what is no window is just a register
    for (int length : new int[] {0, 3, 8, -1}) {
      space.write(at + 12, 4, length);
      space.write(at + 16, 4, 0x1234_5678L);
      assertThat(space.read(at + 16, 4)).isEqualTo(0x1234_5678L);
    }
    space.write(at + 12, 4, 4);
    space.write(at + 8, 4, 0xFFC + 4);
    space.write(at + 16, 4, 0x1234_5678L);
    assertThat(space.read(at + 16, 4)).isEqualTo(0x1234_5678L);
  }
}
