package dev.hindsight.device;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies of a record, in each of which one bit of one field is different. */
final class RecordFlips {
  private RecordFlips() {}

  /**
   * A copy.
   *
   * @param where which bit of which field
   * @param value the copy
   */
  record Flip(String where, Object value) {}

  static List<Flip> of(Object value, String where) throws ReflectiveOperationException {
    List<Flip> flips = new ArrayList<>();
    switch (value) {
      case Boolean b -> flips.add(new Flip(where, !b));
      case Byte b -> bits(8, where, n -> (byte) (b ^ 1 << n), flips);
      case Integer i -> bits(32, where, n -> i ^ 1 << n, flips);
      case Long l -> bits(64, where, n -> l ^ 1L << n, flips);
      case Record r -> ofRecord(r, where, flips);
      case List<?> l -> ofList(l, where, flips);
      case Object a when a.getClass().isArray() -> ofArray(a, where, flips);
      default -> throw new IllegalArgumentException("a new kind of field: " + value.getClass());
    }
    return flips;
  }

  private static void bits(
      int count, String where, java.util.function.IntFunction<Object> flip, List<Flip> flips) {
    for (int n = 0; n < count; n++) {
      flips.add(new Flip(where + " bit " + n, flip.apply(n)));
    }
  }

  private static void ofRecord(Record r, String where, List<Flip> flips)
      throws ReflectiveOperationException {
    RecordComponent[] components = r.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      Method accessor = components[i].getAccessor();
      accessor.setAccessible(true);
      values[i] = accessor.invoke(r);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = r.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    for (int i = 0; i < values.length; i++) {
      for (Flip f : of(values[i], where + "." + components[i].getName())) {
        Object[] changed = values.clone();
        changed[i] = f.value();
        flips.add(new Flip(f.where(), constructor.newInstance(changed)));
      }
    }
  }

  private static void ofList(List<?> list, String where, List<Flip> flips)
      throws ReflectiveOperationException {
    for (int i = 0; i < list.size(); i++) {
      for (Flip f : of(list.get(i), where + "[" + i + "]")) {
        List<Object> copy = new ArrayList<>(list);
        copy.set(i, f.value());
        flips.add(new Flip(f.where(), copy));
      }
    }
  }

  private static void ofArray(Object array, String where, List<Flip> flips)
      throws ReflectiveOperationException {
    int length = Array.getLength(array);
    for (int i = 0; i < length; i++) {
      for (Flip f : of(Array.get(array, i), where + "[" + i + "]")) {
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        Array.set(copy, i, f.value());
        flips.add(new Flip(f.where(), copy));
      }
    }
  }
}
