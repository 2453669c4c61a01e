package dev.hindsight.device.virtio;

import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.pci.PciSlot;
import java.util.Arrays;

/**
 * A virtio console (virtio 1.2, 5.3) with one port.
 *
 * <p>Output leaves 10 us after a notification. Input comes as {@link Input.SerialByte}; up to 4,096
 * bytes wait until the driver takes them, which it can 10 us later, and what is more is lost. They
 * survive the reset that a driver asks for. An output buffer of more than 1 MiB is not taken: the
 * device then needs a reset.
 */
public final class VirtioConsole extends VirtioDevice<VirtioConsole.State>
    implements InputReceiver {
  private static final int TYPE = 3;
  private static final int CLASS_OTHER_COMMUNICATION = 0x078000;

  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;
  private static final int QUEUES = 2;

  private static final int CONFIGURATION_LENGTH = 12;
  private static final int PORTS = 4;

  private static final int MOST_WAITING = 4096;
  private static final int MOST_OUTPUT = 1 << 20;

  private static final Timing TIMING = new Timing(10_000, 0);

  private final ByteSink output;
  private byte[] waiting = {};

  /**
   * A console.
   *
   * @param output where its output goes
   */
  public VirtioConsole(String name, PciSlot slot, ByteSink output) {
    super(name, slot, TYPE, CLASS_OTHER_COMMUNICATION, 0, QUEUES, TIMING, deviceConfiguration());
    this.output = output;
  }

  private static byte[] deviceConfiguration() {
    byte[] configuration = new byte[CONFIGURATION_LENGTH];
    GuestBytes.store(configuration, PORTS, 4, 1);
    return configuration;
  }

  /**
   * The whole state.
   *
   * @param waiting input that the driver has not taken, oldest byte first
   */
  public record State(Transport transport, byte[] waiting) {}

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public State save() {
    return new State(saveTransport(), waiting.clone());
  }

  @Override
  public void load(State state) {
    waiting = state.waiting().clone();
    loadTransport(state.transport());
  }

  @Override
  public void reset() {
    waiting = new byte[0];
    super.reset();
  }

  @Override
  public void input(Input input) {
    if (input instanceof Input.SerialByte b && waiting.length < MOST_WAITING) {
      waiting = Arrays.copyOf(waiting, waiting.length + 1);
      waiting[waiting.length - 1] = (byte) b.value();
      schedule(RECEIVE);
    }
  }

  @Override
  boolean isReady(int queue) {
    return queue == TRANSMIT || waiting.length != 0;
  }

  @Override
  long serve(int queue, DescriptorChain chain) throws BadRingException {
    if (queue == TRANSMIT) {
      send(chain);
      return 0;
    }
    int length = (int) Math.min(waiting.length, chain.writableBytes());
    chain.write(0, waiting, length);
    waiting = Arrays.copyOfRange(waiting, length, waiting.length);
    return length;
  }

  private void send(DescriptorChain chain) throws BadRingException {
    if (chain.readableBytes() > MOST_OUTPUT) {
      throw new BadRingException("so much output at once");
    }
    byte[] bytes = new byte[(int) chain.readableBytes()];
    chain.read(0, bytes, bytes.length);
    for (byte b : bytes) {
      output.put(b & 0xFF);
    }
  }
}
