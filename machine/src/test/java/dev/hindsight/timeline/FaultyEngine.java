package dev.hindsight.timeline;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import java.util.List;
import java.util.function.Consumer;

/** The interpreter, but for what it does wrong after some steps. */
final class FaultyEngine implements Engine {
  private final Engine right;
  private final List<Fault> faults;
  private long last;
  private long straightSince;

  private FaultyEngine(Engine right, List<Fault> faults) {
    this.right = right;
    this.faults = faults;
  }

  /**
   * Something wrong.
   *
   * @param vcpu number of the vCPU
   * @param step it is done in this step of that vCPU, counted from 1
   * @param straight only if the engine has come from so many steps of that vCPU before that without
   *     going anywhere else in between
   * @param effect what is done
   */
  record Fault(int vcpu, long step, long straight, Consumer<Vcpu> effect) {
    Fault(int vcpu, long step, Consumer<Vcpu> effect) {
      this(vcpu, step, 0, effect);
    }
  }

  /** Makes such engines. */
  static EngineFactory factory(Fault... faults) {
    return (memory, model) ->
        new FaultyEngine(new InterpreterFactory().create(memory, model), List.of(faults));
  }

  @Override
  public RunExit run(Vcpu cpu, long budget, Stops stops) {
    if (cpu.steps() != last) {
      straightSince = cpu.steps();
    }
    try {
      return run(cpu, budget);
    } finally {
      last = cpu.steps();
    }
  }

  private RunExit run(Vcpu cpu, long budget) {
    long before = cpu.steps();
    for (Fault f : faults) {
      if (f.vcpu == cpu.index() && before < f.step && f.step <= before + budget) {
        RunExit exit = right.run(cpu, f.step - before, Stops.NONE);
        if (cpu.steps() == f.step && f.step - straightSince >= f.straight) {
          f.effect.accept(cpu);
        }
        return exit;
      }
    }
    return right.run(cpu, budget, Stops.NONE);
  }
}
