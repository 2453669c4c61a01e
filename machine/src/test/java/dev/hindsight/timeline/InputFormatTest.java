package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateReader;
import dev.hindsight.bus.state.StateWriter;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Inputs as docs/formats/recording.md describes them. */
class InputFormatTest {
  private static void check(Input input, String contents) {
    TimedInput timed = new TimedInput(0x1234, input);
    StateWriter out = new StateWriter();
    new InputFormat().write(timed, out);
    assertThat(HexFormat.of().formatHex(out.toBytes()))
        .isEqualTo("3412000000000000" + contents.replace(" ", ""));
    StateReader in = new StateReader(out.toBytes());
    assertThat(new InputFormat().read(in)).isEqualTo(timed);
    in.end();
  }

  @Test
  void everyInputHasItsNumberAndContents() {
    check(new Input.SerialByte("ab", 'x'), "01 02000000 6162 78000000");
    check(new Input.ClockAdvance(257), "02 0101000000000000");
    check(new Input.Reset(), "03");
    check(new Input.PowerOff(), "04");
    check(new Input.Key("k", 0xE014, true), "05 01000000 6b 14e00000 01");
    check(new Input.Key("k", 0xE11477, false), "05 01000000 6b 7714e100 00");
    check(
        new Input.MouseMotion("m", 1, -2, 3, 4),
        "06 01000000 6d 01000000 feffffff 03000000 04000000");
    check(new Input.PowerButton(), "07");
  }
}
