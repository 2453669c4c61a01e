package dev.hindsight.device.virtio;

/** Feature bits that are not those of a device type (virtio 1.2, chapter 6). */
final class Feature {
  /** Descriptors may refer to tables of descriptors. */
  static final long RING_INDIRECT_DESC = 1L << 28;

  /** Notifications are suppressed by ring positions. */
  static final long RING_EVENT_IDX = 1L << 29;

  /** The device is not a legacy one; must be accepted. */
  static final long VERSION_1 = 1L << 32;

  private Feature() {}
}
