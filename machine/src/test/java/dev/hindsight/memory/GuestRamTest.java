package dev.hindsight.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestRamTest {
  private static final int PAGE = GuestRam.PAGE_BYTES;

  /** A RAM beside a plain array that says what it must hold. */
  private record Pair(GuestRam ram, byte[] model, Cache cache, TreeSet<Long> written) {
    void check() {
      byte[] actual = new byte[model.length];
      ram.read(0, actual, 0, actual.length);
      assertThat(actual).isEqualTo(model);
      TreeSet<Long> seen = new TreeSet<>();
      ram.writtenSince(cache.mark, seen::add);
      assertThat(seen).isEqualTo(written);
    }
  }

  private record Saved(RamSnapshot snapshot, byte[] model) {}

  /** Keeps addresses as a TLB does, and drops them only when told. */
  private static final class Cache implements RamObserver {
    final long[] reads;
    final long[] writes;
    long mark;

    Cache(GuestRam ram) {
      reads = new long[(int) ram.pages()];
      writes = new long[reads.length];
      ram.addObserver(this);
    }

    @Override
    public void writeAccessRevoked() {
      Arrays.fill(writes, 0);
    }

    @Override
    public void pageMoved(long page) {
      reads[(int) page] = 0;
    }

    @Override
    public void contentsReplaced() {
      Arrays.fill(reads, 0);
      Arrays.fill(writes, 0);
    }

    @Override
    public void pageReplaced(long page) {}

    @Override
    public void addressesRevoked() {
      contentsReplaced();
    }
  }

  /** Collects the pages whose contents were replaced. */
  private record Replaced(Set<Long> pages) implements RamObserver {
    @Override
    public void writeAccessRevoked() {}

    @Override
    public void pageMoved(long page) {}

    @Override
    public void contentsReplaced() {}

    @Override
    public void pageReplaced(long page) {
      pages.add(page);
    }

    @Override
    public void addressesRevoked() {}
  }

  @Test
  void restoreTellsWhichPagesHaveOtherContents() {
    Random random = new Random(9);
    int pages = 300;
    try (GuestRam ram = new GuestRam((long) pages * PAGE)) {
      Replaced replaced = new Replaced(new TreeSet<>());
      ram.addObserver(replaced);
      List<RamSnapshot> snapshots = new ArrayList<>();
      int told = 0;
      for (int i = 0; i < 300; i++) {
        for (int k = random.nextInt(6); k > 0; k--) {
          long page = random.nextInt(pages);
          HostMemory.putByte(ram.writeAddress(page) + random.nextInt(PAGE), (byte) i);
        }
        if (random.nextInt(3) == 0) {
          snapshots.add(ram.snapshot());
        } else if (!snapshots.isEmpty() && random.nextInt(3) == 0) {
          byte[][] before = contents(ram);
          replaced.pages.clear();
          ram.restore(snapshots.get(random.nextInt(snapshots.size())));
          byte[][] after = contents(ram);
          for (int p = 0; p < pages; p++) {
            assertThat(replaced.pages.contains((long) p) || Arrays.equals(before[p], after[p]))
                .isTrue();
          }
          told += replaced.pages.size();
        }
      }
      assertThat(told).isGreaterThan(100);
      snapshots.forEach(RamSnapshot::close);
    }
  }

  private static byte[][] contents(GuestRam ram) {
    byte[][] all = new byte[(int) ram.pages()][];
    for (int p = 0; p < all.length; p++) {
      all[p] = page(ram.readAddress(p));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 65, 300})
  void behavesLikeArraysUnderRandomSnapshotsRestoresAndForks(int pages) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed * 1000L + pages);
      List<Pair> rams = new ArrayList<>();
      List<Saved> snapshots = new ArrayList<>();
      rams.add(pair(new GuestRam((long) pages * PAGE), new byte[pages * PAGE]));
      for (int i = 0; i < 400; i++) {
        step(random, rams, snapshots);
      }
      rams.forEach(Pair::check);
      for (Saved s : snapshots) {
        for (int p = 0; p < pages; p++) {
          assertThat(page(s.snapshot.readAddress(p)))
              .isEqualTo(Arrays.copyOfRange(s.model, p * PAGE, (p + 1) * PAGE));
        }
      }
      GuestRam last = rams.getFirst().ram;
      snapshots.forEach(s -> s.snapshot.close());
      rams.stream().skip(1).forEach(r -> r.ram.close());
      long touched = rams.getFirst().ram.livePages();
      long[] own = new long[1];
      last.touchedPages(p -> own[0]++);
      assertThat(touched).as("pages that only the last RAM holds").isEqualTo(own[0]);
      last.close(); // throws if a page leaked
    }
  }

  private static void step(Random random, List<Pair> rams, List<Saved> snapshots) {
    int at = random.nextInt(rams.size());
    Pair pair = rams.get(at);
    int kind = random.nextInt(100);
    if (kind < 70) {
      write(random, pair);
    } else if (kind < 78) {
      snapshots.add(new Saved(pair.ram.snapshot(), pair.model.clone()));
      pair.cache.mark = snapshots.getLast().snapshot.mark();
      pair.written.clear();
    } else if (kind < 84 && !snapshots.isEmpty()) {
      Saved s = snapshots.get(random.nextInt(snapshots.size()));
      pair.ram.restore(s.snapshot);
      System.arraycopy(s.model, 0, pair.model, 0, s.model.length);
      pair.cache.mark = pair.ram.mark();
      pair.written.clear();
    } else if (kind < 88 && !snapshots.isEmpty() && rams.size() < 4) {
      Saved s = snapshots.get(random.nextInt(snapshots.size()));
      rams.add(pair(new GuestRam(s.snapshot), s.model.clone()));
    } else if (kind < 92 && !snapshots.isEmpty()) {
      snapshots.remove(random.nextInt(snapshots.size())).snapshot.close();
    } else if (kind < 94 && rams.size() > 1) {
      rams.remove(at).ram.close();
    } else if (kind < 97) {
      GuestRam copy = new GuestRam(pair.model.length);
      copy.write(0, pair.model, 0, pair.model.length);
      assertThat(pair.ram.hash()).as("hash depends on contents only").isEqualTo(copy.hash());
      copy.close();
    } else {
      pair.check();
    }
  }

  private static Pair pair(GuestRam ram, byte[] model) {
    Cache cache = new Cache(ram);
    cache.mark = ram.mark();
    return new Pair(ram, model, cache, new TreeSet<>());
  }

  /** Writes through a kept address if there is one, and checks what a kept address reads. */
  private static void write(Random random, Pair pair) {
    int address = random.nextInt(pair.model.length);
    int page = address / PAGE;
    Cache cache = pair.cache;
    if (cache.reads[page] == 0) {
      cache.reads[page] = pair.ram.readAddress(page);
    }
    assertThat(HostMemory.getByte(cache.reads[page] + address % PAGE))
        .isEqualTo(pair.model[address]);
    if (cache.writes[page] == 0) {
      cache.writes[page] = pair.ram.writeAddress(page);
    }
    byte value = (byte) (random.nextInt(4) == 0 ? 0 : random.nextInt());
    HostMemory.putByte(cache.writes[page] + address % PAGE, value);
    pair.model[address] = value;
    pair.written.add((long) page);
  }

  private static byte[] page(long address) {
    byte[] bytes = new byte[PAGE];
    HostMemory.copyOut(address, bytes, 0, PAGE);
    return bytes;
  }

  @Test
  void everyBitOfAPageChangesTheHash() {
    try (GuestRam ram = new GuestRam(3 * PAGE)) {
      byte[] noise = new byte[PAGE];
      new Random(7).nextBytes(noise);
      ram.write(PAGE, noise, 0, PAGE);
      for (long page = 0; page < 3; page++) {
        long before = ram.hash();
        for (int bit = 0; bit < PAGE * 8; bit++) {
          flip(ram, page, bit);
          assertThat(ram.hash()).isNotEqualTo(before);
          flip(ram, page, bit);
          assertThat(ram.hash()).isEqualTo(before);
        }
      }
    }
  }

  @Test
  void equalPagesInOtherPlacesHaveAnotherHash() {
    try (GuestRam a = new GuestRam(2 * PAGE);
        GuestRam b = new GuestRam(2 * PAGE)) {
      a.write(8, new byte[] {1}, 0, 1);
      b.write(PAGE + 8, new byte[] {1}, 0, 1);
      assertThat(a.hash()).isNotEqualTo(b.hash());
    }
  }

  @Test
  void differencesOfSnapshotsAreThePagesWrittenBetween() {
    try (GuestRam ram = new GuestRam(5000L * PAGE);
        RamSnapshot first = ram.snapshot()) {
      flip(ram, 4999, 0);
      flip(ram, 70, 0);
      try (RamSnapshot second = ram.snapshot()) {
        flip(ram, 70, 1);
        flip(ram, 1, 1);
        flip(ram, 1, 1);
        try (RamSnapshot third = ram.snapshot()) {
          assertThat(differences(first, second)).containsExactly(70L, 4999L);
          assertThat(differences(second, third)).containsExactly(1L, 70L);
          assertThat(differences(third, first)).containsExactly(1L, 70L, 4999L);
        }
      }
    }
  }

  @Test
  void takesTheContentsOfAnUnrelatedMemory() {
    try (GuestRam ram = new GuestRam(200L * PAGE);
        GuestRam other = new GuestRam(200L * PAGE);
        RamSnapshot snapshot = snapshotOfNoise(ram)) {
      flip(other, 150, 3);
      other.become(snapshot);
      assertThat(other.hash()).isEqualTo(ram.hash());
      assertThat(other.livePages()).isEqualTo(2);
      flip(other, 199, 0);
      assertThat(snapshot.hash()).isEqualTo(ram.hash());
    }
  }

  private static RamSnapshot snapshotOfNoise(GuestRam ram) {
    flip(ram, 3, 77);
    flip(ram, 199, 5);
    return ram.snapshot();
  }

  @Test
  void refusesWhatIsNotThere() {
    try (GuestRam ram = new GuestRam(PAGE);
        GuestRam other = new GuestRam(PAGE)) {
      assertThatThrownBy(() -> ram.readAddress(1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> ram.writeAddress(-1)).isInstanceOf(IndexOutOfBoundsException.class);
      RamSnapshot foreign = other.snapshot();
      assertThatThrownBy(() -> ram.restore(foreign)).isInstanceOf(IllegalArgumentException.class);
      foreign.close();
      assertThatThrownBy(() -> new GuestRam(foreign)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static List<Long> differences(RamSnapshot a, RamSnapshot b) {
    List<Long> pages = new ArrayList<>();
    a.differences(b, pages::add);
    return pages;
  }

  private static void flip(GuestRam ram, long page, int bit) {
    long at = ram.writeAddress(page) + bit / 8;
    HostMemory.putByte(at, (byte) (HostMemory.getByte(at) ^ 1 << bit % 8));
  }
}
