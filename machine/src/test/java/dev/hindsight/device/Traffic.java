package dev.hindsight.device;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.IoRegion;
import java.util.ArrayList;
import java.util.List;

/** Turns bytes into traffic: register accesses, signals, inputs and the passing of time. */
final class Traffic {
  private static final int MOST_DEADLINES = 64;

  private final byte[] bytes;
  private int at;

  Traffic(byte[] bytes) {
    this.bytes = bytes;
  }

  private int next() {
    return at < bytes.length ? bytes[at++] & 0xFF : 0;
  }

  private long next(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  /**
   * Runs until the bytes are used up.
   *
   * @return what could be observed from outside, step by step
   */
  List<String> run(Rig rig, Subject subject) {
    List<String> seen = new ArrayList<>();
    while (at < bytes.length) {
      int choice = next();
      String step =
          switch (choice & 7) {
            case 0, 1, 2 -> write(subject, choice);
            case 3, 4 -> read(subject, choice);
            case 5 -> stimulus(subject);
            case 6 -> pass(rig, subject, choice);
            default -> input(subject);
          };
      seen.add(step + " " + rig.lines() + " " + rig.takeEvents() + " " + rig.pending() + rig.now());
    }
    return seen;
  }

  private Subject.Range range(Subject subject) {
    return subject.registers().get(next() % subject.registers().size());
  }

  /** An offset: any, or in large ranges mostly one at which there can be a register. */
  private int offset(Subject.Range range, int choice) {
    int any = (int) next(2) % range.length();
    return range.length() > 256 && (choice & 0x80) != 0 ? any & ~15 & 0x3FF : any;
  }

  private static int size(int choice) {
    return 1 << (choice >>> 3 & 3);
  }

  private String write(Subject subject, int choice) {
    Subject.Range range = range(subject);
    int offset = offset(range, choice);
    // small values often, so that reserved bits are not always set
    long value = (choice & 0x20) != 0 ? next(8) : next(2);
    range.region().write(offset, size(choice), value);
    return "wrote " + Long.toHexString(value) + " to " + offset;
  }

  private String read(Subject subject, int choice) {
    Subject.Range range = range(subject);
    int offset = offset(range, choice);
    return "read " + offset + ": " + checkedRead(range.region(), offset, size(choice));
  }

  private static long checkedRead(IoRegion region, int offset, int size) {
    long expected = region.peek(offset, size);
    long value = region.read(offset, size);
    if (value != expected) {
      throw new IllegalStateException("peek shows " + expected + ", read gives " + value);
    }
    if (size < 8 && value >>> 8 * size != 0) {
      throw new IllegalStateException(value + " has more than " + size + " bytes");
    }
    return value;
  }

  private String stimulus(Subject subject) {
    if (subject.stimuli().isEmpty()) {
      return "nothing";
    }
    int n = next() % subject.stimuli().size();
    subject.stimuli().get(n).accept(next(6));
    return "stimulus " + n;
  }

  /** Up to 2^31 ticks; all magnitudes are equally likely. */
  private String pass(Rig rig, Subject subject, int choice) {
    long ticks = next(4) >>> (choice >>> 3);
    rig.advance(subject.device(), ticks & Integer.MAX_VALUE, MOST_DEADLINES);
    return "passed " + ticks;
  }

  private String input(Subject subject) {
    int choice = next();
    int value = next();
    Input input =
        switch (choice & 3) {
          case 0 -> new Input.SerialByte("dut", value);
          case 1 -> new Input.Key("dut", (choice & 4) == 0 ? value : 0xE000 + value, choice > 127);
          case 2 -> new Input.MouseMotion("dut", choice - 128, (byte) value, choice % 3 - 1, value);
          default -> new Input.PowerButton();
        };
    if (subject.device() instanceof InputReceiver receiver) {
      receiver.input(input);
    }
    return input.toString();
  }
}
