package dev.hindsight.device.virtio;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;
import dev.hindsight.bus.pci.BaseAddressRegister;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.MsiX;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciIdentity;
import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtio device on the PCI bus (virtio 1.2, chapters 2 and 4.1).
 *
 * <p>Its structures are in BAR 0 (4 KiB of memory), its MSI-X table in BAR 1 (4 KiB); it has one
 * vector for each queue and one for the configuration. Without MSI-X it uses INTA#. A device that
 * is not a bus master leaves its queues alone, and forgets notifications.
 *
 * @param <S> the state record
 */
public abstract sealed class VirtioDevice<S extends Record> implements Device<S>, PciFunction
    permits VirtioBlock, VirtioConsole, VirtioEntropy {
  /** Index of the base address register of the structures. */
  public static final int STRUCTURES_BAR = 0;

  /** Index of the base address register of the MSI-X table. */
  public static final int MSI_X_BAR = 1;

  /** Bytes of the structures. */
  public static final int STRUCTURES_LENGTH = 4096;

  /** Largest size of a queue, and the most buffers in a chain. */
  public static final int QUEUE_SIZE = 128;

  /** After so many bytes at one deadline, what is left waits for another. */
  public static final int BATCH_BYTES = 1 << 20;

  /** Offset of the common configuration structure. */
  static final int COMMON = 0;

  /** Offset of the ISR status. */
  static final int ISR = 0x100;

  /** Offset of the device-specific configuration. */
  static final int DEVICE = 0x200;

  /** Offset of the notification structure: a doubleword for each queue. */
  static final int NOTIFY = 0x300;

  private static final int NOTIFY_MULTIPLIER = 4;

  private static final int VENDOR = 0x1AF4;
  private static final int FIRST_DEVICE_ID = 0x1040;
  private static final int REVISION = 1;
  private static final int INTA = 1;

  private static final int CAPABILITY_BYTES = 16;
  private static final int CAPABILITY_COMMON = 1;
  private static final int CAPABILITY_NOTIFY = 2;
  private static final int CAPABILITY_ISR = 3;
  private static final int CAPABILITY_DEVICE = 4;
  private static final int CAPABILITY_ACCESS = 5;

  private static final int STATUS_DRIVER_OK = 4;
  private static final int STATUS_FEATURES_OK = 8;
  private static final int STATUS_NEEDS_RESET = 0x40;

  /** ACKNOWLEDGE, DRIVER, DRIVER_OK, FEATURES_OK and FAILED. */
  private static final int STATUS_OF_DRIVER = 0x8F;

  private static final int ISR_QUEUE = 1;
  private static final int ISR_CONFIGURATION = 2;

  private final String name;
  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final Timing timing;
  private final long features;
  private final byte[] deviceConfiguration;
  private final ConfigurationSpace space;
  private final MsiX vectors;
  private final CommonConfiguration common = new CommonConfiguration(this);
  private final List<Virtqueue> queues = new ArrayList<>();
  private final IoRegion structures = new Structures();
  private final ConfigurationAccess configuration;
  private int status;
  private int isr;

  /**
   * A device at power-on.
   *
   * @param type virtio device ID
   * @param classCode PCI class code
   * @param typeFeatures the feature bits of its type that it offers
   * @param queueCount number of virtqueues
   * @param deviceConfiguration the device-specific configuration, which never changes; empty if the
   *     type has none
   */
  VirtioDevice(
      String name,
      PciSlot slot,
      int type,
      int classCode,
      long typeFeatures,
      int queueCount,
      Timing timing,
      byte[] deviceConfiguration) {
    this.name = name;
    this.clock = slot.clock();
    this.deadlines = slot.deadlines();
    this.timing = timing;
    this.deviceConfiguration = deviceConfiguration;
    features =
        typeFeatures | Feature.VERSION_1 | Feature.RING_EVENT_IDX | Feature.RING_INDIRECT_DESC;
    int id = FIRST_DEVICE_ID + type;
    space =
        new ConfigurationSpace(
            new PciIdentity(VENDOR, id, classCode, REVISION, VENDOR, id, INTA), slot.pin());
    space.addBar(
        new BaseAddressRegister(
            STRUCTURES_BAR, BaseAddressRegister.Kind.MEMORY_32, STRUCTURES_LENGTH, 4, structures));
    vectors = new MsiX(space, MSI_X_BAR, queueCount + 1, slot.messages());
    capability(CAPABILITY_COMMON, CAPABILITY_BYTES, COMMON, CommonConfiguration.LENGTH);
    int notify =
        capability(CAPABILITY_NOTIFY, CAPABILITY_BYTES + 4, NOTIFY, queueCount * NOTIFY_MULTIPLIER);
    space.define(notify + CAPABILITY_BYTES, 4, NOTIFY_MULTIPLIER, 0);
    capability(CAPABILITY_ISR, CAPABILITY_BYTES, ISR, 1);
    if (deviceConfiguration.length != 0) {
      capability(CAPABILITY_DEVICE, CAPABILITY_BYTES, DEVICE, deviceConfiguration.length);
    }
    configuration =
        new ConfigurationAccess(
            space,
            capability(CAPABILITY_ACCESS, ConfigurationAccess.LENGTH, 0, 0),
            STRUCTURES_BAR,
            STRUCTURES_LENGTH,
            structures);
    GuestBytes bytes = new GuestBytes(slot.memory());
    for (int i = 0; i < queueCount; i++) {
      queues.add(new Virtqueue(bytes, QUEUE_SIZE));
    }
  }

  /** Adds a capability that says where a structure is (virtio 1.2, 4.1.4). */
  private int capability(int type, int bytes, int offset, int length) {
    int at = space.addCapability(ConfigurationSpace.CAPABILITY_VENDOR, bytes);
    space.define(at + 2, 1, bytes, 0);
    space.define(at + 3, 1, type, 0);
    space.define(at + 4, 1, STRUCTURES_BAR, 0);
    space.define(at + 8, 4, offset, 0);
    space.define(at + 12, 4, length, 0);
    return at;
  }

  /**
   * What all virtio devices have in their state.
   *
   * @param space PCI configuration space
   * @param vectors MSI-X table and pending bits
   * @param common common configuration
   * @param status device status
   * @param isr ISR status
   * @param queues the virtqueues
   */
  public record Transport(
      ConfigurationSpace.State space,
      MsiX.State vectors,
      CommonConfiguration.State common,
      int status,
      int isr,
      List<Virtqueue.State> queues) {}

  // ---- what a device type does

  /**
   * Serves a chain. A {@link StorageException} must come before anything has changed; the chain
   * will be served again.
   *
   * @return bytes written, from its first writable one on
   */
  abstract long serve(int queue, DescriptorChain chain) throws BadRingException;

  /** Whether there is something to be done with a chain of a queue, if the driver has one. */
  boolean isReady(int queue) {
    return true;
  }

  // ---- state

  @Override
  public final String name() {
    return name;
  }

  final Transport saveTransport() {
    List<Virtqueue.State> saved = new ArrayList<>();
    for (Virtqueue q : queues) {
      saved.add(q.save());
    }
    return new Transport(space.save(), vectors.save(), common.save(), status, isr, saved);
  }

  final void loadTransport(Transport state) {
    vectors.load(state.vectors());
    common.load(state.common());
    status = state.status();
    isr = state.isr();
    for (int i = 0; i < queues.size(); i++) {
      queues.get(i).load(state.queues().get(i));
    }
    space.load(state.space());
  }

  @Override
  public void reset() {
    resetDevice();
    vectors.reset();
    space.reset();
  }

  /** The reset that a driver asks for; what belongs to PCI stays (virtio 1.2, 2.4). */
  private void resetDevice() {
    status = 0;
    isr = 0;
    common.reset();
    for (int i = 0; i < queues.size(); i++) {
      queues.get(i).reset();
      deadlines.cancel(i);
    }
    space.interrupt(false);
  }

  // ---- PCI

  @Override
  public final ConfigurationSpace configurationSpace() {
    return space;
  }

  @Override
  public final IoRegion configuration() {
    return configuration;
  }

  /** The structures behind BAR 0. */
  private final class Structures implements IoRegion {
    @Override
    public long read(long offset, int bytes) {
      long value = peek(offset, bytes);
      if (offset == ISR) {
        isr = 0;
        space.interrupt(false);
      }
      return value;
    }

    @Override
    public long peek(long offset, int bytes) {
      if (offset < ISR) {
        return common.peek(offset - COMMON, bytes);
      }
      if (offset == ISR) {
        return isr & 0xFF;
      }
      long value = 0;
      for (int i = 0; i < bytes; i++) {
        long at = offset - DEVICE + i;
        if (at >= 0 && at < deviceConfiguration.length) {
          value |= (deviceConfiguration[(int) at] & 0xFFL) << 8 * i;
        }
      }
      return value;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      if (offset < ISR) {
        common.write(offset - COMMON, bytes, value);
      } else if (offset >= NOTIFY && offset % NOTIFY_MULTIPLIER == 0) {
        long queue = (offset - NOTIFY) / NOTIFY_MULTIPLIER;
        if (queue < queues.size()) {
          schedule((int) queue);
        }
      }
    }
  }

  // ---- for the common configuration

  final long features() {
    return features;
  }

  final int queues() {
    return queues.size();
  }

  final @Nullable Virtqueue queue(int n) {
    return n >= 0 && n < queues.size() ? queues.get(n) : null;
  }

  final int status() {
    return status & 0xFF;
  }

  /** A vector if the device has it, else {@link Virtqueue#NO_VECTOR}. */
  final int vector(int wanted) {
    return wanted < vectors.vectors() ? wanted : Virtqueue.NO_VECTOR;
  }

  /** Whether the driver cannot accept other features any more. */
  final boolean featuresSettled() {
    return (status & STATUS_FEATURES_OK) != 0;
  }

  final void writeStatus(int value) {
    if (value == 0) {
      resetDevice();
      return;
    }
    int next = value & STATUS_OF_DRIVER;
    if (!featuresSettled() && !areFeaturesAcceptable()) {
      next &= ~STATUS_FEATURES_OK;
    }
    boolean starts = (next & ~status & STATUS_DRIVER_OK) != 0;
    status = next | status & STATUS_NEEDS_RESET;
    if (starts) {
      // a driver may have notified the device too early
      for (int i = 0; i < queues.size(); i++) {
        schedule(i);
      }
    }
  }

  private boolean areFeaturesAcceptable() {
    long accepted = common.driverFeatures();
    return (accepted & ~features) == 0 && (accepted & Feature.VERSION_1) != 0;
  }

  private boolean accepted(long feature) {
    return (common.driverFeatures() & feature) != 0;
  }

  // ---- operation

  private boolean isLive() {
    int started = STATUS_DRIVER_OK | STATUS_FEATURES_OK;
    return (status & (started | STATUS_NEEDS_RESET)) == started && space.isBusMaster();
  }

  /** Sets the deadline for a queue, if there is none. */
  final void schedule(int n) {
    Virtqueue queue = queues.get(n);
    if (isLive() && queue.enabled() && !queue.scheduled()) {
      queue.scheduled(true);
      long start = Math.max(clock.now(), queue.busyUntil());
      deadlines.schedule(n, start + timing.latencyTicks(clock));
    }
  }

  @Override
  public final void deadline(int kind, long tick) {
    Virtqueue queue = queues.get(kind);
    queue.scheduled(false);
    if (!isLive() || !queue.enabled()) {
      return;
    }
    try {
      boolean more = serveBatch(kind, queue);
      endBatch(queue);
      if (more) {
        schedule(kind);
      }
    } catch (BadRingException e) {
      queue.endBatch();
      needReset();
    } catch (StorageException e) {
      // once the machine goes on, it goes on here
      queue.scheduled(true);
      deadlines.schedule(kind, tick);
      throw e;
    }
  }

  /** Serves what is available, and tells whether something is left. */
  private boolean serveBatch(int n, Virtqueue queue) throws BadRingException {
    while (!queue.isBatchFull(BATCH_BYTES)) {
      DescriptorChain chain = isReady(n) ? queue.next(accepted(Feature.RING_INDIRECT_DESC)) : null;
      if (chain == null) {
        return false;
      }
      queue.use(chain, serve(n, chain));
    }
    return isReady(n) && queue.waiting() > 0;
  }

  private void endBatch(Virtqueue queue) {
    boolean eventIndex = accepted(Feature.RING_EVENT_IDX);
    queue.busyUntil(clock.now() + timing.busyTicks(queue.endBatch(), clock));
    queue.wantNotification(eventIndex);
    if (queue.takeInterrupt(eventIndex)) {
      interrupt(queue.vector(), ISR_QUEUE);
    }
  }

  private void needReset() {
    status |= STATUS_NEEDS_RESET;
    isr |= ISR_CONFIGURATION;
    interrupt(common.configVector(), ISR_CONFIGURATION);
  }

  private void interrupt(int vector, int cause) {
    if (vectors.enabled()) {
      // there is no vector of the number that stands for none
      vectors.signal(vector);
    } else {
      isr |= cause;
    }
    space.interrupt(isr != 0);
  }
}
