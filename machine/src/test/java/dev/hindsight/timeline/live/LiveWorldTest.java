package dev.hindsight.timeline.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveWorldTest {
  private static final long SECOND = 1_000_000_000;
  private static final long LINE_BYTE = SECOND / 11_520;

  @Test
  void bytesComeAtTheSpeedOfTheLine() {
    LiveWorld world = new LiveWorld(Pace.NONE, SECOND);
    assertThat(world.nextInput()).isEqualTo(World.NEVER);
    world.type("uart0", "abc".getBytes(StandardCharsets.US_ASCII));
    long now = 5_000_000;
    List<Long> ticks = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (text.length() < 3) {
      if (world.poll(now) instanceof Input.SerialByte(String device, int value)) {
        assertThat(device).isEqualTo("uart0");
        text.append((char) value);
        ticks.add(now);
      } else {
        now = world.idle(now, now + 10 * SECOND);
      }
    }
    assertThat(text.toString()).isEqualTo("abc");
    assertThat(ticks).containsExactly(5_000_000L, 5_000_000 + LINE_BYTE, 5_000_000 + 2 * LINE_BYTE);
    assertThat(world.poll(now + SECOND)).isNull();
  }

  @Test
  void unpacedIdleTimeIsSkipped() {
    LiveWorld world = new LiveWorld(Pace.NONE, SECOND);
    assertThat(world.idle(7, 3_600 * SECOND)).isEqualTo(3_600 * SECOND);
  }

  @Test
  void pacedIdleTimePasses() {
    LiveWorld world = new LiveWorld(Pace.REALTIME, SECOND);
    assertThat(world.poll(0)).isNull();
    long begin = System.nanoTime();
    assertThat(world.idle(0, SECOND / 20)).isEqualTo(SECOND / 20);
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SECOND / 20 - SECOND / 1000);
  }

  @Test
  void inputEndsIdleTime() throws InterruptedException {
    for (Pace pace : Pace.values()) {
      LiveWorld world = new LiveWorld(pace, SECOND);
      Thread person = Thread.ofPlatform().start(() -> world.send(new Input.Reset()));
      long woken = world.idle(100, World.NEVER);
      assertThat(woken).isGreaterThan(100).isLessThan(World.NEVER);
      assertThat(world.poll(woken)).isEqualTo(new Input.Reset());
      person.join();
    }
  }

  @Test
  void interruptedIdleTimeEnds() {
    LiveWorld world = new LiveWorld(Pace.REALTIME, SECOND);
    world.interrupt();
    assertThat(world.idle(100, 3_600 * SECOND)).isGreaterThan(100).isLessThan(60 * SECOND);
  }

  @Test
  void worldThatEndedIsOverWhenAllIsDelivered() {
    LiveWorld world = new LiveWorld(Pace.NONE, SECOND);
    world.type("uart0", new byte[] {1});
    world.end();
    assertThat(world.isOver()).isFalse();
    assertThat(world.poll(0)).isNotNull();
    assertThat(world.isOver()).isTrue();
    assertThat(world.idle(5, World.NEVER)).isEqualTo(6);
  }
}
