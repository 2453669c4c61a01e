package dev.hindsight.board;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** An engine whose instructions do nothing, but for those that a test has put at a tick. */
final class ScriptedEngine implements Engine {
  private final Map<String, Consumer<Vcpu>> script = new HashMap<>();

  /** At a tick, a vCPU does something instead of nothing. */
  ScriptedEngine at(int vcpu, long tick, Consumer<Vcpu> action) {
    script.put(vcpu + "@" + tick, action);
    return this;
  }

  /** From a tick on, a vCPU is halted until its INTR pin is high. */
  ScriptedEngine haltAt(int vcpu, long tick) {
    return at(vcpu, tick, v -> v.activity(Activity.HALTED));
  }

  @Override
  public RunExit run(Vcpu vcpu, long budget, Stops stops) {
    long end = vcpu.tick() + budget;
    while (true) {
      if (vcpu.events().takeAttention()) {
        return RunExit.ATTENTION;
      }
      if (vcpu.tick() >= end) {
        return RunExit.BUDGET;
      }
      if (vcpu.events().takeStartup() && vcpu.activity() == Activity.WAIT_FOR_SIPI) {
        vcpu.activity(Activity.ACTIVE);
      }
      if (vcpu.events().intr() && vcpu.activity() == Activity.HALTED) {
        vcpu.activity(Activity.ACTIVE);
      }
      if (vcpu.activity() != Activity.ACTIVE) {
        return vcpu.activity() == Activity.SHUTDOWN ? RunExit.TRIPLE_FAULT : RunExit.HALTED;
      }
      Consumer<Vcpu> action = script.get(vcpu.index() + "@" + vcpu.tick());
      if (action != null) {
        action.accept(vcpu);
      }
      vcpu.retire(1);
    }
  }
}
