package dev.hindsight.cpu.protection;

import java.util.LinkedHashMap;
import java.util.Map;

/** The values that a case of a {@link Rules} table is made of. */
final class Case {
  private final Map<String, Integer> values = new LinkedHashMap<>();

  /** Sets a value. */
  Case with(String name, int value) {
    values.put(name, value);
    return this;
  }

  /** Sets a truth value. */
  Case with(String name, boolean value) {
    return with(name, value ? 1 : 0);
  }

  /**
   * Sets what a selector and the descriptor that it names are, as the tables call it.
   *
   * @param prefix put before each name but that of the selector
   * @param limit limit of the selector's table
   */
  Case selector(String name, String prefix, int selector, int limit, int access) {
    boolean system = (access & 0x10) == 0;
    boolean code = !system && (access & 8) != 0;
    return with(name, selector)
        .with(prefix + "null", selector < 4)
        .with(prefix + "beyond", (selector & 0xFFF8) + 7 > limit)
        .with(prefix + "local", (selector & 4) != 0)
        .with(prefix + "rpl", selector & 3)
        .with(prefix + "dpl", access >> 5 & 3)
        .with(prefix + "present", (access & 0x80) != 0)
        .with(prefix + "type", access & 15)
        .with(prefix + "system", system)
        .with(prefix + "code", code)
        .with(prefix + "data", !system && !code)
        .with(prefix + "conforming", code && (access & 4) != 0)
        .with(prefix + "rw", (access & 2) != 0)
        .with(prefix + "writable", !system && !code && (access & 2) != 0);
  }

  Map<String, Integer> values() {
    return values;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
