package dev.hindsight.device.i8042;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.device.Rig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the PS/2 technical reference says, and what Linux's i8042, atkbd and psmouse rely on. */
class I8042Test {
  private static final long MILLISECOND = 1_000_000;
  private static final int FULL = 1;
  private static final int AUXILIARY = 0x20;
  private static final int A = 0x1C;
  private static final int RIGHT_ARROW = 0xE074;

  private final Rig rig = new Rig();
  private final List<String> edges = new ArrayList<>();
  private final I8042 chip =
      new I8042(
          "dut",
          rig,
          rig.deadlines(),
          level -> line("irq1", level),
          level -> line("irq12", level),
          rig.system());

  I8042Test() {
    chip.reset();
    edges.clear();
  }

  private void line(String name, boolean level) {
    if (level && !rig.level(name)) {
      edges.add(name);
    }
    rig.line(name).set(level);
  }

  private int status() {
    return (int) chip.command().read(0, 1);
  }

  private void command(int value) {
    chip.command().write(0, 1, value);
  }

  private void data(int value) {
    chip.data().write(0, 1, value);
  }

  private void toMouse(int value) {
    command(0xD4);
    data(value);
  }

  /** What comes within a second, a byte of the mouse with 100h added. */
  private List<Integer> received() {
    List<Integer> bytes = new ArrayList<>();
    for (int ms = 0; ms < 1000; ms++) {
      while ((status() & FULL) != 0) {
        int auxiliary = status() & AUXILIARY;
        bytes.add((int) chip.data().read(0, 1) | auxiliary << 3);
      }
      rig.advance(chip, MILLISECOND);
    }
    return bytes;
  }

  /** Bytes from the mouse. */
  private List<Integer> fromMouse() {
    return received().stream().map(b -> b >= 0x100 ? b - 0x100 : -1).toList();
  }

  private List<Integer> keyboardCommand(int... bytes) {
    List<Integer> answers = new ArrayList<>();
    for (int b : bytes) {
      data(b);
      answers.addAll(received());
    }
    return answers;
  }

  private List<Integer> mouseCommand(int... bytes) {
    List<Integer> answers = new ArrayList<>();
    for (int b : bytes) {
      toMouse(b);
      answers.addAll(fromMouse());
    }
    return answers;
  }

  private void key(int code, boolean pressed) {
    chip.input(new Input.Key("dut", code, pressed));
  }

  private void stroke(int code) {
    key(code, true);
    key(code, false);
  }

  private void motion(int dx, int dy, int wheel, int buttons) {
    chip.input(new Input.MouseMotion("dut", dx, dy, wheel, buttons));
  }

  private void untranslated() {
    command(0x60);
    data(0x05);
  }

  // ---- controller

  @Test
  void afterResetNothingWaits() {
    // system flag, keyboard not locked
    assertThat(status()).isEqualTo(0x14);
    command(0x20);
    assertThat(received()).containsExactly(0x65);
  }

  @ParameterizedTest
  @CsvSource({"0xAA, 0x55", "0xAB, 0x00", "0xA9, 0x00", "0xA4, 0xF1", "0xC0, 0xA0", "0xE0, 0x00"})
  void commandsAnswerAtOnce(int command, int answer) {
    command(command);
    assertThat(status()).isEqualTo(0x1D);
    assertThat(chip.data().peek(0, 1)).isEqualTo(answer);
    assertThat(chip.data().read(0, 1)).isEqualTo(answer);
    assertThat(status()).isEqualTo(0x1C);
  }

  @Test
  void commandByteAndMemory() {
    command(0x60);
    data(0x47);
    command(0x20);
    assertThat(received()).containsExactly(0x47);
    command(0x7F);
    data(0x99);
    command(0x3F);
    assertThat(received()).containsExactly(0x99);
    command(0x60);
    data(0);
    assertThat(status() & 4).isZero();
    command(0xAA);
    assertThat(status() & 4).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"0xAD, 0x75", "0xAE, 0x65", "0xA7, 0x65", "0xA8, 0x45"})
  void interfacesAreSwitched(int command, int commandByte) {
    command(command);
    command(0x20);
    assertThat(received()).containsExactly(commandByte);
  }

  /** How Linux finds the mouse port, its interrupt, and that there is no multiplexer. */
  @Test
  void auxiliaryLoopback() {
    for (int value : new int[] {0x5A, 0xF0, 0x56, 0xA4, 0xA5}) {
      command(0xD3);
      data(value);
      assertThat(status() & (FULL | AUXILIARY)).isEqualTo(FULL | AUXILIARY);
      assertThat(chip.data().read(0, 1)).isEqualTo(value);
    }
    assertThat(edges).isEmpty();
    command(0x60);
    data(0x47);
    command(0xD3);
    data(0xA5);
    assertThat(edges).containsExactly("irq12");
    assertThat(rig.level("irq12")).isTrue();
    chip.data().read(0, 1);
    assertThat(rig.level("irq12")).isFalse();
  }

  @Test
  void keyboardLoopbackInterrupts() {
    command(0xD2);
    data(0x12);
    assertThat(edges).containsExactly("irq1");
    assertThat(received()).containsExactly(0x12);
  }

  @Test
  void outputPort() {
    command(0xD0);
    assertThat((int) chip.data().read(0, 1) & 3).isEqualTo(3);
    command(0xD1);
    data(0xDD);
    assertThat(rig.takeEvents()).containsExactly("A20 false");
    command(0xD0);
    assertThat((int) chip.data().read(0, 1) & 3).isEqualTo(1);
    command(0xD1);
    data(0xDF);
    command(0xFF);
    assertThat(rig.takeEvents()).containsExactly("A20 true");
    command(0xD1);
    data(0xDE);
    assertThat(rig.takeEvents()).containsExactly("A20 true", "reset");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xFE, 0xF0, 0xFC})
  void pulseOfBit0Resets(int command) {
    command(command);
    assertThat(rig.takeEvents()).containsExactly("reset");
  }

  @Test
  void anAnswerWaitsForTheOutputBuffer() {
    stroke(A);
    rig.advance(chip, MILLISECOND);
    command(0x20);
    assertThat(chip.data().read(0, 1)).isEqualTo(0x1E);
    assertThat(chip.data().read(0, 1)).isEqualTo(0x65);
    assertThat(edges).containsExactly("irq1", "irq1");
    assertThat(received()).containsExactly(0x9E);
  }

  // ---- keyboard

  @Test
  void aByteTakesElevenBitTimes() {
    key(A, true);
    rig.advance(chip, 879_999);
    assertThat(status() & FULL).isZero();
    rig.advance(chip, 1);
    assertThat(status() & (FULL | AUXILIARY)).isEqualTo(FULL);
    assertThat(edges).containsExactly("irq1");
  }

  @Test
  void translatedKeys() {
    stroke(A);
    stroke(RIGHT_ARROW);
    stroke(0x83);
    assertThat(received()).containsExactly(0x1E, 0x9E, 0xE0, 0x4D, 0xE0, 0xCD, 0x41, 0xC1);
    stroke(0xE11477);
    assertThat(received()).containsExactly(0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5);
  }

  @Test
  void untranslatedKeys() {
    untranslated();
    stroke(A);
    stroke(RIGHT_ARROW);
    assertThat(received()).containsExactly(0x1C, 0xF0, 0x1C, 0xE0, 0x74, 0xE0, 0xF0, 0x74);
    stroke(0xE11477);
    assertThat(received()).containsExactly(0xE1, 0x14, 0x77, 0xE1, 0xF0, 0x14, 0xF0, 0x77);
  }

  @Test
  void scanCodeSet1() {
    untranslated();
    assertThat(keyboardCommand(0xF0, 1)).containsExactly(0xFA, 0xFA);
    assertThat(keyboardCommand(0xF0, 0)).containsExactly(0xFA, 0xFA, 1);
    stroke(A);
    stroke(RIGHT_ARROW);
    stroke(0xE11477);
    assertThat(received())
        .containsExactly(0x1E, 0x9E, 0xE0, 0x4D, 0xE0, 0xCD, 0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5);
    // set 3 is not there
    assertThat(keyboardCommand(0xF0, 3)).containsExactly(0xFA, 0xFE);
  }

  /** The main block in set 2, and what the key is in set 1, from the technical reference. */
  @ParameterizedTest
  @CsvSource({
    "0x76, 0x01", "0x16, 0x02", "0x45, 0x0B", "0x66, 0x0E", "0x0D, 0x0F", "0x15, 0x10",
    "0x5A, 0x1C", "0x14, 0x1D", "0x1A, 0x2C", "0x12, 0x2A", "0x29, 0x39", "0x58, 0x3A",
    "0x05, 0x3B", "0x09, 0x44", "0x77, 0x45", "0x7E, 0x46", "0x6C, 0x47", "0x71, 0x53",
    "0x61, 0x56", "0x78, 0x57", "0x07, 0x58", "0x84, 0x54", "0x51, 0x73", "0x6A, 0x7D"
  })
  void translation(int set2, int set1) {
    stroke(set2);
    assertThat(received()).containsExactly(set1, set1 | 0x80);
  }

  /** All keys have different codes below 80h. */
  @Test
  void translationLosesNoKey() {
    List<Integer> seen = new ArrayList<>();
    for (int code = 1; code < 0x80; code++) {
      seen.add(ScanCodes.translate(code));
    }
    assertThat(seen).doesNotHaveDuplicates().allMatch(c -> c > 0 && c < 0x80);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x80, 0x85, 0xFF, 0xE000, 0xE1FF, 0xE1001C, -1, Integer.MIN_VALUE})
  void whatIsNoKeyIsIgnored(int code) {
    stroke(code);
    assertThat(received()).isEmpty();
  }

  @Test
  void keyboardCommands() {
    untranslated();
    assertThat(keyboardCommand(0xF2)).containsExactly(0xFA, 0xAB, 0x83);
    assertThat(keyboardCommand(0xEE)).containsExactly(0xEE);
    assertThat(keyboardCommand(0xED, 7)).containsExactly(0xFA, 0xFA);
    assertThat(chip.save().keyboard().leds()).isEqualTo(7);
    assertThat(keyboardCommand(0xF3, 0x20)).containsExactly(0xFA, 0xFA);
    assertThat(keyboardCommand(0xF6)).containsExactly(0xFA);
    // a command in place of a parameter
    assertThat(keyboardCommand(0xED, 0xF4)).containsExactly(0xFA, 0xFA);
    assertThat(keyboardCommand(0xE3)).containsExactly(0xFE);
  }

  @Test
  void identificationThroughTheTranslation() {
    assertThat(keyboardCommand(0xF2)).containsExactly(0xFA, 0xAB, 0x41);
  }

  @Test
  void resetAcknowledgesAndTestsItself() {
    data(0xFF);
    rig.advance(chip, MILLISECOND);
    assertThat(chip.data().read(0, 1)).isEqualTo(0xFA);
    rig.advance(chip, 290 * MILLISECOND);
    assertThat(status() & FULL).isZero();
    rig.advance(chip, 10 * MILLISECOND);
    assertThat(chip.data().read(0, 1)).isEqualTo(0xAA);
    assertThat(keyboardCommand(0xFE)).containsExactly(0xAA);
  }

  @Test
  void aDisabledKeyboardIsSilent() {
    assertThat(keyboardCommand(0xF5)).containsExactly(0xFA);
    stroke(A);
    assertThat(received()).isEmpty();
    assertThat(keyboardCommand(0xF4)).containsExactly(0xFA);
    stroke(A);
    assertThat(received()).containsExactly(0x1E, 0x9E);
  }

  @Test
  void aDisabledInterfaceHoldsBytesBack() {
    command(0xAD);
    stroke(A);
    assertThat(received()).isEmpty();
    assertThat(rig.pending().pending()).isEmpty();
    command(0xAE);
    assertThat(received()).containsExactly(0x1E, 0x9E);
    // a byte for the keyboard opens it too
    command(0xAD);
    assertThat(keyboardCommand(0xEE)).containsExactly(0xEE);
  }

  /** Default: after 500 ms, every 91.7 ms. */
  @Test
  void typematic() {
    key(A, true);
    rig.advance(chip, MILLISECOND);
    chip.data().read(0, 1);
    rig.advance(chip, 499 * MILLISECOND);
    assertThat(status() & FULL).isZero();
    assertThat(received()).hasSize(11).containsOnly(0x1E);
    key(A, false);
    assertThat(received()).containsExactly(0x9E);
  }

  @Test
  void typematicRateIsSet() {
    // 1 s, 30 characters a second
    keyboardCommand(0xF3, 0x60);
    key(A, true);
    assertThat(received()).containsExactly(0x1E);
    assertThat(received()).hasSizeBetween(29, 30).containsOnly(0x1E);
    key(0x32, true);
    // the last repetition of the other key is still on the wire
    assertThat(received()).containsExactly(0x1E, 0x30);
    assertThat(received()).hasSizeBetween(29, 30).containsOnly(0x30);
    key(0x32, false);
    received();
    assertThat(received()).isEmpty();
  }

  @Test
  void overrun() {
    untranslated();
    command(0xAD);
    for (int i = 0; i < 20; i++) {
      stroke(A);
    }
    command(0xAE);
    assertThat(received()).hasSize(17).endsWith(0).startsWith(0x1C, 0xF0, 0x1C);
  }

  /** Held without anybody who reads: the buffer fills up, but repeats are no overrun. */
  @Test
  void repeatsDoNotOverrun() {
    key(A, true);
    rig.advance(chip, 10_000 * MILLISECOND);
    key(A, false);
    assertThat(received()).startsWith(0x1E).doesNotContain(0x00);
  }

  // ---- mouse

  @Test
  void mouseReset() {
    assertThat(mouseCommand(0xFF)).containsExactly(0xFA, 0xAA, 0x00);
    assertThat(mouseCommand(0xF2)).containsExactly(0xFA, 0x00);
  }

  @Test
  void mouseInterrupts() {
    command(0x60);
    data(0x47);
    toMouse(0xF4);
    rig.advance(chip, MILLISECOND);
    assertThat(edges).containsExactly("irq12");
  }

  @Test
  void mouseStatus() {
    assertThat(mouseCommand(0xE9)).containsExactly(0xFA, 0x00, 2, 100);
    assertThat(mouseCommand(0xE8, 3, 0xF3, 40, 0xE7, 0xF4))
        .containsExactly(0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA);
    motion(0, 0, 0, 5);
    assertThat(fromMouse()).containsExactly(0x0D, 0, 0);
    assertThat(mouseCommand(0xE9)).containsExactly(0xFA, 0x36, 3, 40);
    assertThat(mouseCommand(0xF6, 0xE9)).containsExactly(0xFA, 0xFA, 0x06, 2, 100);
  }

  @Test
  void badBytesAreAskedForAgainOnce() {
    assertThat(mouseCommand(0x12)).containsExactly(0xFE);
    assertThat(mouseCommand(0x12)).containsExactly(0xFC);
    assertThat(mouseCommand(0xF3, 33, 33)).containsExactly(0xFA, 0xFE, 0xFC);
    assertThat(mouseCommand(0xF3, 33, 80)).containsExactly(0xFA, 0xFE, 0xFA);
  }

  @Test
  void movements() {
    motion(5, 5, 0, 0);
    assertThat(fromMouse()).isEmpty();
    mouseCommand(0xF4);
    motion(5, -3, 0, 0);
    assertThat(fromMouse()).containsExactly(0x28, 5, 0xFD);
    motion(-1, 2, 0, 2);
    assertThat(fromMouse()).containsExactly(0x1A, 0xFF, 2);
    // more than a packet holds, in several
    motion(600, 0, 0, 2);
    assertThat(fromMouse()).containsExactly(0x0A, 255, 0, 0x0A, 255, 0, 0x0A, 90, 0);
  }

  @Test
  void packetsComeAtTheSampleRate() {
    mouseCommand(0xF3, 20, 0xF4);
    motion(1, 0, 0, 0);
    motion(1, 0, 0, 0);
    motion(1, 0, 0, 0);
    for (int i = 0; i < 3; i++) {
      rig.advance(chip, MILLISECOND);
      chip.data().read(0, 1);
    }
    rig.advance(chip, 47 * MILLISECOND);
    assertThat(status() & FULL).isZero();
    assertThat(fromMouse()).containsExactly(0x08, 2, 0);
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void clicksAreNotLost() {
    mouseCommand(0xF4);
    motion(0, 0, 0, 1);
    motion(0, 0, 0, 0);
    motion(0, 0, 0, 1);
    motion(0, 0, 0, 0);
    assertThat(fromMouse()).containsExactly(9, 0, 0, 8, 0, 0, 9, 0, 0, 8, 0, 0);
  }

  @Test
  void knockingGivesAWheel() {
    assertThat(mouseCommand(0xF3, 200, 0xF3, 100, 0xF3, 80)).hasSize(6).containsOnly(0xFA);
    assertThat(mouseCommand(0xF2)).containsExactly(0xFA, 3);
    mouseCommand(0xF3, 100, 0xF4);
    motion(1, 0, -1, 0);
    assertThat(fromMouse()).containsExactly(0x08, 1, 0, 0xFF);
    motion(0, 0, 9, 0);
    assertThat(fromMouse()).containsExactly(0x08, 0, 0, 7, 0x08, 0, 0, 2);
    assertThat(mouseCommand(0xFF, 0xF2)).containsExactly(0xFA, 0xAA, 0, 0xFA, 0);
  }

  /** The knock of the five-button mouse, which is not there. */
  @Test
  void otherKnocksDoNothing() {
    mouseCommand(0xF3, 200, 0xF3, 200, 0xF3, 80);
    assertThat(mouseCommand(0xF2)).containsExactly(0xFA, 0);
  }

  @Test
  void remoteMode() {
    mouseCommand(0xF0, 0xF4);
    motion(4, 4, 0, 1);
    assertThat(fromMouse()).isEmpty();
    assertThat(mouseCommand(0xEB)).containsExactly(0xFA, 9, 4, 4);
    assertThat(mouseCommand(0xEB)).containsExactly(0xFA, 9, 0, 0);
    mouseCommand(0xEA);
    motion(1, 0, 0, 1);
    assertThat(fromMouse()).containsExactly(9, 1, 0);
  }

  @Test
  void wrapMode() {
    assertThat(mouseCommand(0xEE, 0xF4, 0x55, 0xEC, 0xF2))
        .containsExactly(0xFA, 0xF4, 0x55, 0xFA, 0xFA, 0x00);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 3", "4, 6", "5, 9", "6, 12", "100, 200", "200, 255"})
  void scaling2To1(int counts, int reported) {
    mouseCommand(0xE7, 0xF4);
    motion(counts, 0, 0, 0);
    assertThat(fromMouse()).containsExactly(8, reported, 0);
    // what is read on demand is not scaled
    mouseCommand(0xF0);
    motion(counts, 0, 0, 0);
    assertThat(mouseCommand(0xEB)).containsExactly(0xFA, 8, counts, 0);
  }

  @Test
  void aDisabledMouseInterfaceHoldsBytesBack() {
    mouseCommand(0xF4);
    command(0xA7);
    motion(1, 1, 0, 0);
    assertThat(received()).isEmpty();
    command(0xA8);
    assertThat(fromMouse()).startsWith(8, 1, 1);
  }

  @Test
  void inputsOfOtherKindsAreIgnored() {
    chip.input(new Input.SerialByte("dut", 1));
    chip.input(new Input.PowerButton());
    assertThat(received()).isEmpty();
  }
}
