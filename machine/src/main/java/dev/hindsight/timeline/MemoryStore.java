package dev.hindsight.timeline;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/** A recording that is kept in memory and goes with the process. */
public final class MemoryStore implements RecordingStore {
  private final Map<String, ByteArrayOutputStream> files = new TreeMap<>();

  /** Without files. */
  public MemoryStore() {}

  @Override
  public void write(String name, byte[] content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(content);
    files.put(name, file);
  }

  @Override
  public Appender append(String name) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    files.put(name, file);
    return new Appender() {
      @Override
      public void append(byte[] bytes) {
        file.writeBytes(bytes);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public byte[] read(String name) throws RecordingException {
    ByteArrayOutputStream file = files.get(name);
    if (file == null) {
      throw new RecordingException("There is no file named " + name + ".");
    }
    return file.toByteArray();
  }
}
