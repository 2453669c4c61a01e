package dev.hindsight.cpu.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.OpcodeTable;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every instruction that can be decoded can be executed. */
class InstructionSetTest {
  @Test
  void everyRowOfTheOpcodeTableHasASemantic() {
    SemanticTable semantics = InstructionSet.semantics();
    Set<Mnemonic> missing = EnumSet.noneOf(Mnemonic.class);
    for (OpcodeRow row : OpcodeTable.standard().rows()) {
      if (semantics.find(row.mnemonic()) == null) {
        missing.add(row.mnemonic());
      }
    }
    assertThat(missing).isEmpty();
  }
}
