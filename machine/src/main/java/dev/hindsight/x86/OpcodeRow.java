package dev.hindsight.x86;

import java.util.List;
import java.util.Set;

/**
 * A row of the opcode table: one encoding of one instruction.
 *
 * @param map the opcode map
 * @param prefix what 66, F2 and F3 do to it
 * @param opcode the opcode byte, 0 to 0xFF
 * @param registerInOpcode whether the row is eight opcodes, from {@code opcode} on, whose low three
 *     bits name a register
 * @param modrm which ModRM bytes it accepts
 * @param features the extensions that a CPU needs for it
 * @param mnemonic the instruction
 * @param operands its operands, destination first
 * @param attributes its other properties
 */
public record OpcodeRow(
    OpcodeMap map,
    MandatoryPrefix prefix,
    int opcode,
    boolean registerInOpcode,
    ModrmForm modrm,
    Set<Feature> features,
    Mnemonic mnemonic,
    List<OperandSpec> operands,
    RowAttributes attributes) {

  /** Whether it has an attribute. */
  public boolean has(RowAttribute attribute) {
    return attributes.contains(attribute);
  }

  /** Whether the engine must end a block after the instruction. */
  public boolean endsBlock() {
    return attributes.contains(RowAttribute.ENDS_BLOCK);
  }

  /** Whether it exists in a mode, leaving the CPU's extensions aside. */
  public boolean existsIn(CodeMode mode) {
    return !has(mode == CodeMode.BITS64 ? RowAttribute.NO_64 : RowAttribute.ONLY_64);
  }

  /** Short form for messages: map, opcode, ModRM form, mnemonic and operands. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(map.notation()).append(' ').append(prefix.notation());
    text.append(String.format(" %02X%s ", opcode, registerInOpcode ? "+r" : ""));
    if (modrm.present()) {
      text.append('/').append(modrm.reg() < 0 ? "r" : Integer.toString(modrm.reg()));
      text.append(modrm.memory() ? modrm.register() ? "" : "M" : "R");
      text.append(modrm.rm() < 0 ? "" : Integer.toString(modrm.rm())).append(' ');
    }
    text.append(mnemonic);
    for (int i = 0; i < operands.size(); i++) {
      text.append(i == 0 ? ' ' : ',').append(operands.get(i));
    }
    return text.toString();
  }
}
