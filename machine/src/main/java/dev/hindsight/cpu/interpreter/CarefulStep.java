package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.DebugRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.StopBefore;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.InterruptDelivery;
import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Executes one instruction with all that can only be seen between instructions: TF, RF, interrupt
 * shadows and the debug registers (SDM volume 3, chapter "Debug, Branch Profile, TSC…").
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

  /** Executes an instruction (of a repeated one, an iteration) or delivers a fault: a step. */
  void step(Vcpu cpu) {
    if (!cpu.flags().is(Flags.RF) && !cpu.events().movSsShadow()) {
      int hits = DebugBreakpoints.executeHits(cpu.debug(), cpu.linearRip());
      if (hits != 0) {
        cpu.debug().dr6(cpu.debug().dr6() | hits);
        InterruptDelivery.debugTrap(cpu);
        cpu.retire(1);
        return;
      }
    }
    execute(cpu);
  }

  private void execute(Vcpu cpu) {
    boolean singleStep = cpu.flags().is(Flags.TF);
    boolean resume = cpu.flags().is(Flags.RF);
    boolean shadow = cpu.events().interruptShadow();
    boolean movSsShadow = cpu.events().movSsShadow();
    cpu.events().clearShadow();
    recorder.begin(cpu);
    Result result = executeOne(cpu);
    recorder.end(cpu);
    if (result.fault instanceof StopBefore && movSsShadow) {
      cpu.events().shadowAfterMovSs();
    } else if (result.fault instanceof StopBefore && shadow) {
      cpu.events().shadowAfterSti();
    }
    if (result.fault == null) {
      if (resume && result.mnemonic != Mnemonic.IRET) {
        cpu.flags().put(Flags.RF, false);
      }
      boolean inhibited = result.mnemonic != null && NO_SINGLE_STEP.contains(result.mnemonic);
      boolean trap = singleStep && !inhibited && !cpu.events().movSsShadow();
      DebugRegisters debug = cpu.debug();
      debug.pending(debug.pending() | recorder.breakpoints() | (trap ? DR6_SINGLE_STEP : 0));
    }
  }

  private record Result(@Nullable Mnemonic mnemonic, @Nullable RuntimeException fault) {}

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
