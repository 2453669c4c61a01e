/**
 * Virtio devices (OASIS "Virtual I/O Device (VIRTIO) Version 1.2") on the PCI bus, without the
 * legacy interface: block, console and entropy.
 *
 * <p>{@link dev.hindsight.device.virtio.VirtioDevice} is what they share: the PCI function, device
 * status, features and virtqueues. Its registers are {@code CommonConfiguration} and, for guests
 * that cannot reach them in memory, {@code ConfigurationAccess}. A {@code Virtqueue} takes {@code
 * DescriptorChain}s out of guest memory and gives them back.
 *
 * <p>Nothing happens when a driver notifies a device but that a deadline is set; when it comes, all
 * that is available is done at once, DMA included, and the driver is interrupted. So a request
 * takes a fixed time, which each device states, and what it moved keeps the queue busy for longer.
 *
 * <p>Rings are in the hands of the guest. What makes no sense in them sets DEVICE_NEEDS_RESET, and
 * the device does nothing more until it is reset. A chain cannot be longer than a queue can be, and
 * after {@value dev.hindsight.device.virtio.VirtioDevice#BATCH_BYTES} bytes the rest waits for
 * another deadline.
 */
@NullMarked
package dev.hindsight.device.virtio;

import org.jspecify.annotations.NullMarked;
