package dev.hindsight.board;

import dev.hindsight.bus.CpuPins;
import dev.hindsight.cpu.Events;
import dev.hindsight.cpu.Vcpu;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings signals to the pins of one vCPU: at once, or at the end of the quantum. */
final class CpuSocket implements CpuPins {
  private final int index;
  private final Turn turn;
  private @Nullable Vcpu vcpu;

  private boolean intrWaits;
  private boolean intr;
  private boolean nmi;
  private boolean init;
  private boolean startupWaits;
  private int startupVector;

  CpuSocket(int index, Turn turn) {
    this.index = index;
    this.turn = turn;
  }

  void insert(Vcpu value) {
    vcpu = value;
  }

  /** What the CPU's time-stamp counter shows at tick 0. */
  long tscOffset() {
    return Objects.requireNonNull(vcpu, "the CPU is not there yet").tscOffset();
  }

  private Events events() {
    return Objects.requireNonNull(vcpu, "chips do nothing before the CPUs are there").events();
  }

  @Override
  public void intr(boolean level) {
    if (turn.reaches(index)) {
      intrWaits = false;
      intr = false;
      events().intr(level);
    } else {
      intrWaits = true;
      intr = level;
    }
  }

  @Override
  public void nmi() {
    if (turn.reaches(index)) {
      events().nmi();
    } else {
      nmi = true;
    }
  }

  @Override
  public void init() {
    if (turn.reaches(index)) {
      events().init();
    } else {
      init = true;
    }
  }

  @Override
  public void startup(int vector) {
    if (turn.reaches(index)) {
      events().startup(vector);
    } else {
      startupWaits = true;
      startupVector = vector;
    }
  }

  /** The quantum has ended. */
  void deliver() {
    if (intrWaits) {
      events().intr(intr);
    }
    if (nmi) {
      events().nmi();
    }
    if (init) {
      events().init();
    }
    if (startupWaits) {
      events().startup(startupVector);
    }
    load(BoardState.Pins.NONE);
  }

  BoardState.Pins save() {
    return new BoardState.Pins(intrWaits, intr, nmi, init, startupWaits, startupVector);
  }

  void load(BoardState.Pins state) {
    intrWaits = state.intrWaits();
    intr = state.intr();
    nmi = state.nmi();
    init = state.init();
    startupWaits = state.startupWaits();
    startupVector = state.startupVector();
  }
}
