package dev.hindsight.x86;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;

/**
 * Properties of a row of the opcode table, as a set that is asked for each instruction decoded.
 *
 * @param bits one for each, by its ordinal
 */
public record RowAttributes(int bits) implements Iterable<RowAttribute> {
  /** Those of a set. */
  static RowAttributes of(Set<RowAttribute> attributes) {
    int bits = 0;
    for (RowAttribute attribute : attributes) {
      bits |= 1 << attribute.ordinal();
    }
    return new RowAttributes(bits);
  }

  /** Whether one of them is there. */
  public boolean contains(RowAttribute attribute) {
    return (bits >>> attribute.ordinal() & 1) != 0;
  }

  @Override
  public Iterator<RowAttribute> iterator() {
    EnumSet<RowAttribute> all = EnumSet.allOf(RowAttribute.class);
    all.removeIf(attribute -> !contains(attribute));
    return all.iterator();
  }
}
