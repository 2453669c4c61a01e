package dev.hindsight.bus.pci;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration space of a function with a header of type 0 (PCI 3.0, chapter 6).
 *
 * <p>Each bit is either read-only or is what was written last. The function puts its registers,
 * base address registers and capabilities in while it is made; from then on only their values
 * change, and these are the state.
 *
 * <p>The function never signals errors, so the bits of the status register that are cleared by
 * writing ones are always 0.
 */
public final class ConfigurationSpace implements IoRegion {
  /** Bytes of configuration space. */
  public static final int LENGTH = 256;

  /** Capability ID of MSI. */
  public static final int CAPABILITY_MSI = 0x05;

  /** Capability ID of what a vendor defines. */
  public static final int CAPABILITY_VENDOR = 0x09;

  /** Capability ID of MSI-X. */
  public static final int CAPABILITY_MSI_X = 0x11;

  /** Offset of the first register that the header does not define. */
  public static final int DEVICE_SPECIFIC = 0x40;

  private static final int COMMAND = 0x04;
  private static final int STATUS = 0x06;
  private static final int CACHE_LINE_SIZE = 0x0C;
  private static final int LATENCY_TIMER = 0x0D;
  private static final int HEADER_TYPE = 0x0E;
  private static final int END_OF_BARS = 0x28;
  private static final int CAPABILITIES = 0x34;
  private static final int INTERRUPT_LINE = 0x3C;
  private static final int INTERRUPT_PIN = 0x3D;

  private static final int COMMAND_IO = 1;
  private static final int COMMAND_MEMORY = 1 << 1;
  private static final int COMMAND_BUS_MASTER = 1 << 2;
  private static final int COMMAND_PARITY = 1 << 6;
  private static final int COMMAND_SERR = 1 << 8;
  private static final int COMMAND_INTERRUPT_DISABLE = 1 << 10;

  private static final int STATUS_INTERRUPT = 1 << 3;
  private static final int STATUS_CAPABILITIES = 1 << 4;

  private static final int MULTI_FUNCTION = 0x80;
  private static final long LAST_PORT = 0xFFFF;
  private static final long LAST_OF_4_GIB = 0xFFFF_FFFFL;

  private final InterruptLine pin;
  private final byte[] initial = new byte[LENGTH];
  private final byte[] writable = new byte[LENGTH];
  private final byte[] registers = new byte[LENGTH];
  private final List<BaseAddressRegister> bars = new ArrayList<>();
  private final List<MessageCapability> messages = new ArrayList<>();
  private Runnable moved = () -> {};
  private Runnable written = () -> {};
  private int lastCapability;
  private int free = DEVICE_SPECIFIC;

  /**
   * A configuration space without base address registers and capabilities.
   *
   * @param pin what the function's interrupt pin is wired to; high is asserted (the wire is low)
   */
  public ConfigurationSpace(PciIdentity identity, InterruptLine pin) {
    this.pin = pin;
    define(0x00, 2, identity.vendor(), 0);
    define(0x02, 2, identity.device(), 0);
    define(COMMAND, 2, 0, COMMAND_BUS_MASTER | COMMAND_PARITY | COMMAND_SERR);
    define(0x08, 4, (long) identity.classCode() << 8 | identity.revision() & 0xFF, 0);
    define(CACHE_LINE_SIZE, 1, 0, 0xFF);
    define(LATENCY_TIMER, 1, 0, 0xFF);
    define(0x2C, 2, identity.subsystemVendor(), 0);
    define(0x2E, 2, identity.subsystem(), 0);
    if (identity.interruptPin() != 0) {
      allow(COMMAND, 2, COMMAND_INTERRUPT_DISABLE);
      define(INTERRUPT_LINE, 1, 0, 0xFF);
      define(INTERRUPT_PIN, 1, identity.interruptPin(), 0);
    }
  }

  /**
   * All registers.
   *
   * @param registers {@value #LENGTH} bytes
   */
  public record State(byte[] registers) {}

  // ---- made by the function

  /**
   * Says what a register is.
   *
   * @param offset its offset
   * @param bytes 1 to 8
   * @param value after reset
   * @param mask bits that can be written
   */
  public void define(int offset, int bytes, long value, long mask) {
    LittleEndian.put(initial, offset, bytes, value);
    LittleEndian.put(registers, offset, bytes, value);
    LittleEndian.put(writable, offset, bytes, mask);
  }

  private void allow(int offset, int bytes, long mask) {
    LittleEndian.put(writable, offset, bytes, LittleEndian.get(writable, offset, bytes) | mask);
  }

  /** Adds a base address register; in the order of their indices. */
  public void addBar(BaseAddressRegister bar) {
    bars.add(bar);
    boolean io = bar.kind() == BaseAddressRegister.Kind.IO;
    define(bar.offset(), bar.bytes(), bar.kind().typeBits(), -bar.size());
    allow(COMMAND, 2, io ? COMMAND_IO : COMMAND_MEMORY);
  }

  /**
   * Adds a capability at the end of the list (PCI 3.0, 6.7). Its registers are read-only and 0 but
   * for the header, until they are {@linkplain #define defined}.
   *
   * @param id capability ID
   * @param bytes its length, header included
   * @return its offset, a multiple of 4
   * @throws IllegalStateException if there is no room
   */
  public int addCapability(int id, int bytes) {
    int offset = free;
    free += bytes + 3 & ~3;
    if (free > LENGTH) {
      throw new IllegalStateException("configuration space is full");
    }
    define(offset, 2, id, 0);
    define(lastCapability == 0 ? CAPABILITIES : lastCapability + 1, 1, offset, 0);
    define(STATUS, 2, STATUS_CAPABILITIES, 0);
    lastCapability = offset;
    return offset;
  }

  void addMessages(MessageCapability capability) {
    messages.add(capability);
  }

  /** Says that the device has other functions beside this one. */
  public void multiFunction() {
    define(HEADER_TYPE, 1, MULTI_FUNCTION, 0);
  }

  /** Sets what is called when {@link #windows} has changed. */
  public void whenMoved(Runnable listener) {
    moved = listener;
  }

  /** Sets what the function does after a write to its configuration space. */
  public void whenWritten(Runnable action) {
    written = action;
  }

  // ---- state

  /** As at power-on. */
  public void reset() {
    System.arraycopy(initial, 0, registers, 0, LENGTH);
    update();
    moved.run();
  }

  /** The state. */
  public State save() {
    return new State(registers.clone());
  }

  /** Becomes what {@link #save} had returned. */
  public void load(State state) {
    System.arraycopy(state.registers(), 0, registers, 0, LENGTH);
    update();
    moved.run();
  }

  // ---- registers

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return LittleEndian.get(registers, offset, bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    boolean decoding = offset < END_OF_BARS;
    List<BarWindow> before = decoding ? windows() : List.of();
    LittleEndian.put(registers, writable, offset, bytes, value);
    update();
    for (MessageCapability m : messages) {
      m.written();
    }
    written.run();
    if (decoding && !windows().equals(before)) {
      moved.run();
    }
  }

  /** Changes a register from within, read-only bits included. */
  public void set(int offset, int bytes, long value) {
    LittleEndian.put(registers, offset, bytes, value);
  }

  // ---- what the registers mean

  private boolean command(int bit) {
    return (peek(COMMAND, 2) & bit) != 0;
  }

  /** Whether the function may read and write memory by itself, and send messages. */
  public boolean isBusMaster() {
    return command(COMMAND_BUS_MASTER);
  }

  /**
   * The addresses that are decoded now. An address of 0 means that nobody has assigned one; a range
   * that does not fit below the end of its address space is not decoded either.
   */
  public List<BarWindow> windows() {
    List<BarWindow> windows = new ArrayList<>();
    for (BaseAddressRegister bar : bars) {
      boolean io = bar.kind() == BaseAddressRegister.Kind.IO;
      long address = peek(bar.offset(), bar.bytes()) & -bar.size();
      if (command(io ? COMMAND_IO : COMMAND_MEMORY) && isAddress(bar, address)) {
        windows.add(new BarWindow(bar, address));
      }
    }
    return windows;
  }

  private static boolean isAddress(BaseAddressRegister bar, long address) {
    long last = address + bar.size() - 1;
    return address > 0
        && switch (bar.kind()) {
          case IO -> last <= LAST_PORT;
          // all ones is how its size is asked for
          case MEMORY_32 -> last < LAST_OF_4_GIB;
          case MEMORY_64 -> last > 0;
        };
  }

  /** The function has an interrupt to signal at its pin, or none any more. */
  public void interrupt(boolean asserted) {
    long status = peek(STATUS, 2);
    set(STATUS, 2, asserted ? status | STATUS_INTERRUPT : status & ~STATUS_INTERRUPT);
    update();
  }

  private void update() {
    boolean asserted =
        (peek(STATUS, 2) & STATUS_INTERRUPT) != 0 && !command(COMMAND_INTERRUPT_DISABLE);
    for (MessageCapability m : messages) {
      asserted &= !m.enabled();
    }
    pin.set(asserted);
  }
}
