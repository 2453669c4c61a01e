package dev.hindsight.silicon;

import dev.hindsight.cpu.CpuModels;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.OpcodeTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The rows of the opcode table that exist in a mode on the model {@code v3}, to draw from. */
public final class RowPool {
  private final CodeMode mode;
  private final List<OpcodeRow> rows;
  private final List<List<OpcodeRow>> byMnemonic = new ArrayList<>();

  public RowPool(CodeMode mode, Predicate<Mnemonic> wanted) {
    this.mode = mode;
    this.rows =
        OpcodeTable.standard().rows().stream()
            .filter(row -> row.existsIn(mode))
            .filter(row -> CpuModels.V3.features().containsAll(row.features()))
            .filter(row -> wanted.test(row.mnemonic()))
            .sorted(Comparator.comparing(OpcodeRow::mnemonic))
            .toList();
    for (OpcodeRow row : rows) {
      if (byMnemonic.isEmpty() || byMnemonic.getLast().getFirst().mnemonic() != row.mnemonic()) {
        byMnemonic.add(new ArrayList<>());
      }
      byMnemonic.getLast().add(row);
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no instruction of that name in " + mode);
    }
  }

  /** How the rows' bytes are to be read. */
  public CodeMode mode() {
    return mode;
  }

  /** All of them. */
  public List<OpcodeRow> rows() {
    return rows;
  }

  /** One of them: of all with equal chances, or of a mnemonic that is drawn with equal chances. */
  public OpcodeRow draw(RandomGenerator r) {
    List<OpcodeRow> some = r.nextBoolean() ? rows : byMnemonic.get(r.nextInt(byMnemonic.size()));
    return some.get(r.nextInt(some.size()));
  }
}
