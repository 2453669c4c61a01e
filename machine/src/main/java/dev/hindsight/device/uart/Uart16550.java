package dev.hindsight.device.uart;

import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;

/**
 * A 16550A serial port.
 *
 * <p>A transmitted byte leaves at once, whatever the divisor says: the transmitter is always empty,
 * so that a guest that polls for room never waits. Received bytes come as {@link Input.SerialByte}
 * with the timing that the outside gives them; the divisor decides only how long the character
 * time-out is. The interrupt output is gated by OUT2, as on a PC.
 */
public final class Uart16550 implements Device<Uart16550.State>, IoRegion, InputReceiver {
  /** Number of registers. */
  public static final int LENGTH = 8;

  private static final int CHARACTER_TIMEOUT = 0;
  private static final long CRYSTAL_HZ = 1_843_200;

  private static final int IER_RECEIVED = 1;
  private static final int IER_TRANSMITTER = 1 << 1;
  private static final int IER_LINE = 1 << 2;
  private static final int IER_MODEM = 1 << 3;

  private static final int IIR_NONE = 1;
  private static final int IIR_MODEM = 0;
  private static final int IIR_TRANSMITTER = 2;
  private static final int IIR_RECEIVED = 4;
  private static final int IIR_LINE = 6;
  private static final int IIR_TIMEOUT = 12;
  private static final int IIR_FIFOS = 0xC0;

  private static final int FCR_ENABLE = 1;
  private static final int FCR_CLEAR_RECEIVER = 1 << 1;

  private static final int LCR_WORD_LENGTH = 3;
  private static final int LCR_STOP = 1 << 2;
  private static final int LCR_PARITY = 1 << 3;
  private static final int LCR_DIVISOR = 1 << 7;

  private static final int MCR_DTR = 1;
  private static final int MCR_RTS = 1 << 1;
  private static final int MCR_OUT1 = 1 << 2;
  private static final int MCR_OUT2 = 1 << 3;
  private static final int MCR_LOOP = 1 << 4;

  private static final int LSR_READY = 1;
  private static final int LSR_OVERRUN = 1 << 1;
  private static final int LSR_TRANSMITTER_EMPTY = 3 << 5;

  private static final int MSR_CTS = 1 << 4;
  private static final int MSR_DSR = 1 << 5;
  private static final int MSR_RI = 1 << 6;
  private static final int MSR_DCD = 1 << 7;

  /** The other end is there and ready. */
  private static final int MSR_CONNECTED = MSR_CTS | MSR_DSR | MSR_DCD;

  private final String name;
  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final InterruptLine line;
  private final ByteSink output;

  private final ReceiverFifo fifo = new ReceiverFifo();
  private int divisor;
  private int ier;
  private int fcr;
  private int lcr;
  private int mcr;
  private int scratch;
  private int modemDelta;
  private boolean overrun;
  private boolean transmitterPending;
  private boolean timedOut;

  /**
   * A serial port.
   *
   * @param output where transmitted bytes go
   */
  public Uart16550(
      String name,
      VirtualClock clock,
      DeadlineQueue deadlines,
      InterruptLine line,
      ByteSink output) {
    this.name = name;
    this.clock = clock;
    this.deadlines = deadlines;
    this.line = line;
    this.output = output;
  }

  /**
   * The whole state.
   *
   * @param received bytes in the receiver FIFO, oldest first
   * @param modemDelta low four bits of the modem status register
   */
  public record State(
      byte[] received,
      int divisor,
      int ier,
      int fcr,
      int lcr,
      int mcr,
      int scratch,
      int modemDelta,
      boolean overrun,
      boolean transmitterPending,
      boolean timedOut) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public void reset() {
    fifo.clear();
    divisor = 12;
    ier = 0;
    fcr = 0;
    lcr = 0;
    mcr = 0;
    scratch = 0;
    modemDelta = 0;
    overrun = false;
    transmitterPending = false;
    timedOut = false;
    deadlines.cancel(CHARACTER_TIMEOUT);
    update();
  }

  @Override
  public State save() {
    return new State(
        fifo.save(),
        divisor,
        ier,
        fcr,
        lcr,
        mcr,
        scratch,
        modemDelta,
        overrun,
        transmitterPending,
        timedOut);
  }

  @Override
  public void load(State state) {
    fifo.load(state.received());
    divisor = state.divisor();
    ier = state.ier();
    fcr = state.fcr();
    lcr = state.lcr();
    mcr = state.mcr();
    scratch = state.scratch();
    modemDelta = state.modemDelta();
    overrun = state.overrun();
    transmitterPending = state.transmitterPending();
    timedOut = state.timedOut();
    update();
  }

  // ---- registers

  private boolean divisorLatch() {
    return (lcr & LCR_DIVISOR) != 0;
  }

  @Override
  public long read(long offset, int bytes) {
    long value = peek(offset, bytes);
    switch ((int) offset & 7) {
      case 0 -> {
        if (!divisorLatch()) {
          takeReceived();
        }
      }
      case 2 -> {
        if (interruptId() == IIR_TRANSMITTER) {
          transmitterPending = false;
        }
      }
      case 5 -> overrun = false;
      case 6 -> modemDelta = 0;
      default -> {
        return value;
      }
    }
    update();
    return value;
  }

  private void takeReceived() {
    fifo.take();
    timedOut = false;
    scheduleTimeout();
  }

  @Override
  public long peek(long offset, int bytes) {
    return switch ((int) offset & 7) {
      case 0 -> divisorLatch() ? divisor & 0xFF : fifo.peek();
      case 1 -> divisorLatch() ? divisor >>> 8 : ier;
      case 2 -> interruptId() | ((fcr & FCR_ENABLE) != 0 ? IIR_FIFOS : 0);
      case 3 -> lcr;
      case 4 -> mcr;
      case 5 ->
          LSR_TRANSMITTER_EMPTY | (fifo.isEmpty() ? 0 : LSR_READY) | (overrun ? LSR_OVERRUN : 0);
      case 6 -> modemStatus() | modemDelta;
      default -> scratch;
    };
  }

  @Override
  public void write(long offset, int bytes, long written) {
    int value = (int) written & 0xFF;
    switch ((int) offset & 7) {
      case 0 -> {
        if (divisorLatch()) {
          divisor = (divisor & 0xFF00) | value;
        } else {
          transmit(value);
        }
      }
      case 1 -> {
        if (divisorLatch()) {
          divisor = (divisor & 0xFF) | value << 8;
        } else {
          writeInterruptEnable(value & 15);
        }
      }
      case 2 -> writeFifoControl(value);
      case 3 -> lcr = value;
      case 4 -> writeModemControl(value & 31);
      case 7 -> scratch = value;
      default -> {
        // the status registers are read-only
      }
    }
    update();
  }

  private void transmit(int value) {
    // The write takes the interrupt back; the holding register is empty again at once, which is an
    // event of its own. An edge-triggered controller must see both.
    transmitterPending = false;
    update();
    transmitterPending = true;
    if ((mcr & MCR_LOOP) != 0) {
      receive(value);
    } else {
      output.put(value);
    }
  }

  private void writeInterruptEnable(int value) {
    if ((value & ~ier & IER_TRANSMITTER) != 0) {
      transmitterPending = true;
    }
    ier = value;
  }

  private void writeFifoControl(int value) {
    boolean enabled = (value & FCR_ENABLE) != 0;
    if (((value ^ fcr) & FCR_ENABLE) != 0 || (enabled && (value & FCR_CLEAR_RECEIVER) != 0)) {
      fifo.clear();
      timedOut = false;
      deadlines.cancel(CHARACTER_TIMEOUT);
    }
    // the other bits can be written only together with the enable bit
    fcr = enabled ? value & 0xC9 : 0;
  }

  private void writeModemControl(int value) {
    int before = modemStatus();
    mcr = value;
    int changed = before ^ modemStatus();
    modemDelta |= (changed >>> 4) & 0xB;
    // TERI: RI went from low to high and back, so only its trailing edge counts
    if ((changed & MSR_RI) != 0 && (before & MSR_RI) != 0) {
      modemDelta |= 4;
    }
  }

  private int modemStatus() {
    if ((mcr & MCR_LOOP) == 0) {
      return MSR_CONNECTED;
    }
    return ((mcr & MCR_RTS) != 0 ? MSR_CTS : 0)
        | ((mcr & MCR_DTR) != 0 ? MSR_DSR : 0)
        | ((mcr & MCR_OUT1) != 0 ? MSR_RI : 0)
        | ((mcr & MCR_OUT2) != 0 ? MSR_DCD : 0);
  }

  // ---- receiver

  @Override
  public void input(Input input) {
    if (input instanceof Input.SerialByte b && (mcr & MCR_LOOP) == 0) {
      receive(b.value());
      update();
    }
  }

  private void receive(int value) {
    int room = (fcr & FCR_ENABLE) != 0 ? ReceiverFifo.DEPTH : 1;
    if (fifo.size() >= room) {
      overrun = true;
      // the holding register is overwritten; a full FIFO keeps what it has
      if (room == 1) {
        fifo.clear();
        fifo.put(value);
      }
    } else {
      fifo.put(value);
    }
    // a time-out that is announced already ends only when a byte is read
    if (!timedOut) {
      scheduleTimeout();
    }
  }

  /** After four character times without traffic, bytes below the trigger level are announced. */
  private void scheduleTimeout() {
    if ((fcr & FCR_ENABLE) == 0 || fifo.isEmpty()) {
      deadlines.cancel(CHARACTER_TIMEOUT);
      return;
    }
    long cycles = 4L * halfBitsPerCharacter() * 8 * Math.max(divisor, 1);
    long ticks = cycles * clock.ticksPerSecond() / CRYSTAL_HZ;
    deadlines.schedule(CHARACTER_TIMEOUT, clock.now() + Math.max(ticks, 1));
  }

  /** Start bit, data, parity and stop bits as the line control register has them, in half bits. */
  private int halfBitsPerCharacter() {
    int data = 5 + (lcr & LCR_WORD_LENGTH);
    int parity = (lcr & LCR_PARITY) != 0 ? 1 : 0;
    int halfStopBits = (lcr & LCR_STOP) == 0 ? 2 : data == 5 ? 3 : 4;
    return 2 * (1 + data + parity) + halfStopBits;
  }

  @Override
  public void deadline(int kind, long tick) {
    timedOut = !fifo.isEmpty();
    update();
  }

  private int trigger() {
    if ((fcr & FCR_ENABLE) == 0) {
      return 1;
    }
    return switch (fcr >>> 6) {
      case 0 -> 1;
      case 1 -> 4;
      case 2 -> 8;
      default -> 14;
    };
  }

  // ---- interrupts

  private int interruptId() {
    if ((ier & IER_LINE) != 0 && overrun) {
      return IIR_LINE;
    }
    if ((ier & IER_RECEIVED) != 0 && fifo.size() >= trigger()) {
      return IIR_RECEIVED;
    }
    if ((ier & IER_RECEIVED) != 0 && timedOut) {
      return IIR_TIMEOUT;
    }
    if ((ier & IER_TRANSMITTER) != 0 && transmitterPending) {
      return IIR_TRANSMITTER;
    }
    if ((ier & IER_MODEM) != 0 && modemDelta != 0) {
      return IIR_MODEM;
    }
    return IIR_NONE;
  }

  private void update() {
    boolean gated = (mcr & MCR_OUT2) != 0 && (mcr & MCR_LOOP) == 0;
    line.set(gated && interruptId() != IIR_NONE);
  }
}
