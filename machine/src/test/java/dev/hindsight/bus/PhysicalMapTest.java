package dev.hindsight.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.bus.PhysicalMemory.Watch;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhysicalMapTest {
  private static final long RAM_BYTES = 4 << 20;

  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final GuestRam rom = new GuestRam(0x1_0000);
  private final PhysicalMap map = new PhysicalMap();
  private final List<String> heard = new ArrayList<>();
  private final List<String> accesses = new ArrayList<>();

  @BeforeEach
  void wire() {
    map.mapRam(0, ram, 0, RAM_BYTES);
    map.mapRom(0xF_0000, rom, 0, 0x1_0000);
    map.mapRegisters(0xFEC0_0000L, 0x18, 4, new Recorder());
    map.addListener(
        new MemoryListener() {
          @Override
          public void written(long address, int length) {
            heard.add("written %x %d".formatted(address, length));
          }

          @Override
          public void writeAccessRevoked() {
            heard.add("revoked");
          }

          @Override
          public void writeAccessRevoked(long page) {
            heard.add("revoked %x".formatted(page));
          }

          @Override
          public void pageMoved(long page) {
            heard.add("moved %x".formatted(page));
          }

          @Override
          public void allAccessRevoked() {
            heard.add("all");
          }

          @Override
          public void pageReplaced(long page) {
            heard.add("replaced %x".formatted(page));
          }

          @Override
          public void addressesRevoked() {
            heard.add("addresses");
          }
        });
  }

  @AfterEach
  void close() {
    ram.close();
    rom.close();
  }

  @Test
  void accessesOfEverySizeAndPlaceAgreeWithBytes() {
    Random random = new Random(1);
    byte[] model = new byte[3 * 4096];
    for (int i = 0; i < 20_000; i++) {
      int bytes = 1 + random.nextInt(8);
      int at = random.nextInt(model.length - 8);
      long value = random.nextLong();
      map.write(0x10_0000 + at, bytes, value);
      for (int b = 0; b < bytes; b++) {
        model[at + b] = (byte) (value >>> 8 * b);
      }
      int from = random.nextInt(model.length - 8);
      long expected = 0;
      for (int b = 0; b < bytes; b++) {
        expected |= (model[from + b] & 0xFFL) << 8 * b;
      }
      assertThat(map.read(0x10_0000 + from, bytes)).isEqualTo(expected);
      assertThat(map.peek(0x10_0000 + from, bytes)).isEqualTo(expected);
    }
    byte[] copy = new byte[model.length];
    map.read(0x10_0000, copy, 0, copy.length);
    assertThat(copy).isEqualTo(model);
    map.write(0x20_0010, copy, 0, copy.length);
    assertThat(map.read(0x20_0010 + 5000, 8)).isEqualTo(map.read(0x10_0000 + 5000, 8));
  }

  @Test
  void nothingReadsAsOnesAndSwallowsWrites() {
    map.write(0x8000_0000L, 8, 0);
    assertThat(map.read(0x8000_0000L, 8)).isEqualTo(-1);
    assertThat(map.read(0x8000_0000L, 2)).isEqualTo(0xFFFF);
    assertThat(map.readPage(0x8_0000)).isZero();
    assertThat(map.writePage(0x8_0000)).isZero();
    assertThat(map.read(RAM_BYTES - 2, 4)).isEqualTo(0xFFFF_0000L);
    byte[] bytes = new byte[4];
    map.read(RAM_BYTES - 2, bytes, 0, 4);
    assertThat(bytes).containsExactly(0, 0, -1, -1);
  }

  @Test
  void romReadsButIsNotWritten() {
    rom.write(0, new byte[] {0x55}, 0, 1);
    map.write(0xF_0000, 1, 0xAA);
    map.write(0xF_0000, new byte[] {3}, 0, 1);
    assertThat(map.read(0xF_0000, 1)).isEqualTo(0x55);
    assertThat(map.readPage(0xF0)).isNotZero();
    assertThat(map.writePage(0xF0)).isZero();
  }

  @Test
  void shadowRamIsFilledBehindTheRom() {
    rom.write(0, new byte[] {0x55}, 0, 1);
    map.map(0xF_0000, 0x1_0000, new MapTarget.Memory(rom, 0), new MapTarget.Memory(ram, 0xF_0000));
    map.write(0xF_0001, 1, 0x77);
    assertThat(map.read(0xF_0001, 1)).isZero();
    map.mapRam(0xF_0000, ram, 0xF_0000, 0x1_0000);
    assertThat(map.read(0xF_0001, 1)).isEqualTo(0x77);
    assertThat(heard).contains("all");
  }

  @Test
  void memoryMustNotBeSeenAtTwoAddresses() {
    assertThatThrownBy(() -> map.mapRam(0x1_0000_0000L, ram, 0, 4096))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedA20FoldsEverySecondMegabyte() {
    map.write(0x500, 1, 1);
    map.write(0x10_0500, 1, 2);
    map.a20(false);
    assertThat(map.read(0x10_0500, 1)).isEqualTo(1);
    assertThat(map.readPage(0x100)).isEqualTo(map.readPage(0));
    map.write(0x10_0500, 1, 3);
    map.write(0xF_FFFF, 2, 0x0400); // ROM, then folded to 0
    assertThat(map.read(0, 1)).isEqualTo(4);
    assertThat(map.busAddress(0x10_0600)).isEqualTo(0x600);
    map.watch(map.busAddress(0x10_0600) >>> 12, Watch.CODE);
    heard.clear();
    map.write(0x600, 1, 1);
    assertThat(heard).containsExactly("written 600 1");
    map.unwatch(0, Watch.CODE);
    heard.clear();
    map.a20(true);
    assertThat(heard).containsExactly("all");
    assertThat(map.read(0x500, 1)).isEqualTo(3);
    assertThat(map.read(0x10_0500, 1)).isEqualTo(2);
  }

  @Test
  void registersGetOffsetsAndNoAccessWiderThanTheyTake() {
    map.write(0xFEC0_0008L, 4, 0x1_2345_6789L);
    map.write(0xFEC0_0010L, 8, 0x1122_3344_5566_7788L);
    assertThat(map.read(0xFEC0_0004L, 2)).isEqualTo(0x1004);
    assertThat(map.peek(0xFEC0_0001L, 2)).isEqualTo(0x0201);
    assertThat(accesses)
        .containsExactly(
            "write 8 4 23456789",
            "write 10 4 55667788",
            "write 14 4 11223344",
            "read 4 2",
            "peek 1 1",
            "peek 2 1");
  }

  @Test
  void watchesAreCountedByKindAndReportWritesOfAllSorts() {
    assertThat(map.writePage(5)).isNotZero();
    heard.clear();
    map.watch(5, Watch.CODE);
    map.watch(5, Watch.CODE);
    map.watch(5, Watch.PAGE_TABLE);
    assertThat(heard).containsExactly("revoked 5");
    heard.clear();
    assertThat(map.writePage(5)).isZero();
    map.write(0x5FFC, 8, 0);
    map.write(0x5800, new byte[4], 0, 4);
    assertThat(heard).containsExactly("written 5ffc 4", "moved 6", "written 5800 4");
    map.unwatch(5, Watch.CODE);
    map.unwatch(5, Watch.PAGE_TABLE);
    assertThat(map.isWatched(5, Watch.CODE)).isTrue();
    assertThat(map.isWatched(5, Watch.PAGE_TABLE)).isFalse();
    assertThat(map.writePage(5)).isZero();
    map.unwatch(5, Watch.CODE);
    assertThat(map.writePage(5)).isNotZero();
    assertThatThrownBy(() -> map.unwatch(5, Watch.CODE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytesWithCodeAreGuardedOneByOne() {
    assertThat(map.writePage(5)).isNotZero();
    assertThat(map.guardPage(5)).isZero();
    heard.clear();
    map.protect(0x5100, 3);
    map.protect(0x5102, 4);
    assertThat(heard).containsExactly("revoked 5");
    heard.clear();
    assertThat(map.writePage(5)).isZero();
    long guard = map.guardPage(5);
    assertThat(WriteGuard.host(guard)).isEqualTo(map.readPage(5));
    assertThat(WriteGuard.isFree(guard, 0xF0, 16)).isTrue();
    assertThat(WriteGuard.isFree(guard, 0xF0, 17)).isFalse();
    assertThat(WriteGuard.isFree(guard, 0x105, 1)).isFalse();
    assertThat(WriteGuard.isFree(guard, 0x106, 0x1000 - 0x106)).isTrue();
    map.write(0x5106, 8, 0);
    map.write(0x50FF, 1, 0);
    assertThat(heard).isEmpty();
    map.write(0x5105, 8, 0);
    assertThat(heard).containsExactly("written 5105 8");
    // who was told has forgotten all that had bytes there, and takes back what it asked for
    map.release(0x5102, 4);
    assertThat(map.isProtected(0x5103, 3)).isFalse();
    assertThat(map.isProtected(0x5102, 1)).isTrue();
    assertThat(map.guardPage(5)).isEqualTo(guard);
    map.release(0x5100, 3);
    assertThat(map.isProtected(0x5000, 0x1000)).isFalse();
    assertThat(map.guardPage(5)).isZero();
    assertThat(map.writePage(5)).isNotZero();
    assertThatThrownBy(() -> map.release(0x5100, 3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void guardsAreForgottenOrPagesWatchedWhenThereAreTooMany() {
    WriteGuards guards = new WriteGuards(2);
    WriteGuard first = guards.make(1);
    first.protect(0, 1);
    guards.make(2);
    assertThat(guards.isFull()).isTrue();
    guards.sweep();
    assertThat(guards.isFull()).isFalse();
    assertThat(guards.get(1)).isSameAs(first);
    assertThat(guards.get(2)).isNull();
    assertThat(guards.make(3).isFree(0, 0x1000)).isTrue();
    assertThat(guards.isFull()).isTrue();
  }

  @Test
  void snapshotRevokesWritesAndTheNextWriteMovesThePage() {
    map.write(0x7000, 1, 1);
    heard.clear();
    try (RamSnapshot snapshot = ram.snapshot()) {
      assertThat(heard).containsExactly("revoked");
      heard.clear();
      long before = map.readPage(7);
      long after = map.writePage(7);
      assertThat(after).isNotEqualTo(before).isEqualTo(map.readPage(7));
      assertThat(heard).containsExactly("moved 7");
      map.write(0x7000, 1, 9);
      assertThat(HostMemory.getByte(before)).isEqualTo((byte) 1);
      map.watch(7, Watch.CODE);
      map.write(0x8000, 1, 9);
      heard.clear();
      ram.restore(snapshot);
      assertThat(heard).containsExactly("replaced 7", "addresses");
      assertThat(map.read(0x7000, 1)).isEqualTo(1);
    }
  }

  private final class Recorder implements IoRegion {
    @Override
    public long read(long offset, int bytes) {
      accesses.add("read %x %d".formatted(offset, bytes));
      return 0x1000 + offset;
    }

    @Override
    public long peek(long offset, int bytes) {
      accesses.add("peek %x %d".formatted(offset, bytes));
      return offset;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      accesses.add("write %x %d %x".formatted(offset, bytes, value));
    }
  }
}
