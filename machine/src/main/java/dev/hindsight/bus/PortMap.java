package dev.hindsight.bus;

import org.jspecify.annotations.Nullable;

/**
 * The port address space of a machine.
 *
 * <p>An access that is wider than what a device takes, or that is not naturally aligned, comes to
 * the devices as several, from the lowest port up. An access that runs past port 0xFFFF goes on at
 * port 0.
 */
public final class PortMap implements PortBus {
  private static final int PORTS = 0x1_0000;

  private final AddressRanges ranges = new AddressRanges();

  /** A port space in which there is nothing. */
  public PortMap() {}

  /**
   * Maps ports, in place of what was there.
   *
   * @param port first port
   * @param count number of ports
   * @param widest the widest access that the device takes: 1, 2 or 4 bytes
   */
  public void map(int port, int count, int widest, IoRegion region) {
    if (port < 0 || count < 1 || port + count > PORTS) {
      throw new IllegalArgumentException("no such ports");
    }
    MapTarget target = new MapTarget.Registers(region, 0, widest);
    ranges.put(new AddressRanges.Range(port, count, target, target));
  }

  /** Leaves ports to nobody. */
  public void unmap(int port, int count) {
    ranges.put(new AddressRanges.Range(port, count, MapTarget.NOTHING, MapTarget.NOTHING));
  }

  @Override
  public int read(int port, int bytes) {
    return get(port, bytes, false);
  }

  @Override
  public int peek(int port, int bytes) {
    return get(port, bytes, true);
  }

  private int get(int port, int bytes, boolean peek) {
    int value = 0;
    for (int done = 0; done < bytes; ) {
      int at = port + done & PORTS - 1;
      AddressRanges.Range range = ranges.at(at);
      int step = step(range, at, bytes - done);
      long part = -1;
      if (range != null && range.reads() instanceof MapTarget.Registers r) {
        long offset = r.offset() + at - range.start();
        part = peek ? r.region().peek(offset, step) : r.region().read(offset, step);
      }
      value |= (int) (part & -1L >>> 64 - 8 * step) << 8 * done;
      done += step;
    }
    return value;
  }

  @Override
  public void write(int port, int bytes, int value) {
    for (int done = 0; done < bytes; ) {
      int at = port + done & PORTS - 1;
      AddressRanges.Range range = ranges.at(at);
      int step = step(range, at, bytes - done);
      if (range != null && range.writes() instanceof MapTarget.Registers r) {
        long part = value >>> 8 * done & -1L >>> 64 - 8 * step;
        r.region().write(r.offset() + at - range.start(), step, part);
      }
      done += step;
    }
  }

  /** Bytes of the next access to a device. */
  private static int step(AddressRanges.@Nullable Range range, int port, int rest) {
    if (range == null || !(range.reads() instanceof MapTarget.Registers r)) {
      return 1;
    }
    int step = Math.min(r.widest(), Integer.highestOneBit(rest));
    while ((port & step - 1) != 0 || port + step > range.end()) {
      step >>= 1;
    }
    return step;
  }
}
