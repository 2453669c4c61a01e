package dev.hindsight.cpu;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from longs to objects, without boxing: open addressing with linear probing.
 *
 * @param <T> type of the values
 */
public final class LongMap<T> {
  private static final int INITIAL = 64;

  private long[] keys = new long[INITIAL];
  private @Nullable Object[] values = new Object[INITIAL];
  private int size;

  /** An empty map. */
  public LongMap() {}

  private static int home(long key, int capacity) {
    return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (capacity - 1);
  }

  /** The value of a key, or null. */
  @SuppressWarnings("unchecked")
  public @Nullable T get(long key) {
    int mask = values.length - 1;
    for (int i = home(key, values.length); ; i = (i + 1) & mask) {
      Object v = values[i];
      if (v == null) {
        return null;
      }
      if (keys[i] == key) {
        return (T) v;
      }
    }
  }

  /** Sets the value of a key. */
  public void put(long key, T value) {
    if (2 * (size + 1) > values.length) {
      grow();
    }
    int mask = values.length - 1;
    int i = home(key, values.length);
    while (values[i] != null && keys[i] != key) {
      i = (i + 1) & mask;
    }
    if (values[i] == null) {
      size++;
    }
    keys[i] = key;
    values[i] = value;
  }

  /** Removes a key, if it is there. */
  public void remove(long key) {
    int mask = values.length - 1;
    int i = home(key, values.length);
    while (values[i] != null && keys[i] != key) {
      i = (i + 1) & mask;
    }
    if (values[i] == null) {
      return;
    }
    size--;
    // close the gap: move back what probing would no longer find
    int gap = i;
    for (int j = (i + 1) & mask; values[j] != null; j = (j + 1) & mask) {
      int wanted = home(keys[j], values.length);
      if (((j - wanted) & mask) >= ((j - gap) & mask)) {
        keys[gap] = keys[j];
        values[gap] = values[j];
        gap = j;
      }
    }
    values[gap] = null;
  }

  /** Number of keys. */
  public int size() {
    return size;
  }

  /** Calls an action for each key, in no particular order: it must not matter. */
  public void forEachKey(LongConsumer action) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        action.accept(keys[i]);
      }
    }
  }

  /** Removes everything. */
  public void clear() {
    Arrays.fill(values, null);
    size = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new Object[oldValues.length * 2];
    int mask = values.length - 1;
    for (int j = 0; j < oldValues.length; j++) {
      if (oldValues[j] != null) {
        int i = home(oldKeys[j], values.length);
        while (values[i] != null) {
          i = (i + 1) & mask;
        }
        keys[i] = oldKeys[j];
        values[i] = oldValues[j];
      }
    }
  }
}
