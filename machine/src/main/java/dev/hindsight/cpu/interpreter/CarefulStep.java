package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.DebugRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.InterruptDelivery;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Executes one instruction with all that can only be seen between instructions: TF, RF, interrupt
 * shadows, the debug registers (SDM volume 3, chapter "Debug, Branch Profile, TSC…") and stops.
 */
final class CarefulStep {
  private static final int DR6_SINGLE_STEP = 1 << 14;

  /** They clear TF before they are done, and the trap with it. */
  private static final Set<Mnemonic> NO_SINGLE_STEP =
      EnumSet.of(
          Mnemonic.INT,
          Mnemonic.INT1,
          Mnemonic.INT3,
          Mnemonic.INTO,
          Mnemonic.SYSCALL,
          Mnemonic.SYSENTER);

  private final Interpreter interpreter;
  private final AccessRecorder recorder = new AccessRecorder();

  CarefulStep(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  /**
   * Executes an instruction (of a repeated string instruction, an iteration) or delivers a fault.
   *
   * @param first whether the run begins with it: a code stop there has been seen already
   * @return whether a stop was hit
   */
  boolean step(Vcpu cpu, Stops stops, boolean first) {
    long linear = Interpreter.linear(cpu);
    if (!first && stopsAt(cpu, stops, linear)) {
      return true;
    }
    if (!cpu.flags().is(Flags.RF) && !cpu.events().movSsShadow()) {
      int hits = DebugBreakpoints.executeHits(cpu.debug(), linear);
      if (hits != 0) {
        cpu.debug().dr6(cpu.debug().dr6() | hits);
        InterruptDelivery.debugTrap(cpu);
        cpu.retire(1);
        return stops.events().contains(Stops.Event.FAULT);
      }
    }
    return execute(cpu, stops);
  }

  private static boolean stopsAt(Vcpu cpu, Stops stops, long linear) {
    if (stops.code().contains(linear)) {
      return true;
    }
    for (Stops.Range r : stops.ranges()) {
      if (r.access() == Stops.Access.EXECUTE) {
        long at = r.physical() ? physical(cpu, linear) : linear;
        if (at >= r.start() && at < r.start() + r.length()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Physical address of an instruction, or -1 if it cannot be fetched. */
  private static long physical(Vcpu cpu, long linear) {
    try {
      return cpu.memory().lookFetch(linear);
    } catch (GuestFault f) {
      return -1;
    }
  }

  private boolean execute(Vcpu cpu, Stops stops) {
    boolean singleStep = cpu.flags().is(Flags.TF);
    boolean resume = cpu.flags().is(Flags.RF);
    long cr3 = cpu.control().cr3();
    CodeMode mode = cpu.codeMode();
    cpu.events().clearShadow();
    recorder.begin(cpu, stops);
    Result result = executeOne(cpu);
    recorder.end(cpu);
    if (result.fault == null) {
      if (resume && result.mnemonic != Mnemonic.IRET) {
        cpu.flags().put(Flags.RF, false);
      }
      boolean inhibited = result.mnemonic != null && NO_SINGLE_STEP.contains(result.mnemonic);
      boolean trap = singleStep && !inhibited && !cpu.events().movSsShadow();
      DebugRegisters debug = cpu.debug();
      debug.pending(debug.pending() | recorder.breakpoints() | (trap ? DR6_SINGLE_STEP : 0));
    }
    return recorder.stopHit()
        || eventHit(stops, Stops.Event.FAULT, result.fault != null)
        || eventHit(stops, Stops.Event.CR3_WRITE, cpu.control().cr3() != cr3)
        || eventHit(stops, Stops.Event.MODE_CHANGE, cpu.codeMode() != mode)
        || eventHit(stops, Stops.Event.HALT, cpu.activity() == Activity.HALTED);
  }

  private static boolean eventHit(Stops stops, Stops.Event event, boolean happened) {
    return happened && stops.events().contains(event);
  }

  private record Result(@Nullable Mnemonic mnemonic, @Nullable GuestFault fault) {}

  private Result executeOne(Vcpu cpu) {
    Block block;
    try {
      block = interpreter.fetch(cpu);
    } catch (GuestFault f) {
      Interpreter.deliver(cpu, f);
      return new Result(null, f);
    }
    Mnemonic mnemonic = block.operations()[0].mnemonic();
    return new Result(mnemonic, interpreter.execute(cpu, block, 1));
  }
}
