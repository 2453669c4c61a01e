package dev.hindsight.x86.assembler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.OpcodeTable;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.RowAttribute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the assembler writes, our decoder and objdump read. */
class RoundTripTest {
  private static final int SAMPLES_PER_ROW = 40;

  // It does not know SALC nor WBINVD with an operand-size prefix, and merges FWAIT with the next.
  private static final Set<Mnemonic> UNKNOWN_TO_OBJDUMP =
      EnumSet.of(Mnemonic.SALC, Mnemonic.FWAIT, Mnemonic.WBINVD);

  private final Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));

  private final List<String> failures = new ArrayList<>();
  private final Map<CodeMode, List<byte[]>> encodings = new EnumMap<>(CodeMode.class);

  RoundTripTest() {
    for (CodeMode mode : CodeMode.values()) {
      encodings.put(mode, new ArrayList<>());
    }
    encodeAll();
  }

  @Test
  void everyRowInEveryMode() {
    assertThat(failures).isEmpty();
    assertThat(encodings.values().stream().mapToInt(List::size).sum()).isGreaterThan(100_000);
  }

  @ParameterizedTest
  @EnumSource
  void objdumpSeesTheSameInstructions(CodeMode mode) throws IOException, InterruptedException {
    List<byte[]> instructions = encodings.getOrDefault(mode, List.of());
    assertThat(Objdump.misreadings(mode, instructions)).isEmpty();
  }

  private void encodeAll() {
    for (OpcodeRow row : OpcodeTable.standard().rows()) {
      if (row.has(RowAttribute.ALIAS)) {
        continue;
      }
      for (CodeMode mode : CodeMode.values()) {
        if (!row.existsIn(mode)) {
          continue;
        }
        List<Sizes> candidates = Sizes.candidates(row, mode);
        Random random = new Random(row.toString().hashCode() * 3L + mode.bits());
        for (int i = 0; i < SAMPLES_PER_ROW && !candidates.isEmpty(); i++) {
          Sizes sizes = candidates.get(random.nextInt(candidates.size()));
          if (sizes.addressBits() == 16 && hasVectorIndex(row)) {
            continue;
          }
          List<Operand> operands = new RowSampler(random, row, mode, sizes).operands();
          String failure = check(row, mode, sizes, operands);
          if (!failure.isEmpty()) {
            failures.add(row + " in " + mode + ": " + failure);
            break;
          }
        }
      }
    }
  }

  /** XCHG means the same both ways, and has a shorter form with the accumulator second. */
  private static boolean isSwapped(Instruction in, List<Operand> operands) {
    return in.mnemonic() == Mnemonic.XCHG && in.operands().equals(operands.reversed());
  }

  private static boolean hasVectorIndex(OpcodeRow row) {
    return row.operands().stream()
        .anyMatch(it ->
            it.kind() == OperandKind.MEMORY_INDEXED_BY_XMM
                || it.kind() == OperandKind.MEMORY_INDEXED_BY_YMM);
  }

  private String check(OpcodeRow row, CodeMode mode, Sizes sizes, List<Operand> operands) {
    EncodingRequest request =
        new EncodingRequest(
            mode,
            row.mnemonic(),
            0,
            sizes.operandBits(),
            sizes.addressBits(),
            operands,
            EnumSet.noneOf(WideField.class));
    byte[] bytes;
    try {
      bytes = Encoder.encode(request);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
    if (!UNKNOWN_TO_OBJDUMP.contains(row.mnemonic())) {
      encodings.getOrDefault(mode, List.of()).add(bytes);
    }
    String hex = HexFormat.of().formatHex(bytes);
    Decoded decoded =
        decoder.decode(mode, position -> position < bytes.length ? bytes[position] & 0xFF : -1);
    if (!(decoded instanceof Instruction in)) {
      return operands + " as " + hex + " is not decoded: " + decoded;
    }
    if (in.length() != bytes.length
        || in.mnemonic() != row.mnemonic()
        || !in.operands().equals(operands) && !isSwapped(in, operands)) {
      return operands + " as " + hex + " is decoded as " + in.mnemonic() + " " + in.operands();
    }
    return "";
  }
}
