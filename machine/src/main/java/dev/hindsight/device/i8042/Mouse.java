package dev.hindsight.device.i8042;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.VirtualClock;

/**
 * A PS/2 mouse with three buttons, and a wheel for those who knock: setting the sample rates 200,
 * 100 and 80 one after another makes it an IntelliMouse, whose packets have a fourth byte.
 *
 * <p>Movements are added up until a packet can be sent: at most one in each sample period, and only
 * when the one before has gone. A button that changes again before that gets a packet of its own,
 * so that clicks are not lost.
 */
final class Mouse {
  /** Kinds of deadlines. */
  static final int TEST_DONE = 3;

  static final int SAMPLE = 4;

  private static final int ACK = 0xFA;
  private static final int ERROR = 0xFC;
  private static final int RESEND = 0xFE;
  private static final int TEST_PASSED = 0xAA;

  private static final int SCALING_1_TO_1 = 0xE6;
  private static final int SCALING_2_TO_1 = 0xE7;
  private static final int SET_RESOLUTION = 0xE8;
  private static final int STATUS = 0xE9;
  private static final int STREAM_MODE = 0xEA;
  private static final int READ_DATA = 0xEB;
  private static final int RESET_WRAP = 0xEC;
  private static final int WRAP_MODE = 0xEE;
  private static final int REMOTE_MODE = 0xF0;
  private static final int IDENTIFY = 0xF2;
  private static final int SET_RATE = 0xF3;
  private static final int ENABLE = 0xF4;
  private static final int DISABLE = 0xF5;
  private static final int SET_DEFAULTS = 0xF6;
  private static final int RESET = 0xFF;

  private static final int INTELLIMOUSE = 3;
  private static final int KNOCK = 200 << 16 | 100 << 8 | 80;

  private static final int BUTTONS = 7;
  private static final int BUFFER = 16;

  /** The counters have nine bits; more than a few packets' worth is not remembered. */
  private static final int MOST_COUNTS = 4 * 255;

  private static final int TEST_MILLISECONDS = 300;

  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final ByteQueue output = new ByteQueue(BUFFER);
  private int id;
  private int knock;
  private int rate;
  private int resolution;
  private boolean doubled;
  private boolean remote;
  private boolean wrapping;
  private boolean enabled;
  private int parameterOf;
  private boolean refused;
  private int last;
  private int x;
  private int y;
  private int wheel;
  private int buttons;
  private int reportedButtons;
  private boolean sampling;

  Mouse(VirtualClock clock, DeadlineQueue deadlines) {
    this.clock = clock;
    this.deadlines = deadlines;
  }

  /**
   * The whole state.
   *
   * @param output bytes that wait to be sent
   * @param id 0, or 3 for an IntelliMouse
   * @param knock the last three sample rates, a byte each
   * @param resolution 0 to 3: the exponent of counts a millimetre
   * @param doubled whether scaling is 2:1
   * @param parameterOf the command whose parameter comes next, or 0
   * @param refused whether the byte before was refused
   * @param last the byte that was sent last
   * @param x counts to the right that were not reported yet; {@code y} up, {@code wheel} down
   * @param reportedButtons the buttons as the last packet had them
   * @param sampling whether a packet was sent in this sample period
   */
  record State(
      byte[] output,
      int id,
      int knock,
      int rate,
      int resolution,
      boolean doubled,
      boolean remote,
      boolean wrapping,
      boolean enabled,
      int parameterOf,
      boolean refused,
      int last,
      int x,
      int y,
      int wheel,
      int buttons,
      int reportedButtons,
      boolean sampling) {}

  State save() {
    return new State(
        output.save(),
        id,
        knock,
        rate,
        resolution,
        doubled,
        remote,
        wrapping,
        enabled,
        parameterOf,
        refused,
        last,
        x,
        y,
        wheel,
        buttons,
        reportedButtons,
        sampling);
  }

  void load(State s) {
    output.load(s.output());
    id = s.id();
    knock = s.knock();
    rate = s.rate();
    resolution = s.resolution();
    doubled = s.doubled();
    remote = s.remote();
    wrapping = s.wrapping();
    enabled = s.enabled();
    parameterOf = s.parameterOf();
    refused = s.refused();
    last = s.last();
    x = s.x();
    y = s.y();
    wheel = s.wheel();
    buttons = s.buttons();
    reportedButtons = s.reportedButtons();
    sampling = s.sampling();
  }

  /** As after a power-on whose self-test is over and was taken notice of. */
  void reset() {
    output.clear();
    id = 0;
    knock = 0;
    parameterOf = 0;
    refused = false;
    last = 0;
    buttons = 0;
    sampling = false;
    deadlines.cancel(TEST_DONE);
    deadlines.cancel(SAMPLE);
    setDefaults();
  }

  private void setDefaults() {
    rate = 100;
    resolution = 2;
    doubled = false;
    remote = false;
    wrapping = false;
    enabled = false;
    clearCounters();
  }

  private void clearCounters() {
    x = 0;
    y = 0;
    wheel = 0;
    reportedButtons = buttons;
  }

  // ---- to the host

  boolean hasByte() {
    return !output.isEmpty();
  }

  /** The next byte to be sent; there must be one. */
  int take() {
    last = output.take();
    return last;
  }

  // ---- from the host

  /** Takes a byte from the host. What was still to be sent is dropped. */
  void receive(int value) {
    output.clear();
    int command = parameterOf;
    if (wrapping && value != RESET && value != RESET_WRAP) {
      output.put(value);
    } else if (command != 0 && value != RESET) {
      parameter(command, value);
    } else {
      command(value);
    }
  }

  private void command(int value) {
    if (value == RESEND) {
      output.put(last);
      return;
    }
    if (!perform(value)) {
      refuse();
      return;
    }
    refused = false;
    clearCounters();
  }

  /** Performs a command; returns whether there is such a command. */
  private boolean perform(int value) {
    switch (value) {
      case SCALING_1_TO_1, SCALING_2_TO_1 -> doubled = value == SCALING_2_TO_1;
      case SET_RESOLUTION, SET_RATE -> parameterOf = value;
      case STREAM_MODE, REMOTE_MODE -> remote = value == REMOTE_MODE;
      case WRAP_MODE, RESET_WRAP -> wrapping = value == WRAP_MODE;
      case ENABLE, DISABLE -> enabled = value == ENABLE;
      case SET_DEFAULTS -> setDefaults();
      case STATUS, READ_DATA, IDENTIFY -> {
        // only answers
      }
      case RESET -> {
        int held = buttons;
        reset();
        buttons = held;
        deadlines.schedule(
            TEST_DONE, clock.now() + TEST_MILLISECONDS * clock.ticksPerSecond() / 1000);
      }
      default -> {
        return false;
      }
    }
    output.put(ACK);
    switch (value) {
      case STATUS -> output.put(status(), resolution & 0xFF, rate & 0xFF);
      case READ_DATA -> putPacket(false);
      case IDENTIFY -> output.put(id & 0xFF);
      default -> {
        // that was all
      }
    }
    return true;
  }

  /** The first of two bad bytes in a row is asked for again, the second is an error. */
  private void refuse() {
    output.put(refused ? ERROR : RESEND);
    if (refused) {
      parameterOf = 0;
    }
    refused = !refused;
  }

  private int status() {
    return (remote ? 1 << 6 : 0)
        | (enabled ? 1 << 5 : 0)
        | (doubled ? 1 << 4 : 0)
        | ((buttons & 1) != 0 ? 4 : 0)
        | ((buttons & 4) != 0 ? 2 : 0)
        | ((buttons & 2) != 0 ? 1 : 0);
  }

  private void parameter(int command, int value) {
    boolean valid =
        switch (value) {
          case 0, 1, 2, 3 -> command == SET_RESOLUTION;
          case 10, 20, 40, 60, 80, 100, 200 -> command == SET_RATE;
          default -> false;
        };
    if (!valid) {
      refuse();
      return;
    }
    parameterOf = 0;
    refused = false;
    if (command == SET_RESOLUTION) {
      resolution = value;
    } else {
      rate = value;
      knock = (knock << 8 | value) & 0xFF_FFFF;
      if (knock == KNOCK) {
        id = INTELLIMOUSE;
      }
    }
    output.put(ACK);
  }

  // ---- movements

  void move(Input.MouseMotion motion) {
    int now = motion.buttons() & BUTTONS;
    if (isReporting() && buttons != reportedButtons && now != buttons && output.room() >= 4) {
      putPacket(true);
    }
    x = add(x, motion.dx());
    y = add(y, motion.dy());
    wheel = id == INTELLIMOUSE ? add(wheel, motion.wheel()) : 0;
    buttons = now;
    if (!sampling) {
      report(clock.now());
    }
  }

  private static int add(int counter, int more) {
    return Math.clamp((long) counter + more, -MOST_COUNTS, MOST_COUNTS);
  }

  private boolean isReporting() {
    return enabled && !remote && !wrapping;
  }

  private boolean hasNews() {
    return x != 0 || y != 0 || wheel != 0 || buttons != reportedButtons;
  }

  private void report(long tick) {
    sampling = isReporting() && hasNews();
    if (sampling) {
      if (output.isEmpty()) {
        putPacket(true);
      }
      deadlines.schedule(SAMPLE, tick + clock.ticksPerSecond() / Math.max(rate, 1));
    }
  }

  /** Appends a packet with as much of the counters as it can hold. */
  private void putPacket(boolean streaming) {
    int dx = Math.clamp(x, -255, 255);
    int dy = Math.clamp(y, -255, 255);
    int dz = Math.clamp(wheel, -8, 7);
    x -= dx;
    y -= dy;
    wheel -= dz;
    reportedButtons = buttons;
    if (doubled && streaming) {
      dx = Math.clamp(twice(dx), -255, 255);
      dy = Math.clamp(twice(dy), -255, 255);
    }
    int signs = (dx < 0 ? 0x10 : 0) | (dy < 0 ? 0x20 : 0);
    output.put(8 | signs | buttons & BUTTONS, dx & 0xFF, dy & 0xFF);
    if (id == INTELLIMOUSE) {
      output.put(dz & 0xFF);
    }
  }

  /** The curve of 2:1 scaling. */
  private static int twice(int counts) {
    int size = Math.abs(counts);
    int scaled =
        switch (size) {
          case 0 -> 0;
          case 1, 2 -> 1;
          case 3 -> 3;
          case 4 -> 6;
          case 5 -> 9;
          default -> 2 * size;
        };
    return counts < 0 ? -scaled : scaled;
  }

  void deadline(int kind, long tick) {
    if (kind == SAMPLE) {
      report(tick);
    } else {
      output.put(TEST_PASSED, id & 0xFF);
    }
  }
}
