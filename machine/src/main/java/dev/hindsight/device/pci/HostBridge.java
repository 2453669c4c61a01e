package dev.hindsight.device.pci;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A host bridge as in the 440FX, with bus 0 behind it: configuration mechanism 1 (PCI 3.0,
 * 3.2.2.3.2) in two ranges of ports, {@link #address()} and {@link #data()}. It is itself function
 * 0 of device 0.
 *
 * <p>The address register takes doublewords only. Functions that do not exist, and all buses but
 * the first, read as all ones. The registers with which software would move RAM, ROM and SMRAM
 * about (PAM, SMRAM) keep what is written and do nothing.
 */
public final class HostBridge implements Device<HostBridge.State>, PciFunction {
  /** Ports of the address register, CF8h in a PC. */
  public static final int ADDRESS_LENGTH = 4;

  /** Ports of the data register, CFCh in a PC. */
  public static final int DATA_LENGTH = 4;

  /** Devices on a bus. */
  public static final int DEVICES = 32;

  /** Functions in a device. */
  public static final int FUNCTIONS = 8;

  private static final int ENABLE = 1 << 31;
  private static final int ADDRESS_BITS = 0x80FF_FFFC;
  private static final int SMRAM = 0x72;

  private static final PciIdentity IDENTITY = new PciIdentity(0x8086, 0x1237, 0x060000, 2, 0, 0, 0);

  private final String name;
  private final ConfigurationSpace space =
      new ConfigurationSpace(IDENTITY, InterruptLine.UNCONNECTED);
  private final @Nullable PciFunction[] functions = new PciFunction[DEVICES * FUNCTIONS];
  private final AddressRegister addressRegister = new AddressRegister();
  private final DataRegister dataRegister = new DataRegister();
  private int address;

  /** A host bridge, alone on its bus. */
  public HostBridge(String name) {
    this.name = name;
    // memory is always decoded, and it is always a bus master
    space.define(0x04, 2, 0x0006, 0x0100);
    space.define(0x06, 2, 0x0280, 0);
    for (int offset = ConfigurationSpace.DEVICE_SPECIFIC;
        offset < ConfigurationSpace.LENGTH;
        offset++) {
      space.define(offset, 1, offset == SMRAM ? 2 : 0, 0xFF);
    }
    attach(0, 0, this);
  }

  /**
   * The whole state; attached functions save their own.
   *
   * @param address the address register
   */
  public record State(int address, ConfigurationSpace.State space) {}

  /**
   * Puts a function on bus 0. A device that has others beside function 0 says so in its header.
   *
   * @param device 0 to 31
   * @param function 0 to 7
   * @throws IllegalArgumentException if there is one already
   */
  public void attach(int device, int function, PciFunction f) {
    int index = device * FUNCTIONS + function;
    if (functions[index] != null) {
      throw new IllegalArgumentException("there is a function already");
    }
    functions[index] = f;
    for (int n = 1; n < FUNCTIONS; n++) {
      PciFunction first = functions[device * FUNCTIONS];
      if (first != null && functions[device * FUNCTIONS + n] != null) {
        first.configurationSpace().multiFunction();
      }
    }
  }

  /** The address register, {@value #ADDRESS_LENGTH} ports. */
  public IoRegion address() {
    return addressRegister;
  }

  /** The data register, {@value #DATA_LENGTH} ports. */
  public IoRegion data() {
    return dataRegister;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public void reset() {
    address = 0;
    space.reset();
  }

  @Override
  public State save() {
    return new State(address, space.save());
  }

  @Override
  public void load(State state) {
    address = state.address();
    space.load(state.space());
  }

  @Override
  public ConfigurationSpace configurationSpace() {
    return space;
  }

  private @Nullable PciFunction addressed() {
    boolean busZero = (address >>> 16 & 0xFF) == 0;
    return (address & ENABLE) != 0 && busZero ? functions[address >>> 8 & 0xFF] : null;
  }

  private static long ones(int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }

  private final class AddressRegister implements IoRegion {
    @Override
    public long read(long offset, int bytes) {
      return peek(offset, bytes);
    }

    @Override
    public long peek(long offset, int bytes) {
      return isAddress(offset, bytes) ? address & 0xFFFF_FFFFL : ones(bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
      if (isAddress(offset, bytes)) {
        address = (int) value & ADDRESS_BITS;
      }
    }

    private static boolean isAddress(long offset, int bytes) {
      return offset == 0 && bytes == 4;
    }
  }

  /** A window of four bytes into the configuration space of the addressed function. */
  private final class DataRegister implements IoRegion {
    private static boolean fits(long offset, int bytes) {
      return offset + bytes <= DATA_LENGTH;
    }

    private long register(long offset) {
      return (address & 0xFC) + offset;
    }

    @Override
    public long read(long offset, int bytes) {
      PciFunction f = addressed();
      return f != null && fits(offset, bytes)
          ? f.configuration().read(register(offset), bytes)
          : ones(bytes);
    }

    @Override
    public long peek(long offset, int bytes) {
      PciFunction f = addressed();
      return f != null && fits(offset, bytes)
          ? f.configuration().peek(register(offset), bytes)
          : ones(bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
      PciFunction f = addressed();
      if (f != null && fits(offset, bytes)) {
        f.configuration().write(register(offset), bytes, value & ones(bytes));
      }
    }
  }
}
