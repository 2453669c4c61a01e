package dev.hindsight.cpu.paging;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.memory.HostMemory;

/**
 * Walks paging structures (SDM volume 3, chapter "Paging"): checks rights, sets accessed and dirty
 * bits, and reports which structures it went through.
 *
 * <p>Accessed and dirty bits are set only once the whole translation has succeeded.
 */
final class PageWalker {
  static final int ERROR_PRESENT = 1;
  static final int ERROR_WRITE = 1 << 1;
  static final int ERROR_USER = 1 << 2;
  static final int ERROR_RESERVED = 1 << 3;
  static final int ERROR_FETCH = 1 << 4;
  static final int ERROR_PROTECTION_KEY = 1 << 5;

  private static final long PRESENT = 1;
  private static final long WRITABLE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long PAGE_SIZE_BIT = 1 << 7;
  private static final long NX = 1L << 63;

  private final PhysicalMemory memory;
  private final TranslationCaches owner;

  /** Reserved bits of 64-bit entries above MAXPHYADDR, up to bit 51. */
  private final long reservedHigh;

  private final int physicalBits;

  // the entries of the walk in progress, by level (1 is the leaf of 4 KiB pages)
  private final long[] entryAddress = new long[5];
  private final long[] entry = new long[5];

  private long physicalPage;
  private int rights;
  private boolean looking;

  PageWalker(PhysicalMemory memory, TranslationCaches owner, int physicalBits) {
    this.memory = memory;
    this.owner = owner;
    this.physicalBits = physicalBits;
    this.reservedHigh = ((1L << 52) - 1) & -(1L << physicalBits);
  }

  /** Physical address of the 4 KiB page that the last walk found. */
  long physicalPage() {
    return physicalPage;
  }

  /**
   * Bits of {@link Access} that need no further walk. WRITE is there only if the page is dirty
   * already.
   */
  int rights() {
    return rights;
  }

  /**
   * Translates a linear address.
   *
   * @param access one bit of {@link Access}
   * @throws GuestFault #PF
   */
  void walk(AddressSpace space, Privilege privilege, long linear, int access) {
    PagingContext context = space.context();
    switch (context.mode()) {
      case NONE -> {
        physicalPage = linear & -PhysicalMemory.PAGE_SIZE;
        rights = Access.READ | Access.WRITE | Access.EXECUTE;
      }
      case BITS32 -> walk32(space, context, privilege, linear, access);
      case PAE -> walkPae(space, context, privilege, linear, access);
      case FOUR_LEVEL -> walk4(space, context, privilege, linear, access);
    }
  }

  /** Translates without setting accessed and dirty bits, for those who must not be noticed. */
  void look(AddressSpace space, Privilege privilege, long linear, int access) {
    looking = true;
    try {
      walk(space, privilege, linear, access);
    } finally {
      looking = false;
    }
  }

  private void walk32(
      AddressSpace space, PagingContext c, Privilege privilege, long linear, int access) {
    long table = c.root() & 0xFFFF_F000L;
    long combined = WRITABLE | USER;
    long e = load32(space, 2, table, linear >>> 22 & 0x3FF, linear);
    if ((e & PRESENT) == 0) {
      throw fault(c, privilege, access, linear, 0);
    }
    int leaf;
    long frame;
    if ((e & PAGE_SIZE_BIT) != 0 && c.pse()) {
      // PSE-36: bits 20:13 are address bits 39:32, as far as MAXPHYADDR reaches; bit 21 is reserved
      int highBits = Math.max(0, Math.min(physicalBits, 40) - 32);
      long reserved = (1L << 21) | (0xFFL << 13 & -(1L << (13 + highBits)));
      if ((e & reserved) != 0) {
        throw fault(c, privilege, access, linear, ERROR_PRESENT | ERROR_RESERVED);
      }
      combined &= e;
      leaf = 2;
      frame = (e & 0xFFC0_0000L) | ((e >>> 13 & 0xFF) << 32) | (linear & 0x3F_F000);
    } else {
      combined &= e;
      e = load32(space, 1, e & 0xFFFF_F000L, linear >>> 12 & 0x3FF, linear);
      if ((e & PRESENT) == 0) {
        throw fault(c, privilege, access, linear, 0);
      }
      combined &= e;
      leaf = 1;
      frame = e & 0xFFFF_F000L;
    }
    check(c, privilege, access, linear, combined, false, 0);
    commit(leaf, 2, access, 4);
    finish(c, privilege, combined, false, 0, leaf, frame);
  }

  private void walkPae(
      AddressSpace space, PagingContext c, Privilege privilege, long linear, int access) {
    long pdpte = c.pdpte((int) (linear >>> 30 & 3));
    if ((pdpte & PRESENT) == 0) {
      throw fault(c, privilege, access, linear, 0);
    }
    long combined = WRITABLE | USER;
    descend(space, c, privilege, linear, access, address(pdpte), 2, combined, false);
  }

  private void walk4(
      AddressSpace space, PagingContext c, Privilege privilege, long linear, int access) {
    descend(space, c, privilege, linear, access, c.root(), 4, WRITABLE | USER, false);
  }

  private void descend(
      AddressSpace space,
      PagingContext c,
      Privilege privilege,
      long linear,
      int access,
      long root,
      int top,
      long rightsSoFar,
      boolean nxSoFar) {
    long table = root;
    long combined = rightsSoFar;
    boolean nx = nxSoFar;
    for (int level = top; ; level--) {
      int shift = 12 + 9 * (level - 1);
      long e = load64(space, level, table, linear >>> shift & 0x1FF, linear);
      if ((e & PRESENT) == 0) {
        throw fault(c, privilege, access, linear, 0);
      }
      boolean large = level > 1 && (e & PAGE_SIZE_BIT) != 0;
      long reserved = reservedHigh | (c.noExecute() ? 0 : NX);
      if (c.mode() == PagingMode.PAE) {
        reserved |= 0x7FF0_0000_0000_0000L;
      }
      if (large) {
        // PML4 entries cannot map a page; the address bits below the page, but PAT, must be 0
        reserved |= level == 4 ? PAGE_SIZE_BIT : ((1L << shift) - 1) & ~0x1FFFL;
      }
      if ((e & reserved) != 0) {
        throw fault(c, privilege, access, linear, ERROR_PRESENT | ERROR_RESERVED);
      }
      combined &= e;
      nx |= (e & NX) != 0;
      if (level == 1 || large) {
        int key = (int) (e >>> 59) & 15;
        check(c, privilege, access, linear, combined, nx, key);
        commit(level, top, access, 8);
        long offsetMask = (1L << shift) - 1;
        long frame = (address(e) & ~offsetMask) | (linear & offsetMask & ~0xFFFL);
        finish(c, privilege, combined, nx, key, level, frame);
        return;
      }
      table = address(e);
    }
  }

  private static long address(long e) {
    return e & 0x000F_FFFF_FFFF_F000L;
  }

  private long load64(AddressSpace space, int level, long table, long index, long linear) {
    long at = table + index * 8;
    entryAddress[level] = at;
    entry[level] = readEntry(space, level, table, at, linear, 8);
    return entry[level];
  }

  private long load32(AddressSpace space, int level, long table, long index, long linear) {
    long at = table + index * 4;
    entryAddress[level] = at;
    entry[level] = readEntry(space, level, table, at, linear, 4);
    return entry[level];
  }

  /**
   * An entry. Where there is no memory all bits are ones, device registers included: what they read
   * as changes without anybody being told.
   */
  private long readEntry(
      AddressSpace space, int level, long table, long at, long linear, int bytes) {
    long host = memory.readPage(at >>> PhysicalMemory.PAGE_SHIFT);
    if (host == 0) {
      return -1L >>> (64 - 8 * bytes);
    }
    owner.tableWalked(space, level, table, linear, bytes);
    long from = host + (at & (PhysicalMemory.PAGE_SIZE - 1));
    return bytes == 8 ? HostMemory.getLong(from) : HostMemory.getInt(from) & 0xFFFF_FFFFL;
  }

  private void commit(int leaf, int top, int access, int bytes) {
    if (looking) {
      return;
    }
    for (int level = top; level >= leaf; level--) {
      long wanted = ACCESSED | (level == leaf && access == Access.WRITE ? DIRTY : 0);
      long e = entry[level];
      if ((e & wanted) != wanted) {
        entry[level] = e | wanted;
        owner.setEntryBits(entryAddress[level], bytes, e | wanted);
      }
    }
  }

  private void finish(
      PagingContext c,
      Privilege privilege,
      long combined,
      boolean nx,
      int key,
      int leaf,
      long frame) {
    physicalPage = frame;
    int found = 0;
    if (violation(c, privilege, Access.READ, combined, nx, key) == 0) {
      found |= Access.READ;
    }
    if ((entry[leaf] & DIRTY) != 0
        && violation(c, privilege, Access.WRITE, combined, nx, key) == 0) {
      found |= Access.WRITE;
    }
    if (violation(c, privilege, Access.EXECUTE, combined, nx, key) == 0) {
      found |= Access.EXECUTE;
    }
    rights = found;
  }

  private void check(
      PagingContext c,
      Privilege privilege,
      int access,
      long linear,
      long combined,
      boolean nx,
      int key) {
    int error = violation(c, privilege, access, combined, nx, key);
    if (error != 0) {
      throw fault(c, privilege, access, linear, error);
    }
  }

  /** Error-code bits if the access is forbidden (SDM volume 3, section 4.6), else 0. */
  private static int violation(
      PagingContext c, Privilege privilege, int access, long combined, boolean nx, int key) {
    boolean userPage = (combined & USER) != 0;
    boolean writable = (combined & WRITABLE) != 0;
    boolean user = privilege == Privilege.USER;
    if (access == Access.EXECUTE) {
      boolean forbidden = nx || (user ? !userPage : userPage && c.smep());
      return forbidden ? ERROR_PRESENT : 0;
    }
    boolean write = access == Access.WRITE;
    boolean forbidden;
    if (user) {
      forbidden = !userPage || (write && !writable);
    } else {
      forbidden =
          (userPage && c.smap() && privilege == Privilege.SUPERVISOR)
              || (write && !writable && c.writeProtect());
    }
    // Without a protection-key fault the PK bit is clear; both can be violated at once.
    boolean keyForbids = false;
    if (userPage && c.protectionKeys() && c.mode() == PagingMode.FOUR_LEVEL) {
      int bits = c.pkru() >>> (2 * key) & 3;
      keyForbids = (bits & 1) != 0 || (write && (bits & 2) != 0 && (user || c.writeProtect()));
    }
    return (forbidden || keyForbids ? ERROR_PRESENT : 0) | (keyForbids ? ERROR_PROTECTION_KEY : 0);
  }

  private static GuestFault fault(
      PagingContext c, Privilege privilege, int access, long linear, int error) {
    int code = error;
    if (access == Access.WRITE) {
      code |= ERROR_WRITE;
    }
    if (privilege == Privilege.USER) {
      code |= ERROR_USER;
    }
    if (access == Access.EXECUTE
        && (c.smep() || (c.noExecute() && c.mode() != PagingMode.BITS32))) {
      code |= ERROR_FETCH;
    }
    return GuestFault.page(code, linear);
  }
}
