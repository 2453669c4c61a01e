package dev.hindsight.board.smbios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.board.firmware.PcMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmbiosTablesTest {
  private static final int ENTRY = 0x1F;
  private static final int TABLE = 0x20;

  private static ByteBuffer tables(long memory) {
    return ByteBuffer.wrap(new SmbiosTables(new PcMemory(memory)).bytes())
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The numbers of all structures, as a reader finds them who steps over strings. */
  private static List<ByteBuffer> structures(ByteBuffer all) {
    List<ByteBuffer> found = new ArrayList<>();
    int at = TABLE;
    while (at < all.capacity()) {
      int length = all.get(at + 1);
      found.add(all.slice(at, length).order(ByteOrder.LITTLE_ENDIAN));
      at += length;
      while (all.getShort(at) != 0) {
        at++;
      }
      at += 2;
    }
    assertThat(at).isEqualTo(all.capacity());
    return found;
  }

  private static List<ByteBuffer> ofType(long memory, int type) {
    return structures(tables(memory)).stream().filter(s -> s.get(0) == type).toList();
  }

  private static int sum(ByteBuffer bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes.get(i);
    }
    return sum & 0xFF;
  }

  @Test
  void entryPointNamesTheTable() {
    ByteBuffer all = tables(256 << 20);
    byte[] bytes = all.array();
    assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("_SM_");
    assertThat(new String(bytes, 0x10, 5, StandardCharsets.US_ASCII)).isEqualTo("_DMI_");
    assertThat(sum(all, 0, ENTRY)).isZero();
    assertThat(sum(all, 0x10, ENTRY)).isZero();
    assertThat(all.getShort(0x16)).isEqualTo((short) (bytes.length - TABLE));
    assertThat(all.getInt(0x18)).isEqualTo((int) SmbiosTables.ADDRESS + TABLE);
    assertThat(all.getShort(0x1C)).isEqualTo((short) structures(all).size());
    assertThat(structures(all).getLast().get(0)).isEqualTo((byte) 127);
  }

  @Test
  void handlesAreDistinct() {
    var handles = structures(tables(5L << 30)).stream().map(s -> s.getShort(2)).toList();
    assertThat(handles).doesNotHaveDuplicates();
  }

  @Test
  void structuresHaveTheLengthsOfTheirVersion() {
    for (ByteBuffer s : structures(tables(256 << 20))) {
      int expected =
          switch (s.get(0)) {
            case 0 -> 0x18;
            case 1 -> 0x1B;
            case 3 -> 0x15;
            case 16 -> 0x17;
            case 17 -> 0x28;
            case 19 -> 0x1F;
            case 32 -> 0x0B;
            default -> 4;
          };
      assertThat(s.capacity()).as("type " + s.get(0)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // bytes, size, extended size
    "268435456, 256, 0",
    "2101248, 34820, 0",
    "34358689792, 32767, 32767",
    "68719476736, 32767, 65536",
  })
  void sizeOfTheModule(long bytes, int size, int extended) {
    ByteBuffer module = ofType(bytes, 17).getFirst();
    assertThat(module.getShort(0x0C) & 0xFFFF).isEqualTo(size);
    assertThat(module.getInt(0x1C)).isEqualTo(extended);
  }

  @Test
  void memoryAppearsAroundTheHole() {
    List<ByteBuffer> mapped = ofType(5L << 30, 19);
    assertThat(mapped).hasSize(2);
    assertThat(mapped.get(0).getInt(4)).isZero();
    assertThat(mapped.get(0).getInt(8)).isEqualTo((3 << 20) - 1);
    assertThat(mapped.get(1).getInt(4)).isEqualTo(4 << 20);
    assertThat(mapped.get(1).getInt(8)).isEqualTo((6 << 20) - 1);
  }

  @Test
  void hugeMemoryHasLongAddresses() {
    ByteBuffer mapped = ofType(5L << 40, 19).get(1);
    assertThat(mapped.getInt(4)).isEqualTo(-1);
    assertThat(mapped.getLong(0x0F)).isEqualTo(4L << 30);
    assertThat(mapped.getLong(0x17)).isEqualTo((5L << 40) + (1L << 30) - 1);
    ByteBuffer array = ofType(5L << 40, 16).getFirst();
    assertThat(array.getInt(7)).isEqualTo(Integer.MIN_VALUE);
    assertThat(array.getLong(0x0F)).isEqualTo(5L << 40);
  }

  @Test
  void itLiesBehindTheAcpiTablesOfAnyMachine() {
    int acpi = new AcpiTables(AcpiTables.MOST_CPUS).bytes().length;
    assertThat(AcpiTables.ADDRESS + acpi).isLessThanOrEqualTo(SmbiosTables.ADDRESS);
    assertThat(SmbiosTables.ADDRESS + tables(5L << 40).capacity())
        .isLessThanOrEqualTo(AcpiTables.AREA_END);
  }

  @Test
  void equalMachinesHaveEqualTables() {
    assertThat(Arrays.equals(tables(1 << 28).array(), tables(1 << 28).array())).isTrue();
    assertThat(Arrays.equals(tables(1 << 28).array(), tables(1 << 29).array())).isFalse();
  }
}
