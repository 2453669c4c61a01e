package dev.hindsight.board;

import dev.hindsight.bus.state.StateHash;
import java.util.Arrays;

/** The saved state of one part of a machine, in the form in which it is written to disk. */
public final class PartState {
  private final String name;
  private final int version;
  private final byte[] bytes;

  /**
   * The state of a part.
   *
   * @param name its name, unique in the machine: "board", "cpu0", "uart0"
   * @param version version of its {@link dev.hindsight.bus.state.Schema}
   * @param bytes what {@link dev.hindsight.bus.state.RecordCodec} made of its record
   */
  public PartState(String name, int version, byte[] bytes) {
    this.name = name;
    this.version = version;
    this.bytes = bytes.clone();
  }

  /** Name of the part. */
  public String name() {
    return name;
  }

  /** Version of its record. */
  public int version() {
    return version;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Hash of the bytes. */
  public long hash() {
    return StateHash.of(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartState p
        && p.name.equals(name)
        && p.version == version
        && Arrays.equals(p.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return name + ", " + bytes.length + " bytes";
  }
}
