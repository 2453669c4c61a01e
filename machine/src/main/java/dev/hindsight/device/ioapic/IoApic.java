package dev.hindsight.device.ioapic;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An I/O APIC with 24 pins: the 82093AA with the EOI register of its successors in the ICHs
 * (version 20h).
 *
 * <p>A pin that is edge-triggered sends a message each time it becomes active. One that becomes
 * active while it is masked is lost, as the data sheet says: unmasking it brings nothing back. A
 * change of the polarity is not an edge. A pin that is level-triggered sends a message as soon as
 * it is active and not masked, and then waits, with remote IRR set, for the end of the interrupt;
 * if it is still active by then it sends the next.
 *
 * <p>Messages leave at once, so delivery status is always idle; remote IRR is set whether or not a
 * local APIC took the message, since there is no answer to it on a bus of this kind.
 *
 * <p>The index register takes writes of any size, the others only those of 32 bits at the
 * register's own address. Other bytes of the page read as 0.
 */
public final class IoApic implements Device<IoApic.State>, IoRegion {
  /** Bytes of address space. */
  public static final int LENGTH = 4096;

  /** Number of interrupt inputs. */
  public static final int PINS = 24;

  private static final int INDEX = 0x00;
  private static final int WINDOW = 0x10;
  private static final int EOI = 0x40;

  private static final int ID = 0;
  private static final int VERSION = 1;
  private static final int ARBITRATION = 2;
  private static final int TABLE = 0x10;
  private static final int TABLE_END = TABLE + 2 * PINS;

  private static final int VERSION_VALUE = 0x20 | (PINS - 1) << 16;
  private static final int ID_MASK = 0x0F00_0000;

  private final String name;
  private final ApicBus bus;
  private final List<RedirectionEntry> table =
      IntStream.range(0, PINS).mapToObj(n -> new RedirectionEntry()).toList();
  private int index;
  private int id;
  private int lines;

  /**
   * An I/O APIC after power-on: all pins are masked.
   *
   * @param bus what carries its messages to the local APICs
   */
  public IoApic(String name, ApicBus bus) {
    this.name = name;
    this.bus = bus;
  }

  /**
   * The whole state.
   *
   * @param index register that the window shows, 0 to 255
   * @param id ID register
   * @param lines levels of the inputs, a bit for each
   * @param table the entries of the redirection table, from pin 0
   */
  public record State(int index, int id, int lines, long[] table) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  /** The levels of the inputs are what they were. */
  @Override
  public void reset() {
    index = 0;
    id = 0;
    table.forEach(RedirectionEntry::reset);
  }

  @Override
  public State save() {
    long[] entries = new long[PINS];
    for (int n = 0; n < PINS; n++) {
      entries[n] = table.get(n).save();
    }
    return new State(index, id, lines, entries);
  }

  @Override
  public void load(State state) {
    index = state.index();
    id = state.id();
    lines = state.lines();
    for (int n = 0; n < PINS; n++) {
      table.get(n).load(state.table()[n]);
    }
  }

  // ---- pins

  /** An interrupt input, 0 to 23. */
  public InterruptLine input(int pin) {
    RedirectionEntry entry = table.get(pin);
    return level -> line(pin, entry, level);
  }

  private void line(int pin, RedirectionEntry entry, boolean level) {
    boolean was = isActive(pin, entry);
    lines = level ? lines | 1 << pin : lines & ~(1 << pin);
    if (entry.isLevelTriggered()) {
      sendLevel(pin, entry);
    } else if (!was && isActive(pin, entry) && !entry.isMasked()) {
      entry.message().ifPresent(bus::send);
    }
  }

  private boolean isActive(int pin, RedirectionEntry entry) {
    return (lines >>> pin & 1) != 0 != entry.isActiveLow();
  }

  private void sendLevel(int pin, RedirectionEntry entry) {
    if (isActive(pin, entry)
        && entry.isLevelTriggered()
        && !entry.isMasked()
        && !entry.isRemoteIrr()) {
      entry.remoteIrr(true);
      entry.message().ifPresent(bus::send);
    }
  }

  /**
   * A local APIC broadcasts the end of a level-triggered interrupt, or software writes it here.
   *
   * @param vector 0 to 255; it is meant by all pins that have it
   */
  public void endOfInterrupt(int vector) {
    for (int pin = 0; pin < PINS; pin++) {
      RedirectionEntry entry = table.get(pin);
      if (entry.vector() == vector && entry.isRemoteIrr()) {
        entry.remoteIrr(false);
        sendLevel(pin, entry);
      }
    }
  }

  // ---- registers

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    int value =
        switch ((int) offset) {
          case INDEX -> index;
          case WINDOW -> register();
          default -> 0;
        };
    return value & 0xFFFF_FFFFL & -1L >>> 64 - 8 * bytes;
  }

  private int register() {
    if (index >= TABLE && index < TABLE_END) {
      RedirectionEntry entry = table.get(index - TABLE >>> 1);
      return (index & 1) == 0 ? entry.low() : entry.high();
    }
    return switch (index) {
      // the arbitration ID is loaded with the ID whenever that is written
      case ID, ARBITRATION -> id;
      case VERSION -> VERSION_VALUE;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int bytes, long written) {
    int value = (int) written;
    if (offset == INDEX) {
      index = value & 0xFF;
    } else if (bytes == 4 && offset == WINDOW) {
      register(value);
    } else if (bytes == 4 && offset == EOI) {
      endOfInterrupt(value & 0xFF);
    }
  }

  private void register(int value) {
    if (index == ID) {
      id = value & ID_MASK;
    } else if (index >= TABLE && index < TABLE_END) {
      int pin = index - TABLE >>> 1;
      RedirectionEntry entry = table.get(pin);
      if ((index & 1) == 0) {
        entry.low(value);
      } else {
        entry.high(value);
      }
      sendLevel(pin, entry);
    }
  }
}
