package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.memory.GuestRam;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where checkpoints are and where they are missing, against a walk over all of them. */
class CheckpointsTest {
  private static final int INTERVAL = 10;
  private static final int LAST = 400;

  private final MachineDescription description = describe();
  private final TreeMap<Long, Checkpoint> model = new TreeMap<>();
  private int budget = Integer.MAX_VALUE;

  private static MachineDescription describe() {
    try (Machine machine =
        BuiltinMachine.builder(new BuiltinGuest(1), CpuModels.V2, 1)
            .engine(new InterpreterFactory())
            .build()) {
      return machine.description();
    }
  }

  private Checkpoint checkpoint(GuestRam ram, long steps) {
    return new Checkpoint(
        new Moment(steps, 3 * steps, true),
        new MachineState(description, List.of(), ram.snapshot(), List.of()),
        new ReplayWorld.Position(0, 0, 0));
  }

  /** The first number of steps behind which no other checkpoint follows within an interval. */
  private long expectedGap(long steps) {
    long last = model.floorKey(steps);
    for (long next : model.tailMap(last, false).keySet()) {
      if (next - last > INTERVAL) {
        break;
      }
      last = next;
    }
    return last + INTERVAL;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void gapsAndPredecessorsAreThoseOfAWalk(long seed) {
    Random random = new Random(seed);
    try (GuestRam ram = new GuestRam(GuestRam.PAGE_BYTES);
        Checkpoints all = new Checkpoints(0, INTERVAL, 50, () -> budget == 0 ? 1 : 0)) {
      all.add(checkpoint(ram, 0));
      model.put(0L, all.first());
      for (int i = 0; i < 300; i++) {
        long steps = random.nextInt(LAST);
        all.add(checkpoint(ram, steps));
        model.clear();
        for (Checkpoint c : all.between(Moment.POWER_ON, new Moment(Long.MAX_VALUE, 0, true))) {
          model.put(c.steps(), c);
        }
        assertThat(model).containsKey(steps);
        assertThat(all.size()).isEqualTo(model.size());
        for (long at = 0; at < LAST; at += 7) {
          long there = at;
          assertThat(all.gapAfter(at)).isEqualTo(expectedGap(at));
          assertThat(all.last(m -> m.steps() < there).steps())
              .isEqualTo(there == 0 ? 0L : model.lowerKey(there));
          Moment moment = new Moment(at, 3 * at, true);
          assertThat(all.atOrBefore(moment))
              .containsExactlyElementsOf(model.headMap(at, true).descendingMap().values());
          assertThat(all.between(moment, new Moment(at + 60, 3 * at + 180, true)))
              .containsExactlyElementsOf(model.subMap(at, true, at + 60, true).values());
        }
      }
    }
  }
}
