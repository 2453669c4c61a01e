package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.device.ArrayMemory;
import dev.hindsight.device.Rig;
import dev.hindsight.device.virtio.VirtioDriver.Buffer;
import dev.hindsight.device.virtio.VirtioDriver.Used;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VirtioConsoleTest {
  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;
  private static final int BUFFER = 0x5000;
  private static final int LATENCY = 10_000;

  private final Rig rig = new Rig();
  private final ArrayMemory memory = ArrayMemory.ram(0x10000);
  private final StringBuilder output = new StringBuilder();
  private final VirtioConsole device =
      new VirtioConsole(
          "hvc0",
          new PciSlot(rig, rig.deadlines(), memory, (address, data) -> {}, rig.line("pin")),
          value -> output.append((char) value));
  private final VirtioDriver driver = power();

  private VirtioDriver power() {
    device.reset();
    return new VirtioDriver(device, memory);
  }

  private void pass() {
    rig.advance(device, LATENCY);
  }

  private void type(String text) {
    for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
      device.input(new Input.SerialByte("hvc0", b));
    }
  }

  private String received(int length) {
    return new String(memory.bytes(), BUFFER, length, StandardCharsets.US_ASCII);
  }

  @Test
  void hasOnePort() {
    assertThat(device.configuration().read(2, 2)).isEqualTo(0x1043);
    assertThat(driver.common(18, 2)).isEqualTo(2);
    assertThat(driver.offered() & 0xFF_FFFF).isZero();
    assertThat(driver.device(4, 4)).isEqualTo(1);
  }

  @Test
  void writes() {
    driver.start(VirtioDriver.VERSION_1);
    byte[] text = "Hello, world".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, memory.bytes(), BUFFER, text.length);
    driver.add(TRANSMIT, new Buffer(BUFFER, 7, false), new Buffer(BUFFER + 7, 5, false));
    int second = driver.add(TRANSMIT, new Buffer(BUFFER, 1, false));
    driver.notifyQueue(TRANSMIT);
    assertThat(output).isEmpty();
    pass();
    assertThat(output.toString()).isEqualTo("Hello, worldH");
    assertThat(driver.used(TRANSMIT)).hasSize(2).endsWith(new Used(second, 0));
  }

  @Test
  void readsWhatIsTyped() {
    driver.start(VirtioDriver.VERSION_1);
    driver.add(RECEIVE, new Buffer(BUFFER, 100, true));
    driver.notifyQueue(RECEIVE);
    pass();
    assertThat(driver.used(RECEIVE)).isEmpty();
    type("ls");
    pass();
    assertThat(driver.used(RECEIVE)).containsExactly(new Used(0, 2));
    assertThat(received(2)).isEqualTo("ls");
    assertThat(driver.isr()).isEqualTo(1);
  }

  @Test
  void whatIsTypedWaitsForBuffers() {
    type("abc");
    driver.start(VirtioDriver.VERSION_1);
    pass();
    type("def");
    pass();
    driver.add(RECEIVE, new Buffer(BUFFER, 4, true));
    driver.add(RECEIVE, new Buffer(BUFFER + 4, 1, true));
    driver.notifyQueue(RECEIVE);
    pass();
    assertThat(driver.used(RECEIVE)).containsExactly(new Used(0, 4), new Used(1, 1));
    assertThat(received(5)).isEqualTo("abcde");
    VirtioConsole.State saved = device.save();
    assertThat(saved.waiting()).containsExactly('f');
    type("x".repeat(5000));
    assertThat(device.save().waiting()).hasSize(4096);
    device.load(saved);
    driver.add(RECEIVE, new Buffer(BUFFER, 4, true));
    driver.notifyQueue(RECEIVE);
    pass();
    assertThat(received(1)).isEqualTo("f");
    assertThat(device.save().waiting()).isEmpty();
  }

  @Test
  void anEndlessBufferIsRefused() {
    driver.start(VirtioDriver.VERSION_1);
    driver.add(TRANSMIT, new Buffer(BUFFER, -1, false));
    driver.notifyQueue(TRANSMIT);
    pass();
    assertThat(output).isEmpty();
    assertThat(driver.status() & 0x40).isNotZero();
  }
}
