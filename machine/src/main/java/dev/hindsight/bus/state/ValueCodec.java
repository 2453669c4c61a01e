package dev.hindsight.bus.state;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes and reads one component of a record. */
sealed interface ValueCodec {
  void write(Object value, StateWriter out);

  Object read(StateReader in);

  /** Number of bytes that any value takes at least. */
  int leastBytes();

  /** The type in words. */
  String schema();

  /** The codec for a component's type. */
  static ValueCodec of(Type type) {
    if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      return new ListValue(of(p.getActualTypeArguments()[0]));
    }
    if (type instanceof Class<?> c) {
      if (c.isRecord()) {
        return new RecordValue<>(RecordCodec.of(c.asSubclass(Record.class)));
      }
      if (c.isEnum()) {
        return new EnumValue(c.getEnumConstants(), c.getSimpleName());
      }
      if (c == String.class) {
        return new StringValue();
      }
      if (c.isArray()) {
        return new ArrayValue(of(c.getComponentType()), c.getComponentType());
      }
      return Primitive.of(c);
    }
    throw new IllegalArgumentException(type + " cannot be saved");
  }

  /** A primitive, or its box. */
  enum Primitive implements ValueCodec {
    BOOLEAN(boolean.class, Boolean.class, 1) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putByte((boolean) value ? 1 : 0);
      }

      @Override
      public Object read(StateReader in) {
        byte b = in.getByte();
        if (b != 0 && b != 1) {
          throw new StateFormatException("A truth value is neither 0 nor 1.");
        }
        return b == 1;
      }
    },
    BYTE(byte.class, Byte.class, 1) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putByte((byte) value);
      }

      @Override
      public Object read(StateReader in) {
        return in.getByte();
      }
    },
    SHORT(short.class, Short.class, 2) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putShort((short) value);
      }

      @Override
      public Object read(StateReader in) {
        return in.getShort();
      }
    },
    CHAR(char.class, Character.class, 2) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putShort((char) value);
      }

      @Override
      public Object read(StateReader in) {
        return (char) in.getShort();
      }
    },
    INT(int.class, Integer.class, 4) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putInt((int) value);
      }

      @Override
      public Object read(StateReader in) {
        return in.getInt();
      }
    },
    LONG(long.class, Long.class, 8) {
      @Override
      public void write(Object value, StateWriter out) {
        out.putLong((long) value);
      }

      @Override
      public Object read(StateReader in) {
        return in.getLong();
      }
    };

    private final Class<?> primitive;
    private final Class<?> box;
    private final int bytes;

    Primitive(Class<?> primitive, Class<?> box, int bytes) {
      this.primitive = primitive;
      this.box = box;
      this.bytes = bytes;
    }

    static Primitive of(Class<?> type) {
      for (Primitive p : values()) {
        if (p.primitive == type || p.box == type) {
          return p;
        }
      }
      throw new IllegalArgumentException(type + " cannot be saved");
    }

    @Override
    public int leastBytes() {
      return bytes;
    }

    @Override
    public String schema() {
      return primitive.getName();
    }
  }

  /** An array. */
  record ArrayValue(ValueCodec element, Class<?> component) implements ValueCodec {
    @Override
    public void write(Object value, StateWriter out) {
      int length = Array.getLength(value);
      out.putInt(length);
      if (value instanceof byte[] bytes) {
        out.putBytes(bytes);
        return;
      }
      for (int i = 0; i < length; i++) {
        element.write(Array.get(value, i), out);
      }
    }

    @Override
    public Object read(StateReader in) {
      int length = in.getLength(element.leastBytes());
      if (element == Primitive.BYTE) {
        return in.getBytes(length);
      }
      Object array = Array.newInstance(component, length);
      for (int i = 0; i < length; i++) {
        Array.set(array, i, element.read(in));
      }
      return array;
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public String schema() {
      return element.schema() + "[]";
    }
  }

  /** A string. */
  record StringValue() implements ValueCodec {
    @Override
    public void write(Object value, StateWriter out) {
      out.putString((String) value);
    }

    @Override
    public Object read(StateReader in) {
      return in.getString();
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public String schema() {
      return "text";
    }
  }

  /** A constant of an enum, written as its ordinal. */
  @SuppressWarnings("ArrayRecordComponent")
  record EnumValue(Object[] constants, String name) implements ValueCodec {
    @Override
    public void write(Object value, StateWriter out) {
      out.putShort(((Enum<?>) value).ordinal());
    }

    @Override
    public Object read(StateReader in) {
      int ordinal = in.getShort();
      if (ordinal < 0 || ordinal >= constants.length) {
        throw new StateFormatException("There is no " + name + " number " + ordinal + ".");
      }
      return constants[ordinal];
    }

    @Override
    public int leastBytes() {
      return 2;
    }

    @Override
    public String schema() {
      return name + Arrays.toString(constants);
    }
  }

  /** A list. */
  record ListValue(ValueCodec element) implements ValueCodec {
    @Override
    public void write(Object value, StateWriter out) {
      List<?> list = (List<?>) value;
      out.putInt(list.size());
      for (Object o : list) {
        element.write(o, out);
      }
    }

    @Override
    public Object read(StateReader in) {
      int length = in.getLength(element.leastBytes());
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        list.add(element.read(in));
      }
      return List.copyOf(list);
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public String schema() {
      return "list of " + element.schema();
    }
  }

  /** A record within a record. */
  record RecordValue<R extends Record>(RecordCodec<R> codec) implements ValueCodec {
    @Override
    @SuppressWarnings("unchecked")
    public void write(Object value, StateWriter out) {
      codec.write((R) value, out);
    }

    @Override
    public Object read(StateReader in) {
      return codec.read(in);
    }

    @Override
    public int leastBytes() {
      return codec.leastBytes();
    }

    @Override
    public String schema() {
      return codec.schema();
    }
  }
}
