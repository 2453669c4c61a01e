package dev.hindsight.cpu.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.code.CodeCache;
import dev.hindsight.cpu.code.RewrittenCode;
import dev.hindsight.memory.GuestRam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private static final int MODE = 2;

  private final GuestRam ram = new GuestRam(1 << 16);
  private final PhysicalMap memory = new PhysicalMap();
  private int drops;

  @BeforeEach
  void map() {
    memory.mapRam(0, ram, 0, 1 << 16);
  }

  @AfterEach
  void close() {
    ram.close();
  }

  private static Block block(long physical) {
    Operation[] operations = {new UndefinedOperation(GuestFault.undefined(), 2)};
    return new Block(physical, MODE, 2, operations, Block.NO_PAGE, true, false);
  }

  @Test
  void beginsAnewWhenItIsFull() {
    CodeCache<Block> cache = new CodeCache<>(memory, () -> drops++, new RewrittenCode(), 3);
    for (int page = 1; page <= 3; page++) {
      cache.add(block(page << 12));
    }
    assertThat(cache.find(0x1000, MODE)).isNotNull();
    cache.add(block(0x4000));
    assertThat(cache.find(0x1000, MODE)).isNull();
    assertThat(cache.find(0x4000, MODE)).isNotNull();
    assertThat(memory.isProtected(0x1000, 2)).isFalse();
    assertThat(memory.isProtected(0x4000, 2)).isTrue();
    assertThat(drops).isEqualTo(1);
  }

  @Test
  void successorsThatWereDroppedAreNotFound() {
    CodeCache<Block> cache = new CodeCache<>(memory, () -> drops++);
    Block first = block(0x1000);
    Block second = block(0x2000);
    cache.add(first);
    cache.add(second);
    first.addSuccessor(second);
    assertThat(first.successorAt(0x2000)).isSameAs(second);
    memory.write(0x2001, 1, 0x90);
    assertThat(first.successorAt(0x2000)).isNull();
    assertThat(cache.find(0x2000, MODE)).isNull();
    assertThat(drops).isEqualTo(1);
  }
}
