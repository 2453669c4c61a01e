package dev.hindsight.bus.state;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the records of one type and reads them back.
 *
 * <p>Components may be primitives, strings, enums, other records, and arrays and lists of these
 * (primitives in lists are boxed); none may be null. They are written in the order of their
 * declaration, without names: {@link #schema()} describes them, and whoever keeps the bytes keeps
 * {@link #version()} beside them.
 *
 * <p>How a record is taken apart is found out once, when the codec is made.
 *
 * @param <R> the record
 */
public final class RecordCodec<R extends Record> {
  private final Class<R> type;
  private final List<Field> fields;
  private final MethodHandle constructor;
  private final int version;

  private RecordCodec(Class<R> type) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    List<Field> found = new ArrayList<>();
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      for (int i = 0; i < components.length; i++) {
        RecordComponent c = components[i];
        types[i] = c.getType();
        MethodHandle accessor =
            lookup
                .unreflect(c.getAccessor())
                .asType(MethodType.methodType(Object.class, Record.class));
        found.add(new Field(c.getName(), accessor, ValueCodec.of(c.getGenericType())));
      }
      constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Record.class, Object[].class));
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalArgumentException(type + " cannot be taken apart", e);
    }
    fields = List.copyOf(found);
    Schema schema = type.getAnnotation(Schema.class);
    version = schema == null ? 1 : schema.version();
  }

  private record Field(String name, MethodHandle accessor, ValueCodec codec) {}

  /**
   * The codec of a type.
   *
   * @throws IllegalArgumentException if a component is of a type that cannot be saved
   */
  public static <R extends Record> RecordCodec<R> of(Class<R> type) {
    return new RecordCodec<>(type);
  }

  /** The version of the record's {@link Schema}. */
  public int version() {
    return version;
  }

  /** Names and types of all components, nested ones included, in one line. */
  public String schema() {
    StringBuilder text = new StringBuilder(type.getSimpleName()).append('{');
    for (int i = 0; i < fields.size(); i++) {
      text.append(i == 0 ? "" : ",").append(fields.get(i).name).append(':');
      text.append(fields.get(i).codec.schema());
    }
    return text.append('}').toString();
  }

  /** A number that is another one if {@link #schema} is. */
  public long fingerprint() {
    return StateHash.of(schema().getBytes(StandardCharsets.UTF_8));
  }

  /** Appends a record to a writer. */
  public void write(R state, StateWriter out) {
    for (Field f : fields) {
      f.codec.write(value(state, f), out);
    }
  }

  /**
   * Reads a record.
   *
   * @throws StateFormatException if the bytes are not one
   */
  public R read(StateReader in) {
    Object[] values = new Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = fields.get(i).codec.read(in);
    }
    try {
      return type.cast((Record) constructor.invokeExact(values));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new StateFormatException("Values do not make a " + type.getSimpleName() + ".", e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("constructors of records throw no checked exceptions", e);
    }
  }

  /** A record as bytes. */
  public byte[] encode(R state) {
    StateWriter out = new StateWriter();
    write(state, out);
    return out.toBytes();
  }

  /**
   * A record from bytes that hold it and nothing else.
   *
   * @throws StateFormatException if they do not
   */
  public R decode(byte[] bytes) {
    StateReader in = new StateReader(bytes);
    R state = read(in);
    in.end();
    return state;
  }

  /** Number of bytes that any record of the type takes at least. */
  int leastBytes() {
    return fields.stream().mapToInt(f -> f.codec.leastBytes()).sum();
  }

  /** Names of the components. */
  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** The values of a record's components. */
  List<Object> values(R state) {
    return fields.stream().map(f -> value(state, f)).toList();
  }

  private static Object value(Record state, Field field) {
    try {
      Object value = field.accessor.invokeExact(state);
      if (value == null) {
        throw new IllegalArgumentException(
            state.getClass().getSimpleName() + "." + field.name + " is null");
      }
      return value;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("accessors of records throw no checked exceptions", e);
    }
  }
}
