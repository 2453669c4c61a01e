package dev.hindsight.timeline;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs as bytes: a head with a number for the type and one for the device, and what the type has.
 * Numbers of types are never used anew. A device is named once in a log: its first head has the
 * number after those of all devices before it, and its name.
 */
final class InputFormat {
  private static final int TYPE_BITS = 4;
  private static final int TYPES = 1 << TYPE_BITS;

  /** Longest time by which the clock can be advanced. */
  private static final long LONGEST_ADVANCE = TickFormat.LAST;

  /** The largest code of a key, with the bit that says whether it went down. */
  private static final long LAST_KEY = 0x1FF_FFFF;

  private final List<String> devices = new ArrayList<>();

  void write(Input input, CompactWriter out) {
    switch (input) {
      case Input.SerialByte i -> {
        head(1, i.device(), out);
        out.putByte(i.value());
      }
      case Input.ClockAdvance i -> {
        head(2, out);
        out.putNumber(i.ticks());
      }
      case Input.Reset() -> head(3, out);
      case Input.PowerOff() -> head(4, out);
      case Input.Key i -> {
        head(5, i.device(), out);
        out.putNumber(i.code() << 1 | (i.pressed() ? 1 : 0));
      }
      case Input.MouseMotion i -> {
        head(6, i.device(), out);
        out.putSigned(i.dx());
        out.putSigned(i.dy());
        out.putSigned(i.wheel());
        out.putByte(i.buttons());
      }
      case Input.PowerButton() -> head(7, out);
    }
  }

  Input read(CompactReader in) {
    long head = in.getNumber();
    return switch ((int) head & TYPES - 1) {
      case 1 -> new Input.SerialByte(device(head, in), in.getByte());
      case 2 -> new Input.ClockAdvance(number(in, 1, LONGEST_ADVANCE));
      case 3 -> new Input.Reset();
      case 4 -> new Input.PowerOff();
      case 5 -> key(device(head, in), in);
      case 6 ->
          new Input.MouseMotion(device(head, in), signed(in), signed(in), signed(in), in.getByte());
      case 7 -> new Input.PowerButton();
      default ->
          throw new StateFormatException("There is an input that this release does not know.");
    };
  }

  private static Input key(String device, CompactReader in) {
    long bits = number(in, 0, LAST_KEY);
    return new Input.Key(device, (int) (bits >>> 1), (bits & 1) != 0);
  }

  private static int signed(CompactReader in) {
    long value = in.getSigned();
    if (value != (int) value) {
      throw new StateFormatException("A number of an input is out of its range.");
    }
    return (int) value;
  }

  private static void head(int type, CompactWriter out) {
    out.putNumber(type);
  }

  private void head(int type, String device, CompactWriter out) {
    int number = devices.indexOf(device);
    if (number < 0) {
      out.putNumber((long) devices.size() << TYPE_BITS | type);
      out.putText(device);
      devices.add(device);
    } else {
      out.putNumber((long) number << TYPE_BITS | type);
    }
  }

  private String device(long head, CompactReader in) {
    long number = head >>> TYPE_BITS;
    if (number > devices.size()) {
      throw new StateFormatException("A device has no name.");
    }
    if (number == devices.size()) {
      devices.add(in.getText());
    }
    return devices.get((int) number);
  }

  /** A number within limits. */
  private static long number(CompactReader in, long least, long most) {
    long value = in.getNumber();
    if (value < least || value > most) {
      throw new StateFormatException("A number of an input is out of its range.");
    }
    return value;
  }
}
