package dev.hindsight.bench.interpreter;

import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.cpu.interpreter.fast.FastOperations;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Operand;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a guest executes, found by running it one step at a time. */
final class Profile {
  private static final class Place {
    final Instruction instruction;
    final @Nullable Operation fast;
    final long page;
    long steps;
    boolean startsBlock;

    Place(Instruction instruction, @Nullable Operation fast, long page) {
      this.instruction = instruction;
      this.fast = fast;
      this.page = page;
    }

    boolean isGeneric() {
      return fast == null;
    }

    /** The class of operation: a class of its own, or the generic one with a semantic. */
    String operationClass() {
      return fast == null ? "generic " + instruction.mnemonic() : fast.getClass().getSimpleName();
    }

    /** Mnemonic and kinds of operands. */
    String form() {
      return instruction.mnemonic()
          + instruction.operands().stream()
              .map(Place::kind)
              .collect(Collectors.joining(",", " ", ""));
    }

    private static String kind(Operand o) {
      return o.getClass().getSimpleName().replace("Operand", "").toLowerCase(java.util.Locale.ROOT)
          + o.bits();
    }
  }

  private final Map<Long, Place> places = new HashMap<>();
  private final Decoder decoder = new Decoder(GuestMachine.MODEL.features());
  private long steps;

  /** Profiles a program. */
  static Profile of(GuestProgram program) {
    Profile profile = new Profile();
    profile.run(new GuestMachine(program));
    return profile;
  }

  private void run(GuestMachine machine) {
    Vcpu cpu = machine.cpu();
    Interpreter interpreter =
        new Interpreter(machine.memory(), decoder, InstructionSet.semantics());
    Place previous = null;
    do {
      // all of the program is mapped one to one, so RIP is the physical address too
      Place place = places.get(cpu.rip());
      if (place == null) {
        place = decode(machine, cpu);
        places.put(cpu.rip(), place);
      }
      if (previous == null
          || previous.instruction.row().endsBlock()
          || previous.page != place.page) {
        place.startsBlock = true;
      }
      place.steps++;
      steps++;
      previous = place;
    } while (interpreter.run(cpu, 1, Stops.NONE) == RunExit.BUDGET);
  }

  private Place decode(GuestMachine machine, Vcpu cpu) {
    long rip = cpu.rip();
    var decoded =
        decoder.decode(cpu.codeMode(), at -> (int) machine.memory().peek(rip + at, 1) & 0xFF);
    if (!(decoded instanceof Instruction in)) {
      throw new IllegalStateException("no instruction at " + Long.toHexString(rip));
    }
    return new Place(in, FastOperations.of(cpu, in, in.length()), rip >>> 12);
  }

  private Map<String, Long> count(Function<Place, String> key, boolean genericOnly) {
    return places.values().stream()
        .filter(p -> p.isGeneric() || !genericOnly)
        .collect(Collectors.groupingBy(key, Collectors.summingLong(p -> p.steps)));
  }

  private long blocks() {
    return places.values().stream().filter(p -> p.startsBlock).count();
  }

  /** Prints it. */
  void print(int rows) {
    Map<String, Long> classes = count(Place::operationClass, false);
    Map<String, Long> generic = count(Place::form, true);
    long genericSteps = generic.values().stream().mapToLong(Long::longValue).sum();
    long entered =
        places.values().stream().filter(p -> p.startsBlock).mapToLong(p -> p.steps).sum();
    System.out.printf(
        "%,d steps, %,d instructions, %,d blocks of %.1f steps, %d forms, %d operation classes%n",
        steps,
        places.size(),
        blocks(),
        (double) steps / entered,
        count(Place::form, false).size(),
        classes.size());
    System.out.printf(
        "by a generic operation: %.2f %% of the steps%n", 100.0 * genericSteps / steps);
    System.out.println("most frequent operation classes:");
    top(classes, rows);
    System.out.println("most frequent forms without an operation of their own:");
    top(generic, rows);
  }

  private void top(Map<String, Long> counts, int rows) {
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(rows)
        .forEach(
            e -> System.out.printf("  %6.3f %%  %s%n", 100.0 * e.getValue() / steps, e.getKey()));
  }
}
