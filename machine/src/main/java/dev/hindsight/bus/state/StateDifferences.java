package dev.hindsight.bus.state;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Says where two records of one type differ, for people who look for the cause. */
public final class StateDifferences {
  private final int limit;
  private final List<Difference> found = new ArrayList<>();

  private StateDifferences(int limit) {
    this.limit = limit;
  }

  /**
   * A component that is not the same.
   *
   * @param path where it is: "general[3]"
   * @param first its value in the first record
   * @param second its value in the second record
   */
  public record Difference(String path, String first, String second) {
    @Override
    public String toString() {
      return path + ": " + first + " and " + second;
    }
  }

  /**
   * The differences of two records, in the order of their components.
   *
   * @param path put before every path
   * @param limit how many are wanted at most
   */
  public static <R extends Record> List<Difference> between(
      String path, R first, R second, int limit) {
    StateDifferences differences = new StateDifferences(limit);
    differences.compare(path, first, second);
    return List.copyOf(differences.found);
  }

  private void compare(String path, Object a, Object b) {
    if (found.size() >= limit) {
      return;
    }
    if (a instanceof Record r && b instanceof Record s && a.getClass() == b.getClass()) {
      compareRecords(path, r, s);
    } else if (a instanceof List<?> l && b instanceof List<?> m) {
      compareSequences(path, l, m);
    } else if (a.getClass().isArray() && b.getClass().isArray()) {
      compareSequences(path, elements(a), elements(b));
    } else if (!a.equals(b)) {
      found.add(new Difference(path, text(a), text(b)));
    }
  }

  private void compareRecords(String path, Record a, Record b) {
    RecordCodec<?> codec = RecordCodec.of(a.getClass());
    List<String> names = codec.names();
    List<Object> first = values(codec, a);
    List<Object> second = values(codec, b);
    for (int i = 0; i < names.size(); i++) {
      compare(
          path.isEmpty() ? names.get(i) : path + "." + names.get(i), first.get(i), second.get(i));
    }
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> List<Object> values(RecordCodec<R> codec, Record state) {
    return codec.values((R) state);
  }

  private void compareSequences(String path, List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      found.add(new Difference(path, a.size() + " elements", b.size() + " elements"));
      return;
    }
    for (int i = 0; i < a.size(); i++) {
      compare(path + "[" + i + "]", a.get(i), b.get(i));
    }
  }

  private static List<Object> elements(Object array) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      list.add(Array.get(array, i));
    }
    return list;
  }

  private static String text(Object value) {
    return switch (value) {
      case Long l -> "0x" + Long.toHexString(l);
      case Integer i -> "0x" + Integer.toHexString(i);
      case Short s -> "0x" + Integer.toHexString(s & 0xFFFF);
      case Byte b -> "0x" + Integer.toHexString(b & 0xFF);
      default -> value.toString();
    };
  }
}
