package dev.hindsight.cpu.paging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large pages, absent and reserved entries, aliases and self-maps, without ever flushing. */
class PagingStructuresTest {
  private static final int LONG_MODE = ControlRegisters.EFER_LME | ControlRegisters.EFER_LMA;
  private static final long P = 1;
  private static final long RW = 2;
  private static final long PS = 0x80;

  private final PagedCpu p = new PagedCpu(Tlb.SLOTS);

  @AfterEach
  void close() {
    p.close();
  }

  private void longMode() {
    p.control(0, ControlRegisters.CR4_PAE, LONG_MODE, 0, 0, false);
  }

  private void put(long table, int index, long entry) {
    p.physical.write(table + index * 8L, 8, entry);
  }

  private void map4() {
    put(PagedCpu.ROOT, 0, PagedCpu.LEVEL3 | P | RW);
    put(PagedCpu.LEVEL3, 0, PagedCpu.LEVEL2 | P | RW);
    put(PagedCpu.LEVEL2, 0, PagedCpu.LEVEL1 | P | RW);
  }

  @Test
  void twoMebibytePages() {
    longMode();
    map4();
    put(PagedCpu.LEVEL2, 1, 0 | P | RW | PS);
    p.physical.write(0x9123, 1, 0x42);
    assertThat(p.cpu.memory().read8(0x20_9123)).isEqualTo(0x42);
    put(PagedCpu.LEVEL2, 1, 0x20_0000 | P | RW | PS);
    assertThat(p.cpu.memory().read8(0x20_9123)).isEqualTo(0xFF);
  }

  /** Of few pages and those before them the slots are the same. */
  @Test
  void accessesAcrossPagesThatShareASlot() {
    longMode();
    map4();
    put(PagedCpu.LEVEL3, 15, PagedCpu.LEVEL2 | P | RW);
    put(PagedCpu.LEVEL3, 16, PagedCpu.LEVEL2 | P | RW);
    put(PagedCpu.LEVEL2, 511, PagedCpu.LEVEL1 | P | RW);
    put(PagedCpu.LEVEL1, 511, PagedCpu.FRAME | P | RW);
    put(PagedCpu.LEVEL1, 0, PagedCpu.FRAME + 0x2000 | P | RW);
    p.physical.write(PagedCpu.FRAME + 0xFFC, 8, 0x0505_0505_0404_0404L);
    p.physical.write(PagedCpu.FRAME + 0x2000, 8, 0x0303_0303_0202_0202L);
    p.physical.write(PagedCpu.FRAME + 0x3000, 4, 0x0606_0606);
    long boundary = 16L << 30;
    assertThat(Tlb.slot(boundary - 1)).isEqualTo(Tlb.slot(boundary));
    assertThat(p.cpu.memory().read32(boundary)).isEqualTo(0x0202_0202);
    assertThat(p.cpu.memory().read64(boundary - 4)).isEqualTo(0x0202_0202_0404_0404L);
    p.cpu.memory().write32(boundary, 1);
    p.cpu.memory().write64(boundary - 4, 0x0707_0707_0808_0808L);
    assertThat(p.physical.read(PagedCpu.FRAME + 0x2000, 8)).isEqualTo(0x0303_0303_0707_0707L);
    assertThat(p.physical.read(PagedCpu.FRAME + 0x3000, 4)).isEqualTo(0x0606_0606);
    assertThat(p.physical.read(PagedCpu.FRAME + 0xFFC, 4)).isEqualTo(0x0808_0808);
  }

  @Test
  void oneGibibytePages() {
    longMode();
    map4();
    put(PagedCpu.LEVEL3, 1, 0 | P | RW | PS);
    p.physical.write(0xA456, 1, 0x43);
    assertThat(p.cpu.memory().read8(0x4000_A456L)).isEqualTo(0x43);
  }

  @Test
  void reservedBitsFault() {
    longMode();
    map4();
    int reserved = 1 | 8;
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | 1L << 51);
    assertThat(p.access(0x5000, Access.READ)).isEqualTo(reserved);
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | 1L << 63);
    assertThat(p.access(0x5000, Access.READ)).isEqualTo(reserved);
    put(PagedCpu.LEVEL2, 2, 1 << 13 | P | PS);
    assertThat(p.access(0x40_0000, Access.WRITE)).isEqualTo(reserved | 2);
    put(PagedCpu.LEVEL3, 2, 1 << 13 | P | PS);
    assertThat(p.access(0x8000_0000L, Access.READ)).isEqualTo(reserved);
    put(PagedCpu.ROOT, 1, PagedCpu.LEVEL3 | P | PS);
    assertThat(p.access(1L << 39, Access.READ)).isEqualTo(reserved);
    put(PagedCpu.LEVEL1, 5, 1L << 51);
    assertThat(p.access(0x5000, Access.READ)).as("not present: nothing is reserved").isZero();
  }

  @Test
  void fourMebibytePagesAndPse36() {
    p.control(0, ControlRegisters.CR4_PSE, 0, 0, 0, false);
    p.physical.write(PagedCpu.ROOT + 4, 4, P | RW | PS);
    p.physical.write(0xB789, 1, 0x44);
    assertThat(p.cpu.memory().read8(0x40_B789)).isEqualTo(0x44);
    p.physical.write(PagedCpu.ROOT + 4, 4, P | RW | PS | 1 << 21);
    assertThat(p.access(0x40_0000, Access.READ)).isEqualTo(9);
    p.physical.write(PagedCpu.ROOT + 4, 4, P | RW | PS | 1 << 13);
    assertThat(p.cpu.memory().read8(0x40_B789)).as("4 GiB up there is nothing").isEqualTo(0xFF);
    p.control(0, 0, 0, 0, 0, false);
    assertThat(p.access(0x40_0000, Access.READ)).as("without PSE it is a table").isZero();
  }

  @Test
  void selfMappedTablesStayCoherent() {
    longMode();
    map4();
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | RW);
    put(PagedCpu.LEVEL1, 6, PagedCpu.LEVEL1 | P | RW);
    p.physical.write(PagedCpu.FRAME, 1, 0x11);
    p.physical.write(0xC000, 1, 0x22);
    assertThat(p.cpu.memory().read8(0x5000)).isEqualTo(0x11);
    // the guest rewrites the entry of 0x5000 through its mapping of the table itself
    p.cpu.memory().write64(0x6000 + 5 * 8, 0xC000 | P | RW);
    assertThat(p.cpu.memory().read8(0x5000)).isEqualTo(0x22);
    p.cpu.memory().write8(0x6000 + 5 * 8, 0);
    assertThat(p.access(0x5000, Access.READ)).isZero();
  }

  @Test
  void clearedAccessedAndDirtyBitsAreSetAgain() {
    longMode();
    map4();
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | RW);
    p.cpu.memory().write8(0x5000, 1);
    assertThat(p.physical.read(PagedCpu.LEVEL1 + 40, 1) & 0x60).isEqualTo(0x60);
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | RW);
    assertThat(p.cpu.memory().read8(0x5000)).isEqualTo(1);
    assertThat(p.physical.read(PagedCpu.LEVEL1 + 40, 1) & 0x60).isEqualTo(0x20);
    p.cpu.memory().write8(0x5000, 2);
    assertThat(p.physical.read(PagedCpu.LEVEL1 + 40, 1) & 0x60).isEqualTo(0x60);
  }

  @Test
  void crossingIntoAnAbsentPageChangesNothing() {
    longMode();
    map4();
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | RW);
    p.physical.write(PagedCpu.FRAME + 0xFFC, 4, 0x1234_5678);
    assertThat(faultsAt(() -> p.cpu.memory().write64(0x5FFC, -1L))).isEqualTo(0x6000);
    assertThat(p.physical.read(PagedCpu.FRAME + 0xFFC, 4)).isEqualTo(0x1234_5678);
  }

  @Test
  void manyFreedTablesAreLetGo() {
    longMode();
    map4();
    put(PagedCpu.LEVEL1, 5, PagedCpu.FRAME | P | RW);
    assertThat(p.cpu.memory().read8(0x5000)).isZero();
    // the table now holds data; translations through it must follow every byte all the same
    for (int i = 0; i < 1000; i++) {
      put(PagedCpu.LEVEL1, 100 + i % 300, i);
    }
    put(PagedCpu.LEVEL1, 5, 0);
    assertThat(p.access(0x5000, Access.READ)).isZero();
  }

  private static long faultsAt(Runnable access) {
    try {
      access.run();
      return -1;
    } catch (dev.hindsight.cpu.GuestFault f) {
      return f.address();
    }
  }
}
