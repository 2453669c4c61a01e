package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.InterruptLine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WiredOrTest {
  private final List<Boolean> levels = new ArrayList<>();

  @Test
  void isAssertedWhileAnybodyAssertsIt() {
    WiredOr line = new WiredOr(levels::add, false);
    InterruptLine a = line.source();
    InterruptLine b = line.source();
    a.set(true);
    b.set(true);
    a.set(false);
    b.set(false);
    assertThat(levels).containsExactly(true, true, true, false);
  }

  @Test
  void isLowWhileAssertedWhereTheWireIs() {
    WiredOr line = new WiredOr(levels::add, true);
    InterruptLine a = line.source();
    a.set(true);
    a.set(false);
    assertThat(levels).containsExactly(true, false, true);
  }
}
