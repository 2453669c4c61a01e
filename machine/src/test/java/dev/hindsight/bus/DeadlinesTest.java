package dev.hindsight.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Deadlines.Deadline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private int earlier;
  private final Deadlines deadlines = new Deadlines(() -> earlier++);

  @Test
  void comeByTickThenDeviceThenKind() {
    deadlines.of(2).schedule(0, 50);
    deadlines.of(1).schedule(7, 50);
    deadlines.of(1).schedule(3, 50);
    deadlines.of(9).schedule(0, 49);
    assertThat(deadlines.poll(48)).isNull();
    assertThat(drain(50))
        .containsExactly(
            new Deadline(9, 0, 49),
            new Deadline(1, 3, 50),
            new Deadline(1, 7, 50),
            new Deadline(2, 0, 50));
    assertThat(deadlines.earliest()).isEqualTo(Deadlines.NEVER);
    assertThat(deadlines.poll(Deadlines.NEVER)).isNull();
  }

  @Test
  void tellsWhenTheFirstOneComesEarlier() {
    deadlines.of(0).schedule(0, 100);
    assertThat(earlier).isEqualTo(1);
    deadlines.of(0).schedule(1, 100);
    deadlines.of(0).schedule(0, 120);
    assertThat(earlier).isEqualTo(1);
    deadlines.of(3).schedule(0, 99);
    assertThat(earlier).isEqualTo(2);
  }

  @Test
  void aKindHasOneDeadlineAtATime() {
    Random random = new Random(5);
    List<Deadline> model = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      int device = random.nextInt(5);
      int kind = random.nextInt(3);
      model.removeIf(d -> d.device() == device && d.kind() == kind);
      if (random.nextInt(4) == 0) {
        deadlines.of(device).cancel(kind);
      } else {
        long tick = random.nextInt(1000);
        deadlines.of(device).schedule(kind, tick);
        model.add(new Deadline(device, kind, tick));
      }
      model.sort(
          Comparator.comparingLong(Deadline::tick)
              .thenComparingInt(Deadline::device)
              .thenComparingInt(Deadline::kind));
      assertThat(deadlines.save().pending()).isEqualTo(model);
    }
    Deadlines copy = new Deadlines(() -> {});
    copy.load(deadlines.save());
    assertThat(copy.save()).isEqualTo(deadlines.save());
  }

  private List<Deadline> drain(long now) {
    List<Deadline> all = new ArrayList<>();
    for (Deadline d = deadlines.poll(now); d != null; d = deadlines.poll(now)) {
      all.add(d);
    }
    return all;
  }
}
