package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateFormatException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Inputs as docs/formats/recording.md describes them. */
class InputFormatTest {
  private static void check(Input input, String contents) {
    CompactWriter out = new CompactWriter();
    new InputFormat().write(input, out);
    assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo(contents.replace(" ", ""));
    CompactReader in = new CompactReader(out.toBytes());
    assertThat(new InputFormat().read(in)).isEqualTo(input);
    in.end();
  }

  @Test
  void everyInputHasItsNumberAndContents() {
    check(new Input.SerialByte("ab", 'x'), "01 02 6162 78");
    check(new Input.ClockAdvance(257), "02 8102");
    check(new Input.Reset(), "03");
    check(new Input.PowerOff(), "04");
    check(new Input.Key("k", 0xE014, true), "05 01 6b a98007");
    check(new Input.Key("k", 0xE11477, false), "05 01 6b eed1880e");
    check(new Input.MouseMotion("m", 1, -2, 3, 4), "06 01 6d 02 03 06 04");
    check(new Input.PowerButton(), "07");
  }

  @Test
  void aDeviceIsNamedOnce() {
    InputFormat format = new InputFormat();
    CompactWriter out = new CompactWriter();
    format.write(new Input.SerialByte("a", 1), out);
    format.write(new Input.SerialByte("b", 2), out);
    format.write(new Input.SerialByte("a", 3), out);
    assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo("010161011101620201" + "03");
  }

  /** Names end up in sentences, on somebody's terminal. */
  @Test
  void aNameHasNoControlCharacters() {
    for (String name : List.of("a\nb", "\033[2J", "\u009b")) {
      CompactWriter out = new CompactWriter();
      new InputFormat().write(new Input.SerialByte(name, 1), out);
      assertThatThrownBy(() -> new InputFormat().read(new CompactReader(out.toBytes())))
          .isInstanceOf(StateFormatException.class);
    }
  }
}
