package dev.hindsight.timeline;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.bus.state.StateFormatException;
import dev.hindsight.bus.state.StateReader;
import dev.hindsight.bus.state.StateWriter;

/** Inputs as bytes: the tick, a number for the type, and the record. Numbers are never reused. */
final class InputFormat {
  private final RecordCodec<Input.SerialByte> serialByte = RecordCodec.of(Input.SerialByte.class);
  private final RecordCodec<Input.ClockAdvance> clockAdvance =
      RecordCodec.of(Input.ClockAdvance.class);
  private final RecordCodec<Input.Key> key = RecordCodec.of(Input.Key.class);
  private final RecordCodec<Input.MouseMotion> mouseMotion =
      RecordCodec.of(Input.MouseMotion.class);

  void write(TimedInput timed, StateWriter out) {
    out.putLong(timed.tick());
    switch (timed.input()) {
      case Input.SerialByte i -> {
        out.putByte(1);
        serialByte.write(i, out);
      }
      case Input.ClockAdvance i -> {
        out.putByte(2);
        clockAdvance.write(i, out);
      }
      case Input.Reset() -> out.putByte(3);
      case Input.PowerOff() -> out.putByte(4);
      case Input.Key i -> {
        out.putByte(5);
        key.write(i, out);
      }
      case Input.MouseMotion i -> {
        out.putByte(6);
        mouseMotion.write(i, out);
      }
      case Input.PowerButton() -> out.putByte(7);
    }
  }

  TimedInput read(StateReader in) {
    long tick = in.getLong();
    int type = in.getByte();
    return new TimedInput(
        tick,
        switch (type) {
          case 1 -> serialByte.read(in);
          case 2 -> clockAdvance.read(in);
          case 3 -> new Input.Reset();
          case 4 -> new Input.PowerOff();
          case 5 -> key.read(in);
          case 6 -> mouseMotion.read(in);
          case 7 -> new Input.PowerButton();
          default -> throw new StateFormatException("There is no input of type " + type + ".");
        });
  }
}
