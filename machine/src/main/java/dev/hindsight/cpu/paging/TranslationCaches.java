package dev.hindsight.cpu.paging;

import dev.hindsight.bus.MemoryListener;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.PhysicalMemory.Watch;
import dev.hindsight.bus.WriteGuard;
import dev.hindsight.cpu.LongMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TLBs of a machine, shared by its vCPUs and coherent with the structures in memory.
 *
 * <p>Each page that a walk read is watched. A write to it drops, in every address space that walked
 * it, the translations of the linear range that the written entries cover. A page that keeps being
 * written and has nothing to drop (it was freed and now holds data) is let go.
 *
 * <p>None of this is saved: it can be dropped at any time without anybody noticing.
 */
public final class TranslationCaches implements MemoryListener {
  private static final int HOLDERS = 1 << 15;

  private final PhysicalMemory memory;
  private final AddressSpaces spaces;

  /**
   * By physical page number (its low bits): the spaces, as bits, that may have direct access to
   * such a page. Most pages that move do so as they are written for the first time, and nobody has.
   */
  private final long[] holders = new long[HOLDERS];

  private final LongMap<PageTable> tables = new LongMap<>();
  private final PageWalker walker;
  private final List<Runnable> whenTablesChange = new ArrayList<>();
  private boolean settingBits;
  private DirectAccess restriction = DirectAccess.ALWAYS;

  /**
   * Caches of full size.
   *
   * @param physicalAddressBits MAXPHYADDR of the CPU model
   */
  public TranslationCaches(PhysicalMemory memory, int physicalAddressBits) {
    this(memory, physicalAddressBits, Tlb.SLOTS);
  }

  /**
   * Caches of which each TLB holds at most so many entries.
   *
   * @param physicalAddressBits MAXPHYADDR of the CPU model
   * @param capacity entries per TLB, at least 1; more than {@link Tlb#SLOTS} is no more
   */
  public TranslationCaches(PhysicalMemory memory, int physicalAddressBits, int capacity) {
    this.memory = memory;
    this.spaces = new AddressSpaces(capacity);
    this.walker = new PageWalker(memory, this, physicalAddressBits);
    memory.addListener(this);
  }

  /**
   * Has somebody called after each write to a page that may hold paging structures. The code being
   * executed may be mapped by what was written, so whoever runs must look up where it is again.
   */
  public void whenTablesChange(Runnable action) {
    whenTablesChange.add(action);
  }

  /**
   * The address space of a context, kept for the caller until it enters another.
   *
   * @param previous the space that the caller leaves for it, or null
   */
  public AddressSpace enter(PagingContext context, @Nullable AddressSpace previous) {
    if (previous != null) {
      spaces.unpin(previous);
    }
    return spaces.pin(context);
  }

  /**
   * Translates a linear address, walking if need be, and enters the result with what direct access
   * it allows.
   *
   * @param linear linear address, canonical where that matters
   * @param access one bit of {@link Access}
   * @return physical address
   * @throws dev.hindsight.cpu.GuestFault #PF
   */
  public long translate(Tlb tlb, long linear, int access) {
    long page = linear & -PhysicalMemory.PAGE_SIZE;
    int slot = Tlb.slot(linear);
    if (!tlb.permits(slot, page, access)) {
      walker.walk(tlb.space(), tlb.privilege(), linear, access);
      tlb.fill(slot, page, memory.busAddress(walker.physicalPage()), walker.rights());
    }
    long physicalPage = tlb.physical(slot);
    allowDirect(tlb, slot, physicalPage, access);
    return physicalPage | (linear & (PhysicalMemory.PAGE_SIZE - 1));
  }

  /**
   * Translates a linear address without leaving a trace: no accessed bit, no entry.
   *
   * @return physical address
   * @throws dev.hindsight.cpu.GuestFault #PF
   */
  public long look(Tlb tlb, long linear, int access) {
    walker.look(tlb.space(), tlb.privilege(), linear, access);
    return memory.busAddress(walker.physicalPage()) | (linear & (PhysicalMemory.PAGE_SIZE - 1));
  }

  /** Has somebody decide which pages instructions may reach directly, from now on. */
  public void restrict(DirectAccess to) {
    restriction = to;
  }

  /** Takes direct access to a page, by its linear address, back in all address spaces. */
  public void revoke(long linearPage) {
    for (AddressSpace s : spaces.all()) {
      s.revoke(linearPage);
    }
  }

  /** Has all TLBs forget what they keep for the engine. */
  public void forgetCode() {
    for (AddressSpace s : spaces.all()) {
      s.forgetCode();
    }
  }

  /** Takes all direct access back. */
  public void revokeAll() {
    for (AddressSpace s : spaces.all()) {
      s.revokeAll();
    }
  }

  private void allowDirect(Tlb tlb, int slot, long physicalPage, int access) {
    if (tlb.isBehindItsLike(slot) || !restriction.allows(tlb.page(slot), physicalPage, access)) {
      return;
    }
    if (access == Access.READ) {
      long host = memory.readPage(physicalPage >>> PhysicalMemory.PAGE_SHIFT);
      if (host != 0) {
        tlb.allowReads(slot, host);
        hold(tlb, physicalPage);
      }
    } else if (access == Access.WRITE) {
      long number = physicalPage >>> PhysicalMemory.PAGE_SHIFT;
      long host = memory.writePage(number);
      long guard = host == 0 ? memory.guardPage(number) : 0;
      if (host != 0) {
        tlb.allowWrites(slot, host);
      } else if (guard != 0) {
        tlb.guardWrites(slot, guard);
        host = WriteGuard.host(guard);
      } else {
        return;
      }
      hold(tlb, physicalPage);
      if ((tlb.rights(slot) & Access.READ) != 0
          && restriction.allows(tlb.page(slot), physicalPage, Access.READ)) {
        tlb.allowReads(slot, host);
      }
    }
  }

  private void hold(Tlb tlb, long physicalPage) {
    holders[holder(physicalPage >>> PhysicalMemory.PAGE_SHIFT)] |= 1L << tlb.space().number();
  }

  private static int holder(long pageNumber) {
    return (int) pageNumber & (HOLDERS - 1);
  }

  // ---- the walker's side

  /** A walk reads an entry of a table. */
  void tableWalked(AddressSpace space, int level, long address, long linear, int entryBytes) {
    long table = memory.busAddress(address);
    PageTable known = tables.get(table);
    if (known == null) {
      known = new PageTable(table, level, entryBytes, PageTable.base(level, entryBytes, linear));
      tables.put(table, known);
      memory.watch(table >>> PhysicalMemory.PAGE_SHIFT, Watch.PAGE_TABLE);
    }
    known.walked(space.number(), level, entryBytes, linear);
  }

  /** A walk sets accessed or dirty bits: nothing derives from their being clear. */
  void setEntryBits(long address, int bytes, long value) {
    settingBits = true;
    try {
      memory.write(address, bytes, value);
    } finally {
      settingBits = false;
    }
  }

  // ---- MemoryListener

  @Override
  public void written(long address, int length) {
    PageTable table = tables.get(address & -PhysicalMemory.PAGE_SIZE);
    if (table == null || (settingBits && !table.hasEntriesOfTwoSizes())) {
      return;
    }
    whenTablesChange.forEach(Runnable::run);
    table.drop(spaces, (int) address & (PhysicalMemory.PAGE_SIZE - 1), length);
    if (table.isStale()) {
      table.drop(spaces, 0, PhysicalMemory.PAGE_SIZE);
      tables.remove(table.address());
      memory.unwatch(table.address() >>> PhysicalMemory.PAGE_SHIFT, Watch.PAGE_TABLE);
    }
  }

  @Override
  public void writeAccessRevoked() {
    for (AddressSpace s : spaces.all()) {
      s.revokeWrites();
    }
  }

  @Override
  public void writeAccessRevoked(long page) {
    for (long rest = holders[holder(page)]; rest != 0; rest &= rest - 1) {
      spaces.get(Long.numberOfTrailingZeros(rest)).revokeWrites(page << PhysicalMemory.PAGE_SHIFT);
    }
  }

  @Override
  public void pageMoved(long page) {
    for (long rest = holders[holder(page)]; rest != 0; rest &= rest - 1) {
      spaces.get(Long.numberOfTrailingZeros(rest)).revokeAll(page << PhysicalMemory.PAGE_SHIFT);
    }
  }

  @Override
  public void pageReplaced(long page) {
    written(page << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE);
  }

  @Override
  public void addressesRevoked() {
    revokeAll();
  }

  @Override
  public void allAccessRevoked() {
    for (AddressSpace s : spaces.all()) {
      s.clear();
    }
    Arrays.fill(holders, 0);
    tables.forEachKey(
        address -> memory.unwatch(address >>> PhysicalMemory.PAGE_SHIFT, Watch.PAGE_TABLE));
    tables.clear();
  }
}
