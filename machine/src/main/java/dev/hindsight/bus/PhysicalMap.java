package dev.hindsight.bus;

import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The physical address space of a machine, put together of RAM, ROM and device registers.
 *
 * <p>Each range has one target for reads and one for writes: a ROM reads from memory and writes to
 * nothing, shadow RAM reads from the ROM and writes to the RAM behind it. A page of memory may be
 * seen at one address only, so that a watch on an address hears of every write.
 *
 * <p>The A20 gate is part of the map: while it is closed, address bit 20 reads as 0.
 *
 * <p>The map itself is not saved; the board makes it anew from what its chips say.
 */
public final class PhysicalMap implements PhysicalMemory {
  private static final long A20 = 1L << 20;
  private static final long OFFSET = PAGE_SIZE - 1;

  private final AddressRanges ranges = new AddressRanges();
  private final WatchTable watches = new WatchTable();
  private final WriteGuards guards = new WriteGuards();
  private final List<MemoryListener> listeners = new ArrayList<>();
  private final List<GuestRam> memories = new ArrayList<>();
  private long addressMask = -1;

  /** An address space in which there is nothing. */
  public PhysicalMap() {}

  // ---- what lies where

  /**
   * Maps a range, in place of what was there.
   *
   * @param start physical address of its first byte
   * @param length its length in bytes, at least 1
   * @param reads what answers reads
   * @param writes what takes writes
   */
  public void map(long start, long length, MapTarget reads, MapTarget writes) {
    AddressRanges.Range range = new AddressRanges.Range(start, length, reads, writes);
    checkTarget(range, reads);
    checkTarget(range, writes);
    if (!concernsMemory(range)) {
      // a guest may move registers as often as it likes, and nobody keeps anything of them
      ranges.put(range);
      return;
    }
    for (MemoryListener l : listeners) {
      l.allAccessRevoked();
    }
    ranges.put(range);
    checkAliases();
    observe(reads);
    observe(writes);
  }

  /** Whether memory appears or disappears with a new range. */
  private boolean concernsMemory(AddressRanges.Range range) {
    return isMemory(range)
        || ranges.all().stream()
            .anyMatch(r -> r.start() < range.end() && range.start() < r.end() && isMemory(r));
  }

  private static boolean isMemory(AddressRanges.Range range) {
    return range.reads() instanceof MapTarget.Memory || range.writes() instanceof MapTarget.Memory;
  }

  /** Maps RAM at an address, for reads and writes. */
  public void mapRam(long start, GuestRam ram, long offset, long length) {
    MapTarget target = new MapTarget.Memory(ram, offset);
    map(start, length, target, target);
  }

  /** Maps a ROM at an address: writes vanish. */
  public void mapRom(long start, GuestRam rom, long offset, long length) {
    map(start, length, new MapTarget.Memory(rom, offset), MapTarget.NOTHING);
  }

  /**
   * Maps device registers at an address.
   *
   * @param widest the widest access that the device takes, in bytes
   */
  public void mapRegisters(long start, long length, int widest, IoRegion region) {
    MapTarget target = new MapTarget.Registers(region, 0, widest);
    map(start, length, target, target);
  }

  private void checkTarget(AddressRanges.Range range, MapTarget target) {
    if (target instanceof MapTarget.Registers && ((range.start() | range.length()) & 7) != 0) {
      throw new IllegalArgumentException("registers are mapped in units of 8 bytes");
    }
    if (!(target instanceof MapTarget.Memory memory)) {
      return;
    }
    if (((range.start() | range.length() | memory.offset()) & OFFSET) != 0) {
      throw new IllegalArgumentException("memory is mapped in whole pages");
    }
    if (memory.offset() + range.length() > memory.ram().bytes()) {
      throw new IllegalArgumentException("range is longer than the memory");
    }
  }

  private void checkAliases() {
    for (AddressRanges.Range a : ranges.all()) {
      for (AddressRanges.Range b : ranges.all()) {
        if (a.writes() instanceof MapTarget.Memory m
            && b.writes() instanceof MapTarget.Memory n
            && m.ram() == n.ram()
            && m.offset() - a.start() != n.offset() - b.start()
            && m.offset() < n.offset() + b.length()
            && n.offset() < m.offset() + a.length()) {
          throw new IllegalArgumentException("memory is mapped at two addresses");
        }
      }
    }
  }

  private void observe(MapTarget target) {
    if (target instanceof MapTarget.Memory memory && !memories.contains(memory.ram())) {
      memories.add(memory.ram());
      memory.ram().addObserver(new Observer(memory.ram()));
    }
  }

  /** Whether address bit 20 gets through. */
  public boolean a20() {
    return addressMask == -1;
  }

  /** Opens or closes the A20 gate. */
  public void a20(boolean open) {
    if (open != a20()) {
      for (MemoryListener l : listeners) {
        l.allAccessRevoked();
      }
      addressMask = open ? -1 : ~A20;
    }
  }

  @Override
  public long busAddress(long address) {
    return address & addressMask;
  }

  /**
   * Whether all addresses of a range are of memory that takes writes, whatever the A20 gate does.
   *
   * @param start physical address of the first byte
   * @param length number of bytes, at least 1
   */
  public boolean isRam(long start, long length) {
    if (start < 0 || length < 1 || length > Long.MAX_VALUE - start) {
      return false;
    }
    for (long at = start; at < start + length; ) {
      AddressRanges.Range range = ranges.at(at);
      if (range == null || !(range.writes() instanceof MapTarget.Memory)) {
        return false;
      }
      at = range.end();
    }
    return true;
  }

  // ---- direct access

  @Override
  public long readPage(long page) {
    long address = page << PAGE_SHIFT & addressMask;
    AddressRanges.Range range = ranges.at(address);
    if (range != null && range.reads() instanceof MapTarget.Memory m) {
      return m.ram().readAddress(m.offset() + address - range.start() >>> PAGE_SHIFT);
    }
    return 0;
  }

  @Override
  public long writePage(long page) {
    long address = page << PAGE_SHIFT & addressMask;
    AddressRanges.Range range = ranges.at(address);
    if (range == null
        || !(range.writes() instanceof MapTarget.Memory m)
        || watches.any(address >>> PAGE_SHIFT)) {
      return 0;
    }
    WriteGuard guard = guards.get(address >>> PAGE_SHIFT);
    if (guard != null) {
      if (!guard.isIdle()) {
        return 0;
      }
      guard.bypassed(true);
    }
    return m.ram().writeAddress(m.offset() + address - range.start() >>> PAGE_SHIFT);
  }

  @Override
  public long guardPage(long page) {
    long address = page << PAGE_SHIFT & addressMask;
    AddressRanges.Range range = ranges.at(address);
    WriteGuard guard = guards.get(address >>> PAGE_SHIFT);
    if (range == null
        || guard == null
        || guard.isIdle()
        || !(range.writes() instanceof MapTarget.Memory m)
        || !m.equals(range.reads())
        || watches.any(address >>> PAGE_SHIFT)) {
      return 0;
    }
    long _ = m.ram().writeAddress(m.offset() + address - range.start() >>> PAGE_SHIFT);
    return guard.address();
  }

  /**
   * Where a page lies in a memory.
   *
   * @param page physical page number
   * @return number of the page of the memory that takes writes to it, or -1 if that memory does not
   */
  public long pageOf(GuestRam ram, long page) {
    long address = page << PAGE_SHIFT;
    AddressRanges.Range range = ranges.at(address);
    return range != null && range.writes() instanceof MapTarget.Memory m && m.ram() == ram
        ? m.offset() + address - range.start() >>> PAGE_SHIFT
        : -1;
  }

  // ---- access by value

  @Override
  public long read(long address, int bytes) {
    return get(address, bytes, false);
  }

  @Override
  public long peek(long address, int bytes) {
    return get(address, bytes, true);
  }

  private long get(long address, int bytes, boolean peek) {
    long at = address & addressMask;
    AddressRanges.Range range = ranges.at(at);
    if ((at & OFFSET) + bytes <= PAGE_SIZE
        && range != null
        && range.reads() instanceof MapTarget.Memory m) {
      return load(hostRead(range, m, at), bytes);
    }
    long value = 0;
    for (int done = 0; done < bytes; ) {
      int piece = piece(address + done, bytes - done);
      value |= getPiece(address + done & addressMask, piece, peek) << 8 * done;
      done += piece;
    }
    return value;
  }

  private long getPiece(long at, int bytes, boolean peek) {
    AddressRanges.Range range = ranges.at(at);
    MapTarget target = range == null ? MapTarget.NOTHING : range.reads();
    if (range != null && target instanceof MapTarget.Memory m) {
      return load(hostRead(range, m, at), bytes);
    }
    if (range != null && target instanceof MapTarget.Registers r) {
      long offset = r.offset() + at - range.start();
      long value = 0;
      int step = Math.min(bytes, r.widest());
      for (int done = 0; done < bytes; done += step) {
        long part =
            peek ? r.region().peek(offset + done, step) : r.region().read(offset + done, step);
        value |= (part & mask(step)) << 8 * done;
      }
      return value;
    }
    return mask(bytes);
  }

  @Override
  public void write(long address, int bytes, long value) {
    long at = address & addressMask;
    AddressRanges.Range range = ranges.at(at);
    if ((at & OFFSET) + bytes <= PAGE_SIZE
        && range != null
        && range.writes() instanceof MapTarget.Memory m) {
      store(hostWrite(range, m, at), bytes, value);
      changed(at, bytes);
      return;
    }
    for (int done = 0; done < bytes; ) {
      int piece = piece(address + done, bytes - done);
      putPiece(address + done & addressMask, piece, value >>> 8 * done);
      done += piece;
    }
  }

  private void putPiece(long at, int bytes, long value) {
    AddressRanges.Range range = ranges.at(at);
    MapTarget target = range == null ? MapTarget.NOTHING : range.writes();
    if (range != null && target instanceof MapTarget.Memory m) {
      store(hostWrite(range, m, at), bytes, value);
      changed(at, bytes);
    } else if (range != null && target instanceof MapTarget.Registers r) {
      long offset = r.offset() + at - range.start();
      int step = Math.min(bytes, r.widest());
      for (int done = 0; done < bytes; done += step) {
        r.region().write(offset + done, step, value >>> 8 * done & mask(step));
      }
    }
  }

  /** The largest naturally aligned piece of 1, 2, 4 or 8 bytes at the start of an access. */
  private static int piece(long address, int rest) {
    int aligned = (int) Math.min(8, address & -address);
    int piece = Math.min(aligned == 0 ? 8 : aligned, Integer.highestOneBit(rest));
    return piece;
  }

  // ---- blocks of bytes

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    for (int done = 0; done < length; ) {
      long at = address + done & addressMask;
      int chunk = (int) Math.min(length - done, PAGE_SIZE - (at & OFFSET));
      long page = readPage(at >>> PAGE_SHIFT);
      if (page == 0) {
        Arrays.fill(into, offset + done, offset + done + chunk, (byte) 0xFF);
      } else {
        HostMemory.copyOut(page + (at & OFFSET), into, offset + done, chunk);
      }
      if (watches.has(at >>> PAGE_SHIFT, Watch.STOP_READ)) {
        for (MemoryListener l : listeners) {
          l.read(at, chunk);
        }
      }
      done += chunk;
    }
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    for (int done = 0; done < length; ) {
      long at = address + done & addressMask;
      int chunk = (int) Math.min(length - done, PAGE_SIZE - (at & OFFSET));
      AddressRanges.Range range = ranges.at(at);
      if (range != null && range.writes() instanceof MapTarget.Memory m) {
        HostMemory.copyIn(from, offset + done, hostWrite(range, m, at), chunk);
        changed(at, chunk);
      }
      done += chunk;
    }
  }

  private static long hostRead(AddressRanges.Range range, MapTarget.Memory m, long at) {
    long offset = m.offset() + at - range.start();
    return m.ram().readAddress(offset >>> PAGE_SHIFT) + (offset & OFFSET);
  }

  private static long hostWrite(AddressRanges.Range range, MapTarget.Memory m, long at) {
    long offset = m.offset() + at - range.start();
    return m.ram().writeAddress(offset >>> PAGE_SHIFT) + (offset & OFFSET);
  }

  private void changed(long at, int length) {
    int offset = (int) (at & OFFSET);
    WriteGuard guard = guards.get(at >>> PAGE_SHIFT);
    if (guard != null && !guard.isFree(offset, length)) {
      tell(at, length);
      guard.clear(offset, length);
    } else if (watches.any(at >>> PAGE_SHIFT)) {
      tell(at, length);
    }
  }

  private void tell(long at, int length) {
    for (MemoryListener l : listeners) {
      l.written(at, length);
    }
  }

  private static long mask(int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }

  private static long load(long host, int bytes) {
    return switch (bytes) {
      case 1 -> HostMemory.getByte(host) & 0xFFL;
      case 2 -> HostMemory.getShort(host) & 0xFFFFL;
      case 4 -> HostMemory.getInt(host) & 0xFFFF_FFFFL;
      case 8 -> HostMemory.getLong(host);
      default -> {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
          value |= (HostMemory.getByte(host + i) & 0xFFL) << 8 * i;
        }
        yield value;
      }
    };
  }

  private static void store(long host, int bytes, long value) {
    switch (bytes) {
      case 1 -> HostMemory.putByte(host, (byte) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      case 4 -> HostMemory.putInt(host, (int) value);
      case 8 -> HostMemory.putLong(host, value);
      default -> {
        for (int i = 0; i < bytes; i++) {
          HostMemory.putByte(host + i, (byte) (value >>> 8 * i));
        }
      }
    }
  }

  // ---- watches and listeners

  @Override
  public void watch(long page, Watch kind) {
    if (watches.add(page, kind)) {
      for (MemoryListener l : listeners) {
        l.writeAccessRevoked(page);
      }
    }
  }

  @Override
  public void unwatch(long page, Watch kind) {
    watches.remove(page, kind);
  }

  @Override
  public boolean isWatched(long page, Watch kind) {
    return watches.has(page, kind);
  }

  @Override
  public void protect(long address, int length) {
    long page = address >>> PAGE_SHIFT;
    WriteGuard guard = guards.get(page);
    if (guard == null) {
      guard = makeGuard(page);
      if (guard == null) {
        watch(page, Watch.CODE);
        return;
      }
      guard.bypassed(true);
    }
    if (guard.isIdle()) {
      guard.moved(readPage(page));
    }
    guard.protect((int) (address & OFFSET), length);
    if (guard.isBypassed()) {
      guard.bypassed(false);
      for (MemoryListener l : listeners) {
        l.writeAccessRevoked(page);
      }
    }
  }

  /** The new guard of a page, or null if all of it is to be watched. */
  private @Nullable WriteGuard makeGuard(long page) {
    if (watches.has(page, Watch.CODE)) {
      return null;
    }
    if (guards.isFull()) {
      // some of these guards may be known to those who have access
      for (MemoryListener l : listeners) {
        l.writeAccessRevoked();
      }
      guards.sweep();
    }
    return guards.isFull() ? null : guards.make(page);
  }

  @Override
  public void release(long address, int length) {
    WriteGuard guard = guards.get(address >>> PAGE_SHIFT);
    if (guard != null) {
      guard.release((int) (address & OFFSET), length);
    } else {
      unwatch(address >>> PAGE_SHIFT, Watch.CODE);
    }
  }

  @Override
  public long guard(long page) {
    WriteGuard guard = guards.get(page);
    return guard == null ? 0 : guard.address();
  }

  @Override
  public boolean isProtected(long address, int length) {
    WriteGuard guard = guards.get(address >>> PAGE_SHIFT);
    return guard != null
        ? !guard.isFree((int) (address & OFFSET), length)
        : watches.has(address >>> PAGE_SHIFT, Watch.CODE);
  }

  @Override
  public void addListener(MemoryListener listener) {
    listeners.add(listener);
  }

  /** Passes on what one memory says, in physical page numbers. */
  private final class Observer implements RamObserver {
    private final GuestRam ram;

    Observer(GuestRam ram) {
      this.ram = ram;
    }

    @Override
    public void writeAccessRevoked() {
      for (MemoryListener l : listeners) {
        l.writeAccessRevoked();
      }
    }

    @Override
    public void pageMoved(long page) {
      forEachAddress(
          page,
          at -> {
            guardMoved(at);
            for (MemoryListener l : listeners) {
              l.pageMoved(at);
            }
          });
    }

    /** Tells the guard of a page with code where that is now; false if there is none. */
    private boolean guardMoved(long at) {
      WriteGuard guard = guards.get(at);
      if (guard == null || guard.isIdle()) {
        return false;
      }
      guard.moved(readPage(at));
      return true;
    }

    /** The numbers of the physical pages at which a page of the memory is read. */
    private void forEachAddress(long page, LongConsumer action) {
      for (AddressRanges.Range range : ranges.all()) {
        if (range.reads() instanceof MapTarget.Memory m && m.ram() == ram) {
          long address = range.start() + (page << PAGE_SHIFT) - m.offset();
          if (range.contains(address)) {
            action.accept(address >>> PAGE_SHIFT);
          }
        }
      }
    }

    @Override
    public void pageReplaced(long page) {
      forEachAddress(
          page,
          at -> {
            if (guardMoved(at) || watches.any(at)) {
              for (MemoryListener l : listeners) {
                l.pageReplaced(at);
              }
            }
          });
    }

    @Override
    public void addressesRevoked() {
      for (MemoryListener l : listeners) {
        l.addressesRevoked();
      }
    }

    @Override
    public void contentsReplaced() {
      for (MemoryListener l : listeners) {
        l.allAccessRevoked();
      }
    }
  }
}
