package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;
import java.util.ArrayList;
import java.util.List;

/**
 * The simplest chips with which a guest can do everything that is hard for a scheduler: a periodic
 * timer, a serial line, interrupts from one vCPU to another, and a power switch.
 */
public final class ToyChipset implements Chipset {
  static final int TIMER_PORT = 0x40;
  static final int SEND_PORT = 0x30;
  static final int START_PORT = 0x31;
  static final int SERIAL_PORT = 0x3F8;
  static final int POWER_PORT = 0x60;

  static final int TIMER_VECTOR = 0x20;
  static final int SERIAL_VECTOR = 0x21;
  static final int SEND_VECTOR = 0x22;

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public void install(Sockets s) {
    List<Controller> controllers = new ArrayList<>();
    for (int i = 0; i < s.description().vcpus(); i++) {
      Controller c = new Controller(i, s.pins(i));
      controllers.add(c);
      s.add(c);
      s.interruptSource(i, c);
      s.attach(c);
    }
    Controller first = controllers.getFirst();
    Timer timer = new Timer(s.clock(), s.deadlines(), first);
    s.add(timer);
    s.ports().map(TIMER_PORT, 2, 2, timer);
    Serial serial = new Serial(first, s.output("serial"));
    s.add(serial);
    s.ports().map(SERIAL_PORT, 1, 1, serial);
    s.ports()
        .map(SEND_PORT, 1, 1, onWrite(v -> send(s, ApicMessage.Mode.FIXED, SEND_VECTOR, (int) v)));
    s.ports().map(START_PORT, 1, 1, onWrite(v -> send(s, ApicMessage.Mode.STARTUP, (int) v, 1)));
    s.ports().map(POWER_PORT, 1, 1, onWrite(v -> s.control().powerOff()));
  }

  private static void send(Sockets s, ApicMessage.Mode mode, int vector, int to) {
    s.apicBus()
        .send(new ApicMessage(mode, vector, ApicMessage.Target.PHYSICAL, to, false, true, -1));
  }

  private interface Write {
    void accept(long value);
  }

  private static IoRegion onWrite(Write action) {
    return new IoRegion() {
      @Override
      public long read(long offset, int bytes) {
        return 0;
      }

      @Override
      public long peek(long offset, int bytes) {
        return 0;
      }

      @Override
      public void write(long offset, int bytes, long value) {
        action.accept(value);
      }
    };
  }

  /** The interrupts that wait for one vCPU. */
  private static final class Controller
      implements Device<Controller.State>, InterruptSource, ApicBus.Receiver {
    record State(int pending) {}

    private final int cpu;
    private final CpuPins pins;
    private int pending;

    Controller(int cpu, CpuPins pins) {
      this.cpu = cpu;
      this.pins = pins;
    }

    void raise(int vector) {
      pending |= 1 << vector - TIMER_VECTOR;
      pins.intr(true);
    }

    @Override
    public String name() {
      return "controller" + cpu;
    }

    @Override
    public void reset() {
      pending = 0;
      pins.intr(false);
    }

    @Override
    public State save() {
      return new State(pending);
    }

    @Override
    public void load(State state) {
      pending = state.pending;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }

    @Override
    public int acknowledge() {
      int bit = Integer.lowestOneBit(pending);
      pending &= ~bit;
      pins.intr(pending != 0);
      return TIMER_VECTOR + Integer.numberOfTrailingZeros(bit);
    }

    @Override
    public int taskPriority() {
      return 0;
    }

    @Override
    public void taskPriority(int value) {}

    @Override
    public boolean accepts(ApicMessage message) {
      return message.destination() == cpu;
    }

    @Override
    public int arbitrationPriority() {
      return 0;
    }

    @Override
    public void receive(ApicMessage message) {
      if (message.mode() == ApicMessage.Mode.STARTUP) {
        pins.startup(message.vector());
      } else {
        raise(message.vector());
      }
    }
  }

  /** Interrupts every so many ticks; reads as the time. */
  private static final class Timer implements Device<Timer.State>, IoRegion {
    record State(long period) {}

    private final VirtualClock clock;
    private final DeadlineQueue deadlines;
    private final Controller controller;
    private long period;

    Timer(VirtualClock clock, DeadlineQueue deadlines, Controller controller) {
      this.clock = clock;
      this.deadlines = deadlines;
      this.controller = controller;
    }

    @Override
    public String name() {
      return "timer";
    }

    @Override
    public void reset() {
      period = 0;
    }

    @Override
    public State save() {
      return new State(period);
    }

    @Override
    public void load(State state) {
      period = state.period;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }

    @Override
    public long read(long offset, int bytes) {
      return clock.now();
    }

    @Override
    public long peek(long offset, int bytes) {
      return clock.now();
    }

    @Override
    public void write(long offset, int bytes, long value) {
      period = Math.max(100, value);
      deadlines.schedule(0, clock.now() + period);
    }

    @Override
    public void deadline(int kind, long tick) {
      controller.raise(TIMER_VECTOR);
      deadlines.schedule(0, tick + period);
    }
  }

  /** Sends at once, and keeps the last byte that came. */
  private static final class Serial implements Device<Serial.State>, IoRegion, InputReceiver {
    record State(int received) {}

    private final Controller controller;
    private final ByteSink output;
    private int received;

    Serial(Controller controller, ByteSink output) {
      this.controller = controller;
      this.output = output;
    }

    @Override
    public String name() {
      return "serial";
    }

    @Override
    public void reset() {
      received = 0;
    }

    @Override
    public State save() {
      return new State(received);
    }

    @Override
    public void load(State state) {
      received = state.received;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }

    @Override
    public long read(long offset, int bytes) {
      return received;
    }

    @Override
    public long peek(long offset, int bytes) {
      return received;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      output.put((int) value & 0xFF);
    }

    @Override
    public void input(Input input) {
      if (input instanceof Input.SerialByte b) {
        received = b.value();
        controller.raise(SERIAL_VECTOR);
      }
    }
  }
}
