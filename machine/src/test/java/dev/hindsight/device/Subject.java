package dev.hindsight.device;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.IoRegion;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A device under test and how it can be touched.
 *
 * @param device the device
 * @param registers its register ranges
 * @param stimuli whatever else reaches it, made of a number that may be anything
 */
public record Subject(Device<?> device, List<Range> registers, List<LongConsumer> stimuli) {
  /**
   * A range of registers.
   *
   * @param region the registers
   * @param length their number of bytes
   */
  public record Range(IoRegion region, int length) {}

  static Subject of(Device<?> device, Range... registers) {
    return new Subject(device, List.of(registers), List.of());
  }
}
