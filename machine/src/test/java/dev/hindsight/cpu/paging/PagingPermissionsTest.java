package dev.hindsight.cpu.paging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All combinations of rights in the paging structures with what the control registers, the
 * privilege and the access make of them, against the rules of SDM volume 3, section 4.6, written
 * down anew.
 *
 * <p>The tables are rewritten for every case and nothing is ever flushed: a TLB that were not
 * coherent with memory would fail here.
 */
class PagingPermissionsTest {
  private static final int PRESENT = 1;
  private static final int WRITABLE = 2;
  private static final int USER = 4;
  private static final long NX = 1L << 63;
  private static final long LINEAR = 0x5000;
  private static final int KEY = 3;

  /** What a case is made of. */
  private record Case(
      boolean user,
      boolean writable,
      boolean nx,
      boolean cplUser,
      int access,
      boolean wp,
      boolean smep,
      boolean smap,
      boolean ac,
      boolean nxe,
      boolean pke,
      int keyRights) {}

  /** The error code that the manual's rules give, or -1 where the access is allowed. */
  private static int expected(Case c, boolean longMode, boolean fourLevel) {
    boolean fetch = c.access == Access.EXECUTE;
    boolean write = c.access == Access.WRITE;
    int who = c.cplUser ? 4 : 0;
    int what = write ? 2 : 0;
    int how = fetch && ((c.nxe && longMode) || c.smep) ? 16 : 0;
    if (c.nx && !c.nxe) {
      return 1 | 8 | who | what | how;
    }
    boolean allowed;
    if (fetch) {
      boolean executable = !(c.nx && c.nxe);
      allowed = executable && (c.cplUser ? c.user : !(c.user && c.smep));
    } else if (c.cplUser) {
      allowed = c.user && (!write || c.writable);
    } else {
      boolean smapAllows = !c.user || !c.smap || c.ac;
      allowed = smapAllows && (!write || c.writable || !c.wp);
    }
    boolean keyForbids = false;
    if (fourLevel && c.pke && c.user && !fetch) {
      boolean accessDisabled = (c.keyRights & 1) != 0;
      boolean writeDisabled = (c.keyRights & 2) != 0;
      keyForbids = accessDisabled || (write && writeDisabled && (c.cplUser || c.wp));
    }
    if (allowed && !keyForbids) {
      return -1;
    }
    return 1 | who | what | how | (keyForbids ? 32 : 0);
  }

  private static boolean bit(int n, int i) {
    return (n >>> i & 1) != 0;
  }

  private static final int[] ACCESSES = {Access.READ, Access.WRITE, Access.EXECUTE};

  /** Which level takes a right away: the right is the conjunction over all levels. */
  private static long entry(long address, Case c, int level, int denying, boolean nxHere) {
    boolean user = c.user || level != denying;
    boolean writable = c.writable || level != denying;
    return address
        | PRESENT
        | (user ? USER : 0)
        | (writable ? WRITABLE : 0)
        | (nxHere && c.nx && level == denying ? NX : 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Tlb.SLOTS})
  void fourLevel(int tlbCapacity) {
    try (PagedCpu p = new PagedCpu(tlbCapacity)) {
      int cases = 0;
      for (int denying = 1; denying <= 4; denying++) {
        for (int n = 0; n < 1 << 12; n++) {
          for (int access : ACCESSES) {
            Case c = decode(n, access);
            p.physical.write(PagedCpu.ROOT, 8, entry(PagedCpu.LEVEL3, c, 4, denying, true));
            p.physical.write(PagedCpu.LEVEL3, 8, entry(PagedCpu.LEVEL2, c, 3, denying, true));
            p.physical.write(PagedCpu.LEVEL2, 8, entry(PagedCpu.LEVEL1, c, 2, denying, true));
            p.physical.write(
                PagedCpu.LEVEL1 + (LINEAR >>> 12) * 8,
                8,
                entry(PagedCpu.FRAME, c, 1, denying, true) | (long) KEY << 59);
            check(p, c, ControlRegisters.EFER_LME | ControlRegisters.EFER_LMA, true, denying);
            cases++;
          }
        }
      }
      assertThat(cases).isEqualTo(4 * 4096 * 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Tlb.SLOTS})
  void pae(int tlbCapacity) {
    try (PagedCpu p = new PagedCpu(tlbCapacity)) {
      for (int denying = 1; denying <= 2; denying++) {
        for (int n = 0; n < 1 << 12; n++) {
          for (int access : ACCESSES) {
            Case c = decode(n, access);
            p.cpu.control().pdpte(0, PagedCpu.LEVEL2 | PRESENT);
            p.physical.write(PagedCpu.LEVEL2, 8, entry(PagedCpu.LEVEL1, c, 2, denying, true));
            p.physical.write(
                PagedCpu.LEVEL1 + (LINEAR >>> 12) * 8,
                8,
                entry(PagedCpu.FRAME, c, 1, denying, true));
            check(p, c, 0, true, denying);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Tlb.SLOTS})
  void twoLevels32(int tlbCapacity) {
    try (PagedCpu p = new PagedCpu(tlbCapacity)) {
      for (int denying = 1; denying <= 2; denying++) {
        for (int n = 0; n < 1 << 12; n++) {
          for (int access : ACCESSES) {
            Case c = decode(n, access);
            if (c.nx) {
              continue;
            }
            p.physical.write(PagedCpu.ROOT, 4, entry(PagedCpu.LEVEL1, c, 2, denying, false));
            p.physical.write(
                PagedCpu.LEVEL1 + (LINEAR >>> 12) * 4,
                4,
                entry(PagedCpu.FRAME, c, 1, denying, false));
            check(p, c, 0, false, denying);
          }
        }
      }
    }
  }

  private static Case decode(int n, int access) {
    return new Case(
        bit(n, 0), bit(n, 1), bit(n, 2), bit(n, 3), access, bit(n, 4), bit(n, 5), bit(n, 6),
        bit(n, 7), bit(n, 8), bit(n, 9), n >>> 10);
  }

  private static void check(PagedCpu p, Case c, int efer, boolean wideEntries, int denying) {
    int cr4 =
        (wideEntries ? ControlRegisters.CR4_PAE : 0)
            | (c.smep ? ControlRegisters.CR4_SMEP : 0)
            | (c.smap ? ControlRegisters.CR4_SMAP : 0)
            | (c.pke ? ControlRegisters.CR4_PKE : 0);
    p.control(
        c.wp ? ControlRegisters.CR0_WP : 0,
        cr4,
        efer | (c.nxe ? ControlRegisters.EFER_NXE : 0),
        c.keyRights << (2 * KEY),
        c.cplUser ? 3 : 0,
        c.ac);
    int expected = expected(c, wideEntries, efer != 0);
    int actual = p.access(LINEAR, c.access);
    if (actual != expected) {
      assertThat(actual).as("%s, denied at level %d", c, denying).isEqualTo(expected);
    }
    boolean dirty = (p.physical.read(lastEntry(wideEntries), 8) & 0x40) != 0;
    boolean accessed = (p.physical.read(lastEntry(wideEntries), 8) & 0x20) != 0;
    assertThat(accessed).as("accessed bit, %s", c).isEqualTo(expected == -1);
    assertThat(dirty).as("dirty bit, %s", c).isEqualTo(expected == -1 && c.access == Access.WRITE);
  }

  private static long lastEntry(boolean wideEntries) {
    return PagedCpu.LEVEL1 + (LINEAR >>> 12) * (wideEntries ? 8 : 4);
  }
}
