package dev.hindsight.device.pic;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.IoRegion;

/**
 * The interrupt controllers of a PC: a master 8259A and a slave at its input 2.
 *
 * <p>Its output goes to whatever is given as {@code output}: the INTR pin, or LINT0 of the local
 * APIC. Registers come in three ranges: {@link #master()}, {@link #slave()} (two bytes each) and
 * {@link #elcr()} (two bytes, one for each chip).
 */
public final class DualPic implements Device<DualPic.State>, InterruptSource {
  /** The master's input that the slave is at. */
  private static final int CASCADE = 2;

  /** Inputs 0, 1 and 2, and 8 and 13, are always edge-triggered. */
  private static final int MASTER_LEVEL_MASK = 0xF8;

  private static final int SLAVE_LEVEL_MASK = 0xDE;

  private final String name;
  private final InterruptLine output;
  private final Pic8259 master = new Pic8259();
  private final Pic8259 slave = new Pic8259();

  /** The pair, its output driving {@code output}. */
  public DualPic(String name, InterruptLine output) {
    this.name = name;
    this.output = output;
  }

  /** State of both. */
  public record State(Pic8259.State master, Pic8259.State slave) {}

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
    master.reset();
    slave.reset();
    update();
  }

  @Override
  public State save() {
    return new State(master.save(), slave.save());
  }

  @Override
  public void load(State state) {
    master.load(state.master());
    slave.load(state.slave());
    drive();
  }

  /** Input line 0 to 15; 2 leads nowhere, since the slave is there. */
  public InterruptLine input(int n) {
    if (n == CASCADE) {
      return InterruptLine.UNCONNECTED;
    }
    Pic8259 chip = n < 8 ? master : slave;
    int pin = n & 7;
    return level -> {
      chip.line(pin, level);
      update();
    };
  }

  private void update() {
    master.line(CASCADE, slave.pending(0) >= 0);
    drive();
  }

  private void drive() {
    output.set(master.pending(1 << CASCADE) >= 0);
  }

  @Override
  public int acknowledge() {
    int n = master.pending(1 << CASCADE);
    int vector;
    if (n == CASCADE) {
      master.take(n);
      // the slave's output drops when it is acknowledged, so that a further request is an edge
      master.line(CASCADE, false);
      int m = slave.pending(0);
      if (m >= 0) {
        slave.take(m);
      }
      vector = slave.vector(m);
    } else {
      if (n >= 0) {
        master.take(n);
      }
      vector = master.vector(n);
    }
    // the output falls with each acknowledge cycle, so that what is still pending is an edge
    output.set(false);
    update();
    return vector;
  }

  @Override
  public int taskPriority() {
    return 0;
  }

  @Override
  public void taskPriority(int value) {
    // there is no such thing in an 8259
  }

  /** The master's two registers. */
  public IoRegion master() {
    return new Registers(master, 1 << CASCADE);
  }

  /** The slave's two registers. */
  public IoRegion slave() {
    return new Registers(slave, 0);
  }

  /** The edge/level control registers (ports 4D0h and 4D1h in a PC). */
  public IoRegion elcr() {
    return new LevelControl();
  }

  private final class Registers implements IoRegion {
    private final Pic8259 chip;
    private final int slaves;

    Registers(Pic8259 chip, int slaves) {
      this.chip = chip;
      this.slaves = slaves;
    }

    @Override
    public long read(long offset, int bytes) {
      int value = chip.read((int) offset, slaves);
      update();
      return value;
    }

    @Override
    public long peek(long offset, int bytes) {
      return chip.peek((int) offset, slaves);
    }

    @Override
    public void write(long offset, int bytes, long value) {
      chip.write((int) offset, (int) value & 0xFF);
      update();
    }
  }

  private final class LevelControl implements IoRegion {
    @Override
    public long read(long offset, int bytes) {
      return peek(offset, bytes);
    }

    @Override
    public long peek(long offset, int bytes) {
      return ((offset & 1) == 0 ? master : slave).levelTriggered();
    }

    @Override
    public void write(long offset, int bytes, long value) {
      if ((offset & 1) == 0) {
        master.levelTriggered((int) value & MASTER_LEVEL_MASK);
      } else {
        slave.levelTriggered((int) value & SLAVE_LEVEL_MASK);
      }
      update();
    }
  }
}
