package dev.hindsight.board.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.ImageDescription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcpiTablesTest {
  private static final int MADT_ENTRIES = 44;

  private static TableReader reader(int cpus) {
    return new TableReader(new AcpiTables(cpus).bytes(), AcpiTables.ADDRESS);
  }

  private static byte[] table(int cpus, String name) {
    return Objects.requireNonNull(reader(cpus).tables(true).get(name));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 255, 256, AcpiTables.MOST_CPUS})
  void oldAndNewReadersFindTheSameTables(int cpus) {
    TableReader reader = reader(cpus);
    assertThat(reader.rootPointer()).isEqualTo(AcpiTables.ADDRESS);
    var narrow = reader.tables(false);
    var wide = reader.tables(true);
    assertThat(wide.keySet())
        .containsExactly("APIC", "DSDT", "FACP", "FACS", "HPET", "RSDP", "XSDT");
    assertThat(narrow).containsKey("RSDT");
    narrow.remove("RSDT");
    assertThat(narrow).allSatisfy((name, table) -> assertThat(table).isEqualTo(wide.get(name)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, AcpiTables.MOST_CPUS})
  void tablesFitIntoTheirArea(int cpus) {
    var images = new AcpiTables(cpus).images();
    assertThat(images).hasSize(1);
    ImageDescription d = images.getFirst().description();
    assertThat(d.place()).isEqualTo(ImageDescription.Place.RAM);
    assertThat(d.address()).isEqualTo(0xE_0000);
    assertThat(d.address() + d.bytes()).isLessThanOrEqualTo(AcpiTables.AREA_END);
  }

  /** The entries of the MADT as hexadecimal numbers. */
  private static List<String> interruptControllers(int cpus) {
    byte[] madt = table(cpus, "APIC");
    List<String> entries = new ArrayList<>();
    int at = MADT_ENTRIES;
    while (at < madt.length) {
      int length = madt[at + 1];
      entries.add(HexFormat.of().formatHex(madt, at, at + length));
      at += length;
    }
    return entries;
  }

  @Test
  void everyCpuHasALocalApic() {
    assertThat(interruptControllers(2))
        .containsExactly(
            "0008000001000000",
            "0008010101000000",
            "010c02000000c0fe00000000",
            "020a0000020000000000",
            "020a0009090000000d00",
            "0406ff000001");
  }

  @Test
  void idsAbove254AreX2apics() {
    List<String> entries = interruptControllers(257);
    assertThat(entries.subList(254, 257))
        .containsExactly(
            "0008fefe01000000",
            "09100000ff00000001000000ff000000",
            "09100000000100000100000000010000");
    assertThat(entries.getLast()).isEqualTo("0a0c0000ffffffff01000000");
    assertThat(AcpiTables.ioApicId(4)).isEqualTo(4);
    assertThat(AcpiTables.ioApicId(255)).isZero();
  }

  /** For each pair of a 32-bit port with its length, and the generic address of it. */
  @Test
  void oldAndNewFieldsOfTheFadtAgree() {
    byte[] table = table(1, "FACP");
    ByteBuffer f = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(table).hasSize(244);
    int[][] fields = {
      {56, 88, 148}, {60, 88, 160}, {64, 89, 172}, {68, 89, 184},
      {72, 90, 196}, {76, 91, 208}, {80, 92, 220}, {84, 93, 232}
    };
    for (int[] field : fields) {
      int port = f.getInt(field[0]);
      assertThat(f.getLong(field[2] + 4)).isEqualTo(port);
      assertThat(f.get(field[2] + 1) & 0xFF).isEqualTo(port == 0 ? 0 : 8 * f.get(field[1]));
      assertThat(f.get(field[2])).isEqualTo((byte) (port == 0 ? 0 : 1));
    }
    assertThat(f.getInt(56)).isEqualTo(0x600);
    assertThat(f.getInt(64)).isEqualTo(0x604);
    assertThat(f.getInt(76)).isEqualTo(0x608);
    assertThat(f.getInt(80)).isEqualTo(0x620);
    assertThat(f.getInt(48)).as("SMI command port").isZero();
  }

  @Test
  void refusesImpossibleNumbers() {
    assertThatThrownBy(() -> new AcpiTables(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AcpiTables(AcpiTables.MOST_CPUS + 1))
        .hasMessage("ACPI tables are for 1 to 1024 CPUs");
  }
}
