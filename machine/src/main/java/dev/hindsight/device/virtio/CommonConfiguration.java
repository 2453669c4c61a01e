package dev.hindsight.device.virtio;

import dev.hindsight.bus.IoRegion;
import java.util.List;

/**
 * The common configuration structure (virtio 1.2, 4.1.4.3). What is written to a part of a field
 * leaves the rest of it as it reads.
 */
final class CommonConfiguration implements IoRegion {
  /** Bytes of the structure. */
  static final int LENGTH = 56;

  private static final int FEATURE_WORDS = 2;

  private final VirtioDevice<?> owner;
  private int deviceFeatureSelect;
  private int driverFeatureSelect;
  private long driverFeatures;
  private int configVector;
  private int queueSelect;

  CommonConfiguration(VirtioDevice<?> owner) {
    this.owner = owner;
    configVector = Virtqueue.NO_VECTOR;
  }

  /** The registers that are not those of the device or of a queue. */
  record State(
      int deviceFeatureSelect,
      int driverFeatureSelect,
      long driverFeatures,
      int configVector,
      int queueSelect) {}

  /** A field of the structure; 64-bit addresses are accessed by halves. */
  private enum Field {
    DEVICE_FEATURE_SELECT(0, 4),
    DEVICE_FEATURE(4, 4),
    DRIVER_FEATURE_SELECT(8, 4),
    DRIVER_FEATURE(12, 4),
    CONFIG_MSIX_VECTOR(16, 2),
    NUM_QUEUES(18, 2),
    DEVICE_STATUS(20, 1),
    CONFIG_GENERATION(21, 1),
    QUEUE_SELECT(22, 2),
    QUEUE_SIZE(24, 2),
    QUEUE_MSIX_VECTOR(26, 2),
    QUEUE_ENABLE(28, 2),
    QUEUE_NOTIFY_OFF(30, 2),
    QUEUE_DESC_LOW(32, 4),
    QUEUE_DESC_HIGH(36, 4),
    QUEUE_DRIVER_LOW(40, 4),
    QUEUE_DRIVER_HIGH(44, 4),
    QUEUE_DEVICE_LOW(48, 4),
    QUEUE_DEVICE_HIGH(52, 4);

    private final int offset;
    private final int bytes;

    Field(int offset, int bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    boolean touches(long at, int length) {
      return at < offset + bytes && at + length > offset;
    }
  }

  /** The fields in their order; {@code values()} would copy them each time. */
  private static final List<Field> FIELDS = List.of(Field.values());

  void reset() {
    load(new State(0, 0, 0, Virtqueue.NO_VECTOR, 0));
  }

  State save() {
    return new State(
        deviceFeatureSelect, driverFeatureSelect, driverFeatures, configVector, queueSelect);
  }

  void load(State state) {
    deviceFeatureSelect = state.deviceFeatureSelect();
    driverFeatureSelect = state.driverFeatureSelect();
    driverFeatures = state.driverFeatures();
    configVector = state.configVector();
    queueSelect = state.queueSelect();
  }

  /** Feature bits that the driver has accepted. */
  long driverFeatures() {
    return driverFeatures;
  }

  /** MSI-X vector for changes of the configuration, or {@link Virtqueue#NO_VECTOR}. */
  int configVector() {
    return configVector;
  }

  // ---- by offset

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    long value = 0;
    for (Field f : FIELDS) {
      if (f.touches(offset, bytes)) {
        value |= shift(get(f), f.offset - offset);
      }
    }
    return value & ones(bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    for (Field f : FIELDS) {
      if (f.touches(offset, bytes)) {
        long written = shift(ones(bytes), offset - f.offset);
        long bits = shift(value & ones(bytes), offset - f.offset);
        set(f, (get(f) & ~written | bits) & ones(f.bytes));
      }
    }
  }

  private static long ones(int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }

  /** A value moved up by bytes, or down if there are less than none. */
  private static long shift(long value, long bytes) {
    return bytes >= 0 ? value << 8 * bytes : value >>> -8 * bytes;
  }

  // ---- by field

  private long get(Field field) {
    Virtqueue queue = owner.queue(queueSelect);
    return switch (field) {
      case DEVICE_FEATURE_SELECT -> deviceFeatureSelect & ones(4);
      case DEVICE_FEATURE -> word(owner.features(), deviceFeatureSelect);
      case DRIVER_FEATURE_SELECT -> driverFeatureSelect & ones(4);
      case DRIVER_FEATURE -> word(driverFeatures, driverFeatureSelect);
      case CONFIG_MSIX_VECTOR -> configVector;
      case NUM_QUEUES -> owner.queues();
      case DEVICE_STATUS -> owner.status();
      // no device changes its configuration while it is there
      case CONFIG_GENERATION -> 0;
      case QUEUE_SELECT -> queueSelect;
      case QUEUE_SIZE -> queue == null ? 0 : queue.size();
      case QUEUE_MSIX_VECTOR -> queue == null ? Virtqueue.NO_VECTOR : queue.vector();
      case QUEUE_ENABLE -> queue != null && queue.enabled() ? 1 : 0;
      case QUEUE_NOTIFY_OFF -> queue == null ? 0 : queueSelect;
      case QUEUE_DESC_LOW -> queue == null ? 0 : queue.descriptors() & ones(4);
      case QUEUE_DESC_HIGH -> queue == null ? 0 : queue.descriptors() >>> 32;
      case QUEUE_DRIVER_LOW -> queue == null ? 0 : queue.driver() & ones(4);
      case QUEUE_DRIVER_HIGH -> queue == null ? 0 : queue.driver() >>> 32;
      case QUEUE_DEVICE_LOW -> queue == null ? 0 : queue.device() & ones(4);
      case QUEUE_DEVICE_HIGH -> queue == null ? 0 : queue.device() >>> 32;
    };
  }

  private void set(Field field, long value) {
    switch (field) {
      case DEVICE_FEATURE_SELECT -> deviceFeatureSelect = (int) value;
      case DRIVER_FEATURE_SELECT -> driverFeatureSelect = (int) value;
      case DRIVER_FEATURE -> writeDriverFeature(value);
      case CONFIG_MSIX_VECTOR -> configVector = owner.vector((int) value);
      case DEVICE_STATUS -> owner.writeStatus((int) value);
      case QUEUE_SELECT -> queueSelect = (int) value;
      default -> setOfQueue(field, value);
    }
  }

  private void setOfQueue(Field field, long value) {
    Virtqueue queue = owner.queue(queueSelect);
    if (queue == null) {
      return;
    }
    switch (field) {
      case QUEUE_SIZE -> queue.size((int) value);
      case QUEUE_MSIX_VECTOR -> queue.vector(owner.vector((int) value));
      case QUEUE_ENABLE -> {
        if (value == 1) {
          queue.enable();
        }
      }
      case QUEUE_DESC_LOW -> queue.descriptors(low(queue.descriptors(), value));
      case QUEUE_DESC_HIGH -> queue.descriptors(high(queue.descriptors(), value));
      case QUEUE_DRIVER_LOW -> queue.driver(low(queue.driver(), value));
      case QUEUE_DRIVER_HIGH -> queue.driver(high(queue.driver(), value));
      case QUEUE_DEVICE_LOW -> queue.device(low(queue.device(), value));
      case QUEUE_DEVICE_HIGH -> queue.device(high(queue.device(), value));
      default -> {
        // the others are read-only
      }
    }
  }

  private void writeDriverFeature(long value) {
    if (driverFeatureSelect >= 0
        && driverFeatureSelect < FEATURE_WORDS
        && !owner.featuresSettled()) {
      driverFeatures =
          driverFeatureSelect == 0 ? low(driverFeatures, value) : high(driverFeatures, value);
    }
  }

  private static long word(long features, int select) {
    return select >= 0 && select < FEATURE_WORDS ? features >>> 32 * select & ones(4) : 0;
  }

  private static long low(long old, long value) {
    return old & ~ones(4) | value;
  }

  private static long high(long old, long value) {
    return old & ones(4) | value << 32;
  }
}
