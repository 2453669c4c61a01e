package dev.hindsight.cpu.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.interpreter.TortureMachine.Manner;
import dev.hindsight.translator.TestEngines;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines, TLBs, blocks, slices, stops and restores cannot be told from the state that results; nor
 * can they from when performance counters overflow and interrupt.
 */
class NoHiddenStateTest {
  private static final int QUANTUM = 60;
  private static final int QUANTA = 30;
  private static final int PROGRAMS = 30;

  private static final int[] TLBS = {1, 1, 3, 1024};

  /** Stops that have the engine go step by step, and never hit. */
  private static final Stops NEVER =
      new Stops(
          Set.of(0xFFFF_FFFF_0000L),
          Set.of(
              new Stops.Range(true, 1L << 40, 1, Stops.Access.EXECUTE),
              new Stops.Range(false, 1L << 40, 1, Stops.Access.READ)),
          Set.of());

  /** Stops before each instruction that reads data, which then has changed nothing. */
  private static final Stops BEFORE_READS =
      Stops.at(new Stops.Range(false, 0, Long.MAX_VALUE, Stops.Access.BEFORE_READ));

  private static final List<Manner> MANNERS =
      List.of(
          new Manner(Stops.NONE, 1, false),
          new Manner(NEVER, 1000, false),
          new Manner(Stops.NONE, 9, true),
          new Manner(Stops.NONE, 100, false),
          new Manner(NEVER, 20, true),
          new Manner(BEFORE_READS, 1000, false),
          new Manner(BEFORE_READS, 50, true));

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void pagedProgramsThatRewriteThemselves(int vcpus) {
    check(vcpus, HostileGuest::paged);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void realModeProgramsAroundTheA20Gate(int vcpus) {
    check(vcpus, HostileGuest::real);
  }

  private static void check(int vcpus, ObjLongConsumer<TortureMachine> guest) {
    int survivors = 0;
    for (int seed = 0; seed < PROGRAMS; seed++) {
      Random random = new Random(seed);
      long expected;
      try (TortureMachine machine =
          new TortureMachine(vcpus, 1024, TestEngines.INTERPRETER, seed % 2 == 0)) {
        guest.accept(machine, seed);
        machine.run(QUANTUM, QUANTA, new Manner(Stops.NONE, 1000, false), random);
        expected = machine.hash();
        survivors += machine.anyRuns() ? 1 : 0;
      }
      for (int other = 0; other < 4; other++) {
        TestEngines engine = TestEngines.values()[other / 2];
        Manner manner = MANNERS.get((seed + 2 * other) % MANNERS.size());
        int tlb = TLBS[random.nextInt(TLBS.length)];
        try (TortureMachine machine = new TortureMachine(vcpus, tlb, engine, seed % 2 == 0)) {
          guest.accept(machine, seed);
          machine.run(QUANTUM, QUANTA, manner, random);
          assertThat(machine.hash())
              .as("program %d, %s, TLB of %d, %s", seed, engine, tlb, manner)
              .isEqualTo(expected);
        }
      }
    }
    // a program that dies at once proves nothing
    assertThat(survivors).isGreaterThan(PROGRAMS / 4);
  }
}
