package dev.hindsight.timeline;

import java.io.IOException;

/** Where a recording is kept: a few named files. */
public interface RecordingStore {
  /**
   * Writes a whole file that does not exist yet.
   *
   * @throws IOException if that is not possible, with a message for a person
   */
  void write(String name, byte[] content) throws IOException;

  /**
   * Begins a file that does not exist yet, to be written bit by bit.
   *
   * @throws IOException if that is not possible, with a message for a person
   */
  Appender append(String name) throws IOException;

  /**
   * Reads a whole file.
   *
   * @throws IOException if that is not possible, with a message for a person
   */
  byte[] read(String name) throws IOException;

  /** A file that is being written. */
  interface Appender extends AutoCloseable {
    /** Appends bytes; when it returns they survive the end of this process. */
    void append(byte[] bytes) throws IOException;

    /** Brings everything to the disk and ends the file. */
    @Override
    void close() throws IOException;
  }
}
