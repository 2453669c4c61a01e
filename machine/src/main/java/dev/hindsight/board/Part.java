package dev.hindsight.board;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.bus.state.StateFormatException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something in a machine that has a record for its state: the board, a vCPU, a device.
 *
 * @param <S> the record
 */
final class Part<S extends Record> {
  private final String name;
  private final Class<S> type;
  private final RecordCodec<S> codec;
  private final Supplier<S> save;
  private final Consumer<S> load;

  Part(String name, Class<S> type, Supplier<S> save, Consumer<S> load) {
    this.name = name;
    this.type = type;
    this.codec = RecordCodec.of(type);
    this.save = save;
    this.load = load;
  }

  static <S extends Record> Part<S> of(Device<S> device) {
    return new Part<>(device.name(), device.stateType(), device::save, device::load);
  }

  String name() {
    return name;
  }

  PartState save() {
    return PartState.of(name, codec, save.get());
  }

  void load(PartState state) {
    load.accept(decode(state));
  }

  List<StateDifferences.Difference> differences(PartState first, PartState second, int limit) {
    return StateDifferences.between(name, decode(first), decode(second), limit);
  }

  private S decode(PartState state) {
    if (!state.name().equals(name)) {
      throw new StateFormatException(
          "The state of " + state.name() + " stands where that of " + name + " should.");
    }
    if (state.version() != codec.version()) {
      throw new StateFormatException(
          "The state of %s has version %d; this release reads version %d."
              .formatted(name, state.version(), codec.version()));
    }
    return state.record(type).orElseGet(() -> codec.decode(state.bytes()));
  }
}
