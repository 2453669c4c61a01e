package dev.hindsight.device.i8042;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.VirtualClock;

/**
 * A PS/2 keyboard with scan-code sets 1 and 2.
 *
 * <p>Answers to commands come before keys that wait. What does not fit into its buffer of 16 bytes
 * is lost, and an overrun code stands in its place.
 */
final class Keyboard {
  /** Kinds of deadlines. */
  static final int TEST_DONE = 1;

  static final int REPEAT = 2;

  private static final int ACK = 0xFA;
  private static final int RESEND = 0xFE;
  private static final int TEST_PASSED = 0xAA;
  private static final int ECHO = 0xEE;
  private static final int[] OVERRUN = {0xFF, 0xFF, 0x00};

  private static final int SET_LEDS = 0xED;
  private static final int SELECT_SET = 0xF0;
  private static final int IDENTIFY = 0xF2;
  private static final int SET_TYPEMATIC = 0xF3;
  private static final int ENABLE = 0xF4;
  private static final int DISABLE = 0xF5;
  private static final int SET_DEFAULTS = 0xF6;
  private static final int RESET = 0xFF;

  private static final int BUFFER = 16;

  /** 10.9 characters a second after half a second. */
  private static final int DEFAULT_TYPEMATIC = 0x2B;

  /** How long the basic assurance test takes: 300 to 500 ms. */
  private static final int TEST_MILLISECONDS = 300;

  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final ByteQueue answers = new ByteQueue(BUFFER);
  private final ByteQueue keys = new ByteQueue(BUFFER + 1);
  private boolean scanning;
  private int scanSet;
  private int leds;
  private int typematic;
  private int parameterOf;
  private int last;
  private int held;

  Keyboard(VirtualClock clock, DeadlineQueue deadlines) {
    this.clock = clock;
    this.deadlines = deadlines;
  }

  /**
   * The whole state.
   *
   * @param answers answers to commands that wait to be sent
   * @param keys scan codes that wait to be sent
   * @param scanning whether keys are looked at
   * @param parameterOf the command whose parameter comes next, or 0
   * @param last the byte that was sent last
   * @param held the key that repeats, or 0
   */
  record State(
      byte[] answers,
      byte[] keys,
      boolean scanning,
      int scanSet,
      int leds,
      int typematic,
      int parameterOf,
      int last,
      int held) {}

  State save() {
    return new State(
        answers.save(), keys.save(), scanning, scanSet, leds, typematic, parameterOf, last, held);
  }

  void load(State s) {
    answers.load(s.answers());
    keys.load(s.keys());
    scanning = s.scanning();
    scanSet = s.scanSet();
    leds = s.leds();
    typematic = s.typematic();
    parameterOf = s.parameterOf();
    last = s.last();
    held = s.held();
  }

  /** As after a power-on whose self-test is over and was taken notice of. */
  void reset() {
    answers.clear();
    parameterOf = 0;
    last = 0;
    leds = 0;
    deadlines.cancel(TEST_DONE);
    setDefaults();
  }

  private void setDefaults() {
    keys.clear();
    release();
    scanning = true;
    scanSet = 2;
    typematic = DEFAULT_TYPEMATIC;
  }

  private void release() {
    held = 0;
    deadlines.cancel(REPEAT);
  }

  // ---- to the host

  boolean hasByte() {
    return !answers.isEmpty() || !keys.isEmpty();
  }

  /** The next byte to be sent; there must be one. */
  int take() {
    last = answers.isEmpty() ? keys.take() : answers.take();
    return last;
  }

  // ---- from the host

  /** Takes a byte from the host. */
  void receive(int value) {
    int command = parameterOf;
    parameterOf = 0;
    // what is no parameter is a command
    if (command != 0 && value < 0x80) {
      parameter(command, value);
    } else {
      command(value);
    }
  }

  private void command(int value) {
    switch (value) {
      case SET_LEDS, SELECT_SET, SET_TYPEMATIC -> {
        answers.put(ACK);
        parameterOf = value;
      }
      case ECHO -> answers.put(ECHO);
      case IDENTIFY -> answers.put(ACK, 0xAB, 0x83);
      case ENABLE -> {
        keys.clear();
        release();
        scanning = true;
        answers.put(ACK);
      }
      case DISABLE -> {
        setDefaults();
        scanning = false;
        answers.put(ACK);
      }
      case SET_DEFAULTS -> {
        setDefaults();
        answers.put(ACK);
      }
      case RESEND -> answers.put(last);
      case RESET -> {
        reset();
        scanning = false;
        answers.put(ACK);
        deadlines.schedule(TEST_DONE, clock.now() + milliseconds(TEST_MILLISECONDS));
      }
      default -> answers.put(RESEND);
    }
  }

  private void parameter(int command, int value) {
    switch (command) {
      case SET_LEDS -> {
        leds = value & 7;
        answers.put(ACK);
      }
      case SET_TYPEMATIC -> {
        typematic = value;
        answers.put(ACK);
      }
      default -> selectSet(value);
    }
  }

  private void selectSet(int value) {
    switch (value) {
      case 0 -> answers.put(ACK, scanSet);
      case 1, 2 -> {
        keys.clear();
        scanSet = value;
        answers.put(ACK);
      }
      default -> answers.put(RESEND);
    }
  }

  // ---- keys

  void key(int code, boolean pressed) {
    int[] bytes = ScanCodes.encode(scanSet, code, pressed);
    if (!scanning || bytes.length == 0) {
      return;
    }
    send(bytes);
    if (!pressed && code == held) {
      release();
    } else if (pressed && ScanCodes.repeats(code)) {
      held = code;
      int delay = 250 * ((typematic >>> 5 & 3) + 1);
      deadlines.schedule(REPEAT, clock.now() + milliseconds(delay));
    }
  }

  private void send(int... bytes) {
    if (keys.room() > bytes.length) {
      keys.put(bytes);
    } else {
      keys.put(OVERRUN[scanSet & 2]);
    }
  }

  /** A key is held: it repeats, if there is room for that. */
  private void repeat(long tick) {
    int[] bytes = ScanCodes.encode(scanSet, held, true);
    if (keys.room() > bytes.length) {
      keys.put(bytes);
    }
    deadlines.schedule(REPEAT, tick + repeatPeriod());
  }

  /** (8 + A) * 2^B / 240 seconds, where A is bits 2:0 and B bits 4:3. */
  private long repeatPeriod() {
    long cycles = 8L + (typematic & 7) << (typematic >>> 3 & 3);
    return cycles * clock.ticksPerSecond() / 240;
  }

  private long milliseconds(int n) {
    return n * clock.ticksPerSecond() / 1000;
  }

  void deadline(int kind, long tick) {
    if (kind == REPEAT) {
      repeat(tick);
    } else {
      scanning = true;
      answers.put(TEST_PASSED);
    }
  }
}
