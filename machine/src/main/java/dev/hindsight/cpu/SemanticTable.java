package dev.hindsight.cpu;

import dev.hindsight.x86.Mnemonic;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each mnemonic means. */
public final class SemanticTable {
  private final Map<Mnemonic, Semantic> byMnemonic;

  private SemanticTable(Map<Mnemonic, Semantic> byMnemonic) {
    this.byMnemonic = byMnemonic;
  }

  /** The semantic of a mnemonic, or null where it has none: then it is #UD. */
  public @Nullable Semantic find(Mnemonic mnemonic) {
    return byMnemonic.get(mnemonic);
  }

  /** Collects the rows of a table. */
  public static final class Builder {
    private final Map<Mnemonic, Semantic> byMnemonic = new EnumMap<>(Mnemonic.class);

    /** Adds a row; a mnemonic can have one only. */
    public Builder add(Mnemonic mnemonic, Semantic semantic) {
      if (byMnemonic.put(mnemonic, semantic) != null) {
        throw new IllegalStateException(mnemonic + " has two semantics");
      }
      return this;
    }

    /** The table. */
    public SemanticTable build() {
      return new SemanticTable(new EnumMap<>(byMnemonic));
    }
  }
}
