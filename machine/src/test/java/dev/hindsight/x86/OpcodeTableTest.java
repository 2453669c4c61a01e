package dev.hindsight.x86;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpcodeTableTest {
  private final OpcodeTable table = OpcodeTable.standard();

  @Test
  void everyMnemonicHasARow() {
    assertThat(Mnemonic.values()).allMatch(mnemonic -> !table.rows(mnemonic).isEmpty());
  }

  @Test
  void vexRowsNameTheirPrefix() {
    assertThat(table.rows())
        .filteredOn(row -> row.map().isVex())
        .isNotEmpty()
        .allMatch(row ->
            row.prefix() != MandatoryPrefix.ANY && row.prefix() != MandatoryPrefix.NO_REPEAT);
  }

  @Test
  void onlyRowsWithAMemoryDestinationMayBeLocked() {
    assertThat(table.rows())
        .filteredOn(row -> row.has(RowAttribute.LOCK))
        .isNotEmpty()
        .allMatch(row -> row.operands().getFirst().kind().canBeMemory());
  }

  @Test
  void aFixedRegisterFieldIsNotAnOperandToo() {
    assertThat(table.rows())
        .filteredOn(row -> row.modrm().reg() >= 0)
        .filteredOn(
            row -> row.operands().stream().anyMatch(o -> o.kind() == OperandKind.REG_GENERAL))
        .isEmpty();
  }

  @Test
  void operandsArePrintedAsTheyAreWritten() {
    assertThat(OperandSpec.parse("[rDI]dq")).hasToString("[rDI]dq");
    assertThat(OperandSpec.parse("sIb").kind()).isEqualTo(OperandKind.SIGNED_BYTE);
    assertThat(OperandSpec.parse("vmYq"))
        .isEqualTo(new OperandSpec(OperandKind.MEMORY_INDEXED_BY_YMM, OperandSize.QWORD, null));
    assertThat(OperandSpec.parse("XMM0").register()).isEqualTo(Register.XMM0);
    assertThat(OperandSpec.parse("eAX").size()).isEqualTo(OperandSize.OPERAND_UP_TO_32);
  }
}
