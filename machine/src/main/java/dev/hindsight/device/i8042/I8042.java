package dev.hindsight.device.i8042;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;
import java.util.Arrays;

/**
 * An 8042 programmed as the keyboard controller of a PS/2, with a keyboard and a mouse.
 *
 * <p>Commands are done when they are written, so the input buffer is always empty. After a reset it
 * is as firmware leaves it: self-tests passed, keyboard translated and enabled with its interrupt,
 * mouse port disabled. Its A20 output and the one of system control port A lead to the same gate,
 * which follows whoever was told last.
 *
 * <p>Inputs are {@link Input.Key} and {@link Input.MouseMotion} with this device's name.
 */
public final class I8042 implements Device<I8042.State>, InputReceiver {
  private static final int TRANSFER = 0;

  private static final int STATUS_OUTPUT_FULL = 1;
  private static final int STATUS_SYSTEM = 1 << 2;
  private static final int STATUS_COMMAND = 1 << 3;
  private static final int STATUS_NOT_LOCKED = 1 << 4;
  private static final int STATUS_AUXILIARY = 1 << 5;

  private static final int KEYBOARD_INTERRUPT = 1;
  private static final int AUXILIARY_INTERRUPT = 1 << 1;
  private static final int SYSTEM_FLAG = 1 << 2;
  private static final int KEYBOARD_DISABLED = 1 << 4;
  private static final int AUXILIARY_DISABLED = 1 << 5;
  private static final int TRANSLATE = 1 << 6;

  private static final int NO_COMMAND = 0;
  private static final int READ_RAM = 0x20;
  private static final int WRITE_RAM = 0x60;
  private static final int TEST_PASSWORD = 0xA4;
  private static final int DISABLE_AUXILIARY = 0xA7;
  private static final int ENABLE_AUXILIARY = 0xA8;
  private static final int TEST_AUXILIARY = 0xA9;
  private static final int SELF_TEST = 0xAA;
  private static final int TEST_KEYBOARD = 0xAB;
  private static final int DISABLE_KEYBOARD = 0xAD;
  private static final int ENABLE_KEYBOARD = 0xAE;
  private static final int READ_INPUT_PORT = 0xC0;
  private static final int READ_OUTPUT_PORT = 0xD0;
  private static final int WRITE_OUTPUT_PORT = 0xD1;
  private static final int WRITE_KEYBOARD_OUTPUT = 0xD2;
  private static final int WRITE_AUXILIARY_OUTPUT = 0xD3;
  private static final int WRITE_AUXILIARY = 0xD4;
  private static final int READ_TEST_INPUTS = 0xE0;
  private static final int PULSE = 0xF0;

  private static final int NO_PASSWORD = 0xF1;
  private static final int SELF_TEST_PASSED = 0x55;
  private static final int INTERFACE_WORKS = 0;

  /** Keyboard not locked, board not in the factory. */
  private static final int INPUT_PORT = 0xA0;

  private static final int OUT_NOT_RESET = 1;
  private static final int OUT_A20 = 1 << 1;
  private static final int OUT_KEYBOARD_INTERRUPT = 1 << 4;
  private static final int OUT_AUXILIARY_INTERRUPT = 1 << 5;

  /** Clock and data lines of both interfaces are high when nothing moves. */
  private static final int OUT_WIRES = 0xCC;

  private static final int RAM_BYTES = 32;

  /** Eleven bits at 12.5 kHz. */
  private static final long TRANSFER_MICROSECONDS = 880;

  private final String name;
  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final InterruptLine keyboardInterrupt;
  private final InterruptLine auxiliaryInterrupt;
  private final SystemControl system;
  private final Keyboard keyboard;
  private final Mouse mouse;

  private final byte[] ram = new byte[RAM_BYTES];
  private int output;
  private boolean full;
  private boolean fromAuxiliary;
  private int answer;
  private boolean answerWaits;
  private boolean answerFromAuxiliary;
  private boolean lastWasCommand;
  private int parameterOf;
  private boolean a20;
  private boolean breaking;
  private boolean transferring;

  /**
   * A controller.
   *
   * @param keyboardInterrupt IRQ 1 of a PC
   * @param auxiliaryInterrupt IRQ 12 of a PC
   */
  public I8042(
      String name,
      VirtualClock clock,
      DeadlineQueue deadlines,
      InterruptLine keyboardInterrupt,
      InterruptLine auxiliaryInterrupt,
      SystemControl system) {
    this.name = name;
    this.clock = clock;
    this.deadlines = deadlines;
    this.keyboardInterrupt = keyboardInterrupt;
    this.auxiliaryInterrupt = auxiliaryInterrupt;
    this.system = system;
    keyboard = new Keyboard(clock, deadlines);
    mouse = new Mouse(clock, deadlines);
  }

  /**
   * The whole state.
   *
   * @param ram the controller's memory; byte 0 is the command byte
   * @param output the output buffer, and whether it is full and with a byte of the mouse
   * @param answer an answer of the controller that waits for the output buffer, if one waits
   * @param lastWasCommand whether the last write was to the command register
   * @param parameterOf the command whose parameter comes next, or 0
   * @param breaking whether the prefix of a break code was swallowed by the translation
   * @param transferring whether there is a deadline for the next byte from a device
   */
  public record State(
      byte[] ram,
      int output,
      boolean full,
      boolean fromAuxiliary,
      int answer,
      boolean answerWaits,
      boolean answerFromAuxiliary,
      boolean lastWasCommand,
      int parameterOf,
      boolean a20,
      boolean breaking,
      boolean transferring,
      Keyboard.State keyboard,
      Mouse.State mouse) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  /** The A20 gate is open after a reset, which is the board's doing. */
  @Override
  public void reset() {
    Arrays.fill(ram, (byte) 0);
    ram[0] = KEYBOARD_INTERRUPT | SYSTEM_FLAG | AUXILIARY_DISABLED | TRANSLATE;
    output = 0;
    full = false;
    fromAuxiliary = false;
    answer = 0;
    answerWaits = false;
    answerFromAuxiliary = false;
    lastWasCommand = false;
    parameterOf = NO_COMMAND;
    a20 = true;
    breaking = false;
    transferring = false;
    deadlines.cancel(TRANSFER);
    keyboard.reset();
    mouse.reset();
    drive();
  }

  @Override
  public State save() {
    return new State(
        ram.clone(),
        output,
        full,
        fromAuxiliary,
        answer,
        answerWaits,
        answerFromAuxiliary,
        lastWasCommand,
        parameterOf,
        a20,
        breaking,
        transferring,
        keyboard.save(),
        mouse.save());
  }

  @Override
  public void load(State state) {
    System.arraycopy(state.ram(), 0, ram, 0, ram.length);
    output = state.output();
    full = state.full();
    fromAuxiliary = state.fromAuxiliary();
    answer = state.answer();
    answerWaits = state.answerWaits();
    answerFromAuxiliary = state.answerFromAuxiliary();
    lastWasCommand = state.lastWasCommand();
    parameterOf = state.parameterOf();
    a20 = state.a20();
    breaking = state.breaking();
    transferring = state.transferring();
    keyboard.load(state.keyboard());
    mouse.load(state.mouse());
    drive();
  }

  // ---- registers

  /** The data register, one byte (60h in a PC). */
  public IoRegion data() {
    return new IoRegion() {
      @Override
      public long read(long offset, int bytes) {
        return readData();
      }

      @Override
      public long peek(long offset, int bytes) {
        return output & 0xFF;
      }

      @Override
      public void write(long offset, int bytes, long value) {
        writeData((int) value & 0xFF);
      }
    };
  }

  /** The status register for reads and the command register for writes, one byte (64h in a PC). */
  public IoRegion command() {
    return new IoRegion() {
      @Override
      public long read(long offset, int bytes) {
        return status();
      }

      @Override
      public long peek(long offset, int bytes) {
        return status();
      }

      @Override
      public void write(long offset, int bytes, long value) {
        writeCommand((int) value & 0xFF);
      }
    };
  }

  private int status() {
    return (full ? STATUS_OUTPUT_FULL : 0)
        | (isSet(SYSTEM_FLAG) ? STATUS_SYSTEM : 0)
        | (lastWasCommand ? STATUS_COMMAND : 0)
        | STATUS_NOT_LOCKED
        | (full && fromAuxiliary ? STATUS_AUXILIARY : 0);
  }

  private boolean isSet(int commandByteBit) {
    return (ram[0] & commandByteBit) != 0;
  }

  private void set(int commandByteBit, boolean value) {
    ram[0] = (byte) (value ? ram[0] | commandByteBit : ram[0] & ~commandByteBit);
  }

  private int readData() {
    int value = output & 0xFF;
    full = false;
    // an edge-triggered interrupt controller must see the line fall before it rises again
    drive();
    goOn(clock.now());
    return value;
  }

  private void writeCommand(int value) {
    lastWasCommand = true;
    parameterOf = NO_COMMAND;
    switch (value & 0xF0) {
      case READ_RAM, READ_RAM + 0x10 -> answer(ram[value & RAM_BYTES - 1] & 0xFF);
      case WRITE_RAM, WRITE_RAM + 0x10 -> parameterOf = value;
      case PULSE -> {
        if ((value & OUT_NOT_RESET) == 0) {
          system.reset();
        }
      }
      default -> otherCommand(value);
    }
    goOn(clock.now());
  }

  private void otherCommand(int value) {
    switch (value) {
      case TEST_PASSWORD -> answer(NO_PASSWORD);
      case DISABLE_AUXILIARY, ENABLE_AUXILIARY ->
          set(AUXILIARY_DISABLED, value == DISABLE_AUXILIARY);
      case TEST_AUXILIARY, TEST_KEYBOARD -> answer(INTERFACE_WORKS);
      case SELF_TEST -> {
        set(SYSTEM_FLAG, true);
        answer(SELF_TEST_PASSED);
      }
      case DISABLE_KEYBOARD, ENABLE_KEYBOARD -> set(KEYBOARD_DISABLED, value == DISABLE_KEYBOARD);
      case READ_INPUT_PORT -> answer(INPUT_PORT);
      case READ_OUTPUT_PORT -> answer(outputPort());
      case WRITE_OUTPUT_PORT, WRITE_KEYBOARD_OUTPUT, WRITE_AUXILIARY_OUTPUT, WRITE_AUXILIARY ->
          parameterOf = value;
      case READ_TEST_INPUTS -> answer(0);
      default -> {
        // no such command
      }
    }
  }

  private void writeData(int value) {
    lastWasCommand = false;
    int command = parameterOf;
    parameterOf = NO_COMMAND;
    switch (command) {
      case NO_COMMAND -> {
        // a byte for a device opens its interface
        set(KEYBOARD_DISABLED, false);
        keyboard.receive(value);
      }
      case WRITE_AUXILIARY -> {
        set(AUXILIARY_DISABLED, false);
        mouse.receive(value);
      }
      case WRITE_OUTPUT_PORT -> writeOutputPort(value);
      case WRITE_KEYBOARD_OUTPUT -> answer(value);
      case WRITE_AUXILIARY_OUTPUT -> answer(value, true);
      default -> ram[command & RAM_BYTES - 1] = (byte) value;
    }
    drive();
    goOn(clock.now());
  }

  private int outputPort() {
    return OUT_WIRES
        | OUT_NOT_RESET
        | (a20 ? OUT_A20 : 0)
        | (isKeyboardInterrupt() ? OUT_KEYBOARD_INTERRUPT : 0)
        | (isAuxiliaryInterrupt() ? OUT_AUXILIARY_INTERRUPT : 0);
  }

  private void writeOutputPort(int value) {
    a20 = (value & OUT_A20) != 0;
    system.a20(a20);
    if ((value & OUT_NOT_RESET) == 0) {
      system.reset();
    }
  }

  // ---- the output buffer

  private void answer(int value) {
    answer(value, false);
  }

  /** The controller has a byte for the host, in place of one that still waits. */
  private void answer(int value, boolean asAuxiliary) {
    answer = value;
    answerWaits = true;
    answerFromAuxiliary = asAuxiliary;
  }

  private boolean keyboardSends() {
    return !isSet(KEYBOARD_DISABLED) && keyboard.hasByte();
  }

  private boolean mouseSends() {
    return !isSet(AUXILIARY_DISABLED) && mouse.hasByte();
  }

  /** Fills the output buffer with an answer, or sees to it that a device's byte is on its way. */
  private void goOn(long tick) {
    if (answerWaits && !full) {
      answerWaits = false;
      fill(answer & 0xFF, answerFromAuxiliary);
    }
    boolean wanted = !full && (keyboardSends() || mouseSends());
    if (wanted && !transferring) {
      long ticks = TRANSFER_MICROSECONDS * clock.ticksPerSecond() / 1_000_000;
      deadlines.schedule(TRANSFER, tick + Math.max(ticks, 1));
    } else if (!wanted && transferring) {
      deadlines.cancel(TRANSFER);
    }
    transferring = wanted;
  }

  private void fill(int value, boolean asAuxiliary) {
    output = value;
    full = true;
    fromAuxiliary = asAuxiliary;
    drive();
  }

  private void transfer() {
    if (keyboardSends()) {
      transferFromKeyboard();
    } else if (mouseSends()) {
      fill(mouse.take(), true);
    }
  }

  /** Translated, the prefix of a break code becomes bit 7 of the byte that follows. */
  private void transferFromKeyboard() {
    int value = keyboard.take();
    if (!isSet(TRANSLATE)) {
      fill(value, false);
    } else if (value == ScanCodes.BREAK) {
      breaking = true;
    } else {
      fill(ScanCodes.translate(value) | (breaking ? 0x80 : 0), false);
      breaking = false;
    }
  }

  // ---- what comes from outside, and time

  @Override
  public void input(Input input) {
    switch (input) {
      case Input.Key key -> keyboard.key(key.code(), key.pressed());
      case Input.MouseMotion motion -> mouse.move(motion);
      default -> {
        return;
      }
    }
    goOn(clock.now());
  }

  @Override
  public void deadline(int kind, long tick) {
    switch (kind) {
      case TRANSFER -> {
        transferring = false;
        if (!full) {
          transfer();
        }
      }
      case Keyboard.TEST_DONE, Keyboard.REPEAT -> keyboard.deadline(kind, tick);
      default -> mouse.deadline(kind, tick);
    }
    goOn(tick);
  }

  // ---- interrupts

  private boolean isKeyboardInterrupt() {
    return full && !fromAuxiliary && isSet(KEYBOARD_INTERRUPT);
  }

  private boolean isAuxiliaryInterrupt() {
    return full && fromAuxiliary && isSet(AUXILIARY_INTERRUPT);
  }

  private void drive() {
    keyboardInterrupt.set(isKeyboardInterrupt());
    auxiliaryInterrupt.set(isAuxiliaryInterrupt());
  }
}
