package dev.hindsight.bench.interpreter;

import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.translator.HostRefusal;
import dev.hindsight.translator.Translator;
import dev.hindsight.x86.Decoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures the interpreter on realistic code: {@code InterpreterSpeed <64|32>
 * [generic|profile|translated] [rounds]}.
 *
 * <p>It runs the guest with all that a machine needs (flags, paging and TLB, exact ticks) and
 * compares its checksum with that of the same program on the host's processor. {@code generic}
 * leaves the fast operations out; {@code translated} runs it with the binary translator; {@code
 * profile} says what is executed instead of how fast.
 */
public final class InterpreterSpeed {
  private static final long SLICE = 20_000_000;

  private InterpreterSpeed() {}

  /** Runs it; the exit code tells whether the checksums agree. */
  public static void main(String[] args) throws IOException, HostRefusal {
    int bits = Integer.parseInt(args[0]);
    String what = args.length > 1 ? args[1] : "fast";
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : what.equals("profile") ? 1 : 60;
    GuestProgram program = GuestProgram.compile(bits, rounds);
    System.out.println(CpuClock.machine());
    if (what.equals("profile")) {
      Profile.of(program).print(30);
    } else {
      System.exit(measure(program, what) ? 0 : 1);
    }
  }

  private static boolean measure(GuestProgram program, String what)
      throws IOException, HostRefusal {
    GuestMachine machine = new GuestMachine(program);
    Vcpu cpu = machine.cpu();
    Decoder decoder = new Decoder(GuestMachine.MODEL.features());
    SemanticTable semantics = InstructionSet.semantics();
    Engine engine =
        what.equals("translated")
            ? new Translator(machine.memory(), decoder, semantics)
            : new Interpreter(machine.memory(), decoder, semantics, !what.equals("generic"));
    List<Double> speeds = new ArrayList<>();
    long wallStart = System.nanoTime();
    RunExit exit;
    do {
      long steps = cpu.steps();
      long wall = System.nanoTime();
      long time = CpuClock.nanos();
      exit = engine.run(cpu, SLICE, Stops.NONE);
      double count = (cpu.steps() - steps) * 1e3;
      double speed = count / (CpuClock.nanos() - time);
      speeds.add(speed);
      System.out.printf(
          "%6.1f million a second of processor time, %6.1f by the clock%n",
          speed, count / (System.nanoTime() - wall));
    } while (exit == RunExit.BUDGET);
    System.out.printf(
        "%,d steps in %.1f s: %s%n", cpu.steps(), (System.nanoTime() - wallStart) / 1e9, exit);
    summary(speeds);
    if (engine instanceof Translator t) {
      System.out.println(t.counters());
    }
    int expected = program.runOnHost();
    System.out.printf("checksum %x, on the host's processor %x%n", machine.checksum(), expected);
    System.out.println(CpuClock.machine());
    return machine.checksum() == expected;
  }

  /** The last slice is short and the first half warms up. */
  private static void summary(List<Double> speeds) {
    List<Double> warm =
        new ArrayList<>(speeds.subList(speeds.size() / 2, Math.max(speeds.size() - 1, 1)));
    Collections.sort(warm);
    if (!warm.isEmpty()) {
      System.out.printf(
          "after warm-up: median %.1f, least %.1f, most %.1f million steps a second%n",
          warm.get(warm.size() / 2), warm.getFirst(), warm.getLast());
    }
  }
}
