package dev.hindsight.cpu;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.WriteGuard;
import dev.hindsight.cpu.paging.Access;
import dev.hindsight.cpu.paging.AddressSpace;
import dev.hindsight.cpu.paging.PagingContext;
import dev.hindsight.cpu.paging.PagingMode;
import dev.hindsight.cpu.paging.Privilege;
import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.HostMemory;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory as instructions see it: by linear address, through paging.
 *
 * <p>Accesses may be unaligned and cross pages; each either happens whole or faults before it
 * changes anything. The data accessors use the current privilege level and EFLAGS.AC; the {@code
 * system} ones are implicit supervisor accesses (descriptor tables, TSS).
 *
 * <p>The fast path compares the page of the <em>last</em> byte with the tag in the slot of the
 * first byte's page: an access that crosses pages never matches.
 */
public final class LinearMemory {
  private static final long PAGE = -PhysicalMemory.PAGE_SIZE;

  private final Vcpu cpu;
  private final PhysicalMemory physical;
  private final TranslationCaches translations;

  private @Nullable AddressSpace space;
  private Tlb data;
  private Tlb system;

  // what the context was derived from, so that most updates end quickly
  private long lastCr3;
  private int lastCr0;
  private int lastCr4;
  private int lastEfer;
  private int lastPkru;
  private boolean watching;
  private @Nullable AccessWatcher watcher;

  LinearMemory(Vcpu cpu, PhysicalMemory physical, TranslationCaches translations) {
    this.cpu = cpu;
    this.physical = physical;
    this.translations = translations;
    translations.whenTablesChange(cpu::endBlock);
    AddressSpace initial = translations.enter(context(), null);
    space = initial;
    data = initial.tlb(Privilege.SUPERVISOR_AC);
    system = initial.tlb(Privilege.SUPERVISOR);
  }

  // ---- context

  /** Follows a change of paging mode, privilege level or EFLAGS.AC. */
  void updateContext() {
    ControlRegisters c = cpu.control();
    if (c.cr3() != lastCr3
        || c.cr0() != lastCr0
        || c.cr4() != lastCr4
        || c.efer() != lastEfer
        || c.pkru() != lastPkru
        || space == null
        || space.context().mode() == PagingMode.PAE) {
      lastCr3 = c.cr3();
      lastCr0 = c.cr0();
      lastCr4 = c.cr4();
      lastEfer = c.efer();
      lastPkru = c.pkru();
      space = translations.enter(context(), space);
    }
    AddressSpace current = space;
    system = current.tlb(Privilege.SUPERVISOR);
    data =
        cpu.cpl() == 3
            ? current.tlb(Privilege.USER)
            : cpu.flags().is(Flags.AC) ? current.tlb(Privilege.SUPERVISOR_AC) : system;
    updateWatching();
  }

  private PagingContext context() {
    ControlRegisters c = cpu.control();
    PagingMode mode = c.pagingMode();
    boolean pae = mode == PagingMode.PAE;
    boolean on = mode != PagingMode.NONE;
    boolean keys = mode == PagingMode.FOUR_LEVEL && c.cr4Has(ControlRegisters.CR4_PKE);
    return new PagingContext(
        mode,
        pae ? 0 : c.pagingRoot(),
        pae ? c.pdpte(0) : 0,
        pae ? c.pdpte(1) : 0,
        pae ? c.pdpte(2) : 0,
        pae ? c.pdpte(3) : 0,
        on && c.cr4Has(ControlRegisters.CR4_PSE),
        on && c.eferHas(ControlRegisters.EFER_NXE),
        on && c.cr0Has(ControlRegisters.CR0_WP),
        on && c.cr4Has(ControlRegisters.CR4_SMEP),
        on && c.cr4Has(ControlRegisters.CR4_SMAP),
        keys,
        keys ? c.pkru() : 0);
  }

  /**
   * Sets who is told of each data access, or null. While there is somebody, or alignment checks are
   * on, no access takes the fast path.
   */
  public void watcher(@Nullable AccessWatcher watcher) {
    this.watcher = watcher;
    updateWatching();
  }

  private void updateWatching() {
    boolean alignment = cpu.cpl() == 3 && alignmentChecksOn();
    watching = watcher != null || alignment;
  }

  private boolean alignmentChecksOn() {
    return cpu.cpl() == 3
        && cpu.flags().is(Flags.AC)
        && cpu.control().cr0Has(ControlRegisters.CR0_AM);
  }

  // ---- fetches

  /**
   * Physical address of an instruction byte.
   *
   * @param linear its linear address
   * @throws GuestFault #PF, or #GP(0) if the address is not canonical
   */
  public long translateFetch(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.executeTag(slot) == (linear & PAGE)) {
      return t.physical(slot) | (linear & ~PAGE);
    }
    checkCanonical(linear, 1);
    return translations.translate(t, linear, Access.EXECUTE);
  }

  /** What {@link #translateFetch} would return if it need not walk page tables, or -1. */
  public long knownFetch(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    return t.executeTag(slot) == (linear & PAGE) ? t.physical(slot) | (linear & ~PAGE) : -1;
  }

  /** What {@link #translateFetch} would return, without setting accessed bits. */
  public long lookFetch(long linear) {
    checkCanonical(linear, 1);
    return translations.look(data, linear, Access.EXECUTE);
  }

  /**
   * Physical address of a byte, whoever may access it, without setting accessed bits: what
   * debuggers look through. Empty if no page is there.
   */
  public OptionalLong look(long linear) {
    AddressSpace present = space;
    if (present == null || cpu.isLongMode() && !isCanonical(linear)) {
      return OptionalLong.empty();
    }
    try {
      Tlb all = present.tlb(Privilege.SUPERVISOR_AC);
      return OptionalLong.of(translations.look(all, linear, Access.READ));
    } catch (GuestFault f) {
      return OptionalLong.empty();
    }
  }

  /**
   * Physical address of a byte of data that may be read.
   *
   * @throws GuestFault #PF, or #GP(0) if the address is not canonical
   */
  public long translateRead(long linear) {
    checkCanonical(linear, 1);
    return translations.translate(data, linear, Access.READ);
  }

  // ---- data

  /** Reads a byte, zero-extended. */
  public int read8(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.readTag(slot) == (linear & PAGE) && !watching) {
      return HostMemory.getByte(t.readHost(slot) + (linear & ~PAGE)) & 0xFF;
    }
    return (int) readSlow(linear, 1);
  }

  /** Reads two bytes, zero-extended. */
  public int read16(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.readTag(slot) == ((linear + 1) & PAGE) && !watching) {
      return HostMemory.getShort(t.readHost(slot) + (linear & ~PAGE)) & 0xFFFF;
    }
    return (int) readSlow(linear, 2);
  }

  /** Reads four bytes. */
  public int read32(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.readTag(slot) == ((linear + 3) & PAGE) && !watching) {
      return HostMemory.getInt(t.readHost(slot) + (linear & ~PAGE));
    }
    return (int) readSlow(linear, 4);
  }

  /** Reads eight bytes. */
  public long read64(long linear) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.readTag(slot) == ((linear + 7) & PAGE) && !watching) {
      return HostMemory.getLong(t.readHost(slot) + (linear & ~PAGE));
    }
    return readSlow(linear, 8);
  }

  /** Writes a byte. */
  public void write8(long linear, int value) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == (linear & PAGE) && !watching) {
      HostMemory.putByte(t.writeHost(slot) + (linear & ~PAGE), (byte) value);
    } else {
      writeSlow(linear, 1, value);
    }
  }

  /** Writes two bytes. */
  public void write16(long linear, int value) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == ((linear + 1) & PAGE) && !watching) {
      HostMemory.putShort(t.writeHost(slot) + (linear & ~PAGE), (short) value);
    } else {
      writeSlow(linear, 2, value);
    }
  }

  /** Writes four bytes. */
  public void write32(long linear, int value) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == ((linear + 3) & PAGE) && !watching) {
      HostMemory.putInt(t.writeHost(slot) + (linear & ~PAGE), value);
    } else {
      writeSlow(linear, 4, value);
    }
  }

  /** Writes eight bytes. */
  public void write64(long linear, long value) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == ((linear + 7) & PAGE) && !watching) {
      HostMemory.putLong(t.writeHost(slot) + (linear & ~PAGE), value);
    } else {
      writeSlow(linear, 8, value);
    }
  }

  /** Reads 1, 2, 4 or 8 bytes, zero-extended. */
  public long read(long linear, int bytes) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.readTag(slot) == ((linear + bytes - 1) & PAGE) && !watching) {
      return load(t.readHost(slot) + (linear & ~PAGE), bytes);
    }
    return readSlow(linear, bytes);
  }

  /** Writes 1, 2, 4 or 8 bytes. */
  public void write(long linear, int bytes, long value) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == ((linear + bytes - 1) & PAGE) && !watching) {
      store(t.writeHost(slot) + (linear & ~PAGE), bytes, value);
    } else {
      writeSlow(linear, bytes, value);
    }
  }

  /**
   * Reads 1, 2, 4 or 8 bytes that will be written next: faults as a write does, so that the write
   * that follows cannot.
   */
  public long readForWrite(long linear, int bytes) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if (t.writeTag(slot) == ((linear + bytes - 1) & PAGE) && !watching) {
      return load(t.writeHost(slot) + (linear & ~PAGE), bytes);
    }
    probeWrite(linear, bytes);
    return read(linear, bytes);
  }

  private static long load(long host, int bytes) {
    return switch (bytes) {
      case 8 -> HostMemory.getLong(host);
      case 4 -> HostMemory.getInt(host) & 0xFFFF_FFFFL;
      case 2 -> HostMemory.getShort(host) & 0xFFFF;
      default -> HostMemory.getByte(host) & 0xFF;
    };
  }

  private static void store(long host, int bytes, long value) {
    switch (bytes) {
      case 8 -> HostMemory.putLong(host, value);
      case 4 -> HostMemory.putInt(host, (int) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      default -> HostMemory.putByte(host, (byte) value);
    }
  }

  /**
   * Faults as a write would, and writes nothing. A read-modify-write instruction calls it before
   * its read, so that a fault says "write" and nothing has happened; it sets accessed and dirty
   * bits.
   *
   * @param bytes 1 to 64 or so: any size, over at most two pages
   */
  public void probeWrite(long linear, int bytes) {
    Tlb t = data;
    long tag = t.writeTag(Tlb.slot(linear));
    long page = (linear + bytes - 1) & PAGE;
    if (tag != page && (tag ^ Tlb.GUARDED) != page || watching) {
      checkAlignment(linear, bytes);
      probe(t, linear, bytes, Access.WRITE);
    }
  }

  /** Faults as a read would, and reads nothing. */
  public void probeRead(long linear, int bytes) {
    Tlb t = data;
    if (t.readTag(Tlb.slot(linear)) != ((linear + bytes - 1) & PAGE) || watching) {
      checkAlignment(linear, bytes);
      probe(t, linear, bytes, Access.READ);
      tellComingRead(linear, bytes);
    }
  }

  // ---- host addresses, for those who move many data at once

  /**
   * Host address of data that may be read straight from there, or 0 if each must be {@linkplain
   * #read read}. It holds until anything else is accessed.
   *
   * @param bytes how many, at least 1
   */
  public long readableHost(long linear, int bytes) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    return t.readTag(slot) == ((linear + bytes - 1) & PAGE) && !watching
        ? t.readHost(slot) + (linear & ~PAGE)
        : 0;
  }

  /** Like {@link #readableHost}, for data that may be written straight to there. */
  public long writableHost(long linear, int bytes) {
    long host = writableWhole(linear, bytes);
    return host != 0 ? host : unguardedHost(linear, bytes);
  }

  /** Like {@link #writableHost}, but 0 if the page has code, too. */
  public long writableWhole(long linear, int bytes) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    return t.writeTag(slot) == ((linear + bytes - 1) & PAGE) && !watching
        ? t.writeHost(slot) + (linear & ~PAGE)
        : 0;
  }

  /** Where data may be written that share a page with code and are none; 0 if there is no such. */
  private long unguardedHost(long linear, int bytes) {
    Tlb t = data;
    int slot = Tlb.slot(linear);
    if ((t.writeTag(slot) ^ Tlb.GUARDED) != (linear & PAGE) || watching) {
      return 0;
    }
    long guard = t.writeHost(slot);
    int offset = (int) (linear & ~PAGE);
    return offset + bytes <= PhysicalMemory.PAGE_SIZE && WriteGuard.isFree(guard, offset, bytes)
        ? WriteGuard.host(guard) + offset
        : 0;
  }

  /**
   * The TLB that data accesses and fetches of the present privilege go through. It changes with
   * {@link Vcpu#updateMode}.
   */
  public Tlb tlb() {
    return data;
  }

  /** The TLB that {@link #tlb} would be at a privilege in the present address space. */
  public Tlb tlb(Privilege privilege) {
    return Objects.requireNonNull(space).tlb(privilege);
  }

  /** Has the TLBs of all vCPUs forget what they {@linkplain Tlb#code keep for the engine}. */
  public void forgetCode() {
    translations.forgetCode();
  }

  /** Whether each access must be looked at, so that none may take a fast path. */
  public boolean isWatching() {
    return watching;
  }

  /**
   * Does what the first access to data does: walks page tables if need be. Then it may be that such
   * accesses can go straight to the host.
   *
   * @param access one bit of {@link Access}: READ or WRITE
   * @return false if it faults
   */
  public boolean allowDirect(long linear, int bytes, int access) {
    try {
      checkCanonical(linear, bytes);
      translations.translate(data, linear, access);
      return true;
    } catch (GuestFault f) {
      return false;
    }
  }

  // ---- accesses without alignment checks

  /** Like {@link #read}, but never #AC: masked vector moves and gathers. */
  public long readUnaligned(long linear, int bytes) {
    if (!watching) {
      return read(linear, bytes);
    }
    if (watcher != null) {
      report(watcher, linear, bytes, Access.READ);
    }
    return readThrough(data, linear, bytes, true);
  }

  /** Like {@link #write}, but never #AC. */
  public void writeUnaligned(long linear, int bytes, long value) {
    if (!watching) {
      write(linear, bytes, value);
      return;
    }
    if (watcher != null) {
      report(watcher, linear, bytes, Access.WRITE);
    }
    writeThrough(data, linear, bytes, value);
  }

  /** Like {@link #probeWrite}, but never #AC. */
  public void probeWriteUnaligned(long linear, int bytes) {
    if (watching) {
      probe(data, linear, bytes, Access.WRITE);
    } else {
      probeWrite(linear, bytes);
    }
  }

  // ---- implicit supervisor accesses

  /** An implicit supervisor read of 1, 2, 4 or 8 bytes, zero-extended. */
  public long readSystem(long linear, int bytes) {
    return readThrough(system, linear, bytes, false);
  }

  /** An implicit supervisor write of 1, 2, 4 or 8 bytes. */
  public void writeSystem(long linear, int bytes, long value) {
    writeThrough(system, linear, bytes, value);
  }

  /** Faults as {@link #writeSystem} would, and writes nothing. */
  public void probeSystemWrite(long linear, int bytes) {
    probe(system, linear, bytes, Access.WRITE);
  }

  /** Faults as {@link #readSystem} would, and reads nothing. */
  public void probeSystemRead(long linear, int bytes) {
    probe(system, linear, bytes, Access.READ);
  }

  // ---- slow paths

  private long readSlow(long linear, int bytes) {
    checkAlignment(linear, bytes);
    if (watcher != null) {
      report(watcher, linear, bytes, Access.READ);
    }
    return readThrough(data, linear, bytes, true);
  }

  private void writeSlow(long linear, int bytes, long value) {
    long host = unguardedHost(linear, bytes);
    if (host != 0) {
      store(host, bytes, value);
      return;
    }
    checkAlignment(linear, bytes);
    if (watcher != null) {
      report(watcher, linear, bytes, Access.WRITE);
    }
    writeThrough(data, linear, bytes, value);
  }

  /**
   * Tells of an access that is about to happen. It comes first because a write may change the
   * translation of its own address; and it faults as the access would.
   */
  private void report(AccessWatcher to, long linear, int bytes, int access) {
    checkCanonical(linear, bytes);
    long first = translations.translate(data, linear, access);
    if (crosses(linear, bytes)) {
      int count = bytesInFirstPage(linear);
      long second = next(linear, count);
      long physicalSecond = translations.translate(data, second, access);
      to.accessed(linear, first, count, access);
      to.accessed(second, physicalSecond, bytes - count, access);
    } else {
      to.accessed(linear, first, bytes, access);
    }
  }

  private long readThrough(Tlb t, long linear, int bytes, boolean ofInstruction) {
    checkCanonical(linear, bytes);
    if (crosses(linear, bytes)) {
      int first = bytesInFirstPage(linear);
      long second = next(linear, first);
      long low = translations.translate(t, linear, Access.READ);
      long high = translations.translate(t, second, Access.READ);
      if (ofInstruction) {
        tellComingRead(linear, low, first);
        tellComingRead(second, high, bytes - first);
      }
      tellStops(linear, low, first, Access.READ);
      tellStops(second, high, bytes - first, Access.READ);
      long value = readBytes(low, first);
      return value | readBytes(high, bytes - first) << (8 * first);
    }
    long at = translations.translate(t, linear, Access.READ);
    if (ofInstruction) {
      tellComingRead(linear, at, bytes);
    }
    tellStops(linear, at, bytes, Access.READ);
    return physical.read(at, bytes);
  }

  /** Whoever wants to look before data are read does so now. */
  private void tellComingRead(long linear, long physicalAddress, int bytes) {
    StopMonitor stops = cpu.stopMonitor();
    if (stops.watchesComingReads()) {
      stops.aboutToRead(linear, physicalAddress, bytes);
    }
  }

  private void writeThrough(Tlb t, long linear, int bytes, long value) {
    checkCanonical(linear, bytes);
    if (crosses(linear, bytes)) {
      int first = bytesInFirstPage(linear);
      long second = next(linear, first);
      long low = translations.translate(t, linear, Access.WRITE);
      long high = translations.translate(t, second, Access.WRITE);
      tellStops(linear, low, first, Access.WRITE);
      tellStops(second, high, bytes - first, Access.WRITE);
      writeBytes(low, first, value);
      writeBytes(high, bytes - first, value >>> (8 * first));
      return;
    }
    long at = translations.translate(t, linear, Access.WRITE);
    tellStops(linear, at, bytes, Access.WRITE);
    physical.write(at, bytes, value);
  }

  private void tellStops(long linear, long physicalAddress, int bytes, int access) {
    StopMonitor stops = cpu.stopMonitor();
    if (stops.watchesData()) {
      stops.accessed(linear, physicalAddress, bytes, access);
    }
  }

  private long readBytes(long address, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= physical.read(address + i, 1) << (8 * i);
    }
    return value;
  }

  private void writeBytes(long address, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      physical.write(address + i, 1, value >>> (8 * i) & 0xFF);
    }
  }

  private void probe(Tlb t, long linear, int bytes, int access) {
    checkCanonical(linear, bytes);
    translations.translate(t, linear, access);
    if (crosses(linear, bytes)) {
      translations.translate(t, next(linear, bytesInFirstPage(linear)), access);
    }
  }

  /** Tells of data that are read next and can be. */
  private void tellComingRead(long linear, int bytes) {
    if (!cpu.stopMonitor().watchesComingReads()) {
      return;
    }
    int first = crosses(linear, bytes) ? bytesInFirstPage(linear) : bytes;
    tellComingRead(linear, translations.translate(data, linear, Access.READ), first);
    if (first != bytes) {
      long second = next(linear, first);
      tellComingRead(second, translations.translate(data, second, Access.READ), bytes - first);
    }
  }

  private static boolean crosses(long linear, int bytes) {
    return (linear & ~PAGE) + bytes > PhysicalMemory.PAGE_SIZE;
  }

  private static int bytesInFirstPage(long linear) {
    return PhysicalMemory.PAGE_SIZE - (int) (linear & ~PAGE);
  }

  /**
   * The linear address {@code bytes} after another.
   *
   * <p>Linear addresses wrap at 32 bits outside 64-bit mode; but system accesses of compatibility
   * mode (descriptor tables, the stack of a handler) may lie above 4 GiB.
   */
  public long next(long linear, int bytes) {
    long n = linear + bytes;
    return cpu.is64Bit() || linear >>> 32 != 0 ? n : n & 0xFFFF_FFFFL;
  }

  private void checkCanonical(long linear, int bytes) {
    if (cpu.isLongMode() && !(isCanonical(linear) && isCanonical(linear + bytes - 1))) {
      throw GuestFault.nonCanonicalAddress();
    }
  }

  /** Whether bits 63:47 of an address are equal. */
  public static boolean isCanonical(long linear) {
    return (linear << 16) >> 16 == linear;
  }

  /**
   * #AC if alignment checks are on and an address is no multiple of a size. The accessors ask
   * themselves; an operand that is accessed in parts is checked whole before.
   *
   * @param bytes a power of two
   */
  public void checkAlignment(long linear, int bytes) {
    if (watching && (linear & (bytes - 1)) != 0 && alignmentChecksOn()) {
      throw GuestFault.of(Vector.AC, 0);
    }
  }
}
