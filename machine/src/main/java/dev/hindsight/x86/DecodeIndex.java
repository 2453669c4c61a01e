package dev.hindsight.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows that exist in one mode of one CPU model, arranged so that an encoding finds its own. */
final class DecodeIndex {
  private static final int PREFIX_KEYS = 4;
  private static final int MODRM_KEYS = 16;

  private final @Nullable Slot[] slots = new Slot[OpcodeMap.values().length * 256];
  private final boolean vex;

  /** The rows of one opcode. */
  static final class Slot {
    /** Whether a ModRM byte follows. */
    final boolean modrm;

    /** Whether ModRM has a say in which row matches. */
    private final boolean byModrm;

    /** Rows by prefix, and by ModRM.reg and whether mod is 3 where that matters. */
    private final DecodeRow[][] candidates;

    Slot(boolean modrm, boolean byModrm, DecodeRow[][] candidates) {
      this.modrm = modrm;
      this.byModrm = byModrm;
      this.candidates = candidates;
    }

    /** The rows that may match, in order of priority. */
    DecodeRow[] candidates(Encoding in) {
      int key = in.prefixKey();
      return candidates[byModrm ? key * MODRM_KEYS + in.reg * 2 + (in.mod == 3 ? 1 : 0) : key];
    }
  }

  DecodeIndex(OpcodeTable table, CodeMode mode, Set<Feature> features) {
    List<List<DecodeRow>> byOpcode = new ArrayList<>();
    for (int i = 0; i < slots.length; i++) {
      byOpcode.add(new ArrayList<>());
    }
    boolean anyVex = false;
    for (OpcodeRow row : table.rows()) {
      if (row.existsIn(mode) && features.containsAll(row.features())) {
        DecodeRow ready = new DecodeRow(row, mode);
        int last = row.opcode() + (row.registerInOpcode() ? 7 : 0);
        for (int opcode = row.opcode(); opcode <= last; opcode++) {
          byOpcode.get(row.map().ordinal() * 256 + opcode).add(ready);
        }
        anyVex |= row.map().isVex();
      }
    }
    for (int i = 0; i < slots.length; i++) {
      if (!byOpcode.get(i).isEmpty()) {
        slots[i] = slot(byOpcode.get(i));
      }
    }
    vex = anyVex;
  }

  private static Slot slot(List<DecodeRow> rows) {
    boolean byModrm = false;
    for (DecodeRow row : rows) {
      ModrmForm form = row.row.modrm();
      byModrm |= form.reg() >= 0 || form.memory() != form.register();
    }
    int perPrefix = byModrm ? MODRM_KEYS : 1;
    DecodeRow[][] candidates = new DecodeRow[PREFIX_KEYS * perPrefix][];
    for (int key = 0; key < PREFIX_KEYS; key++) {
      List<DecodeRow> selected = selected(rows, key);
      for (int low = 0; low < perPrefix; low++) {
        List<DecodeRow> accepted = new ArrayList<>();
        for (DecodeRow row : selected) {
          if (!byModrm || accepts(row.row.modrm(), low / 2, low % 2 == 1)) {
            accepted.add(row);
          }
        }
        candidates[key * perPrefix + low] = accepted.toArray(DecodeRow[]::new);
      }
    }
    return new Slot(rows.getFirst().row.modrm().present(), byModrm, candidates);
  }

  private static boolean accepts(ModrmForm form, int reg, boolean register) {
    return (register ? form.register() : form.memory()) && (form.reg() < 0 || form.reg() == reg);
  }

  private static List<DecodeRow> selected(List<DecodeRow> rows, int key) {
    List<DecodeRow> selected = new ArrayList<>();
    for (DecodeRow row : rows) {
      MandatoryPrefix prefix = row.row.prefix();
      if (key != 0 && prefix.vexPp() == key) {
        selected.add(row);
      }
    }
    for (DecodeRow row : rows) {
      boolean matches =
          switch (row.row.prefix()) {
            case ANY -> true;
            case NONE -> key == 0;
            case NO_REPEAT -> key <= 1;
            default -> false;
          };
      if (matches) {
        selected.add(row);
      }
    }
    return selected;
  }

  /** Whether the CPU knows VEX prefixes. */
  boolean hasVex() {
    return vex;
  }

  /** The rows of an opcode, or null if there are none. */
  @Nullable Slot slot(OpcodeMap map, int opcode) {
    return slots[map.ordinal() * 256 + opcode];
  }
}
