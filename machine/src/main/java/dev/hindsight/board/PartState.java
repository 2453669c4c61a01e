package dev.hindsight.board;

import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.bus.state.StateHash;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The saved state of one part of a machine. It can be had in the form in which it is written to
 * disk; as few snapshots are ever looked at, that form is made when somebody asks for it first.
 */
public final class PartState {
  private final String name;
  private final int version;
  private final Supplier<byte[]> encoding;
  private final @Nullable Record record;

  // several threads may ask; each of them would make the same bytes
  private volatile byte @Nullable [] encoded;

  /**
   * The state of a part.
   *
   * @param name its name, unique in the machine: "board", "cpu0", "uart0"
   * @param version version of its {@link dev.hindsight.bus.state.Schema}
   * @param bytes what {@link dev.hindsight.bus.state.RecordCodec} made of its record
   */
  public PartState(String name, int version, byte[] bytes) {
    byte[] copy = bytes.clone();
    this(name, version, () -> copy, null);
  }

  private PartState(String name, int version, Supplier<byte[]> encoding, @Nullable Record record) {
    this.name = name;
    this.version = version;
    this.encoding = encoding;
    this.record = record;
  }

  /**
   * The state of a part that has just been saved.
   *
   * @param state its record, which shares nothing with the part
   */
  static <S extends Record> PartState of(String name, RecordCodec<S> codec, S state) {
    return new PartState(name, codec.version(), () -> codec.encode(state), state);
  }

  /** The record itself, if it is at hand; nobody may change what it holds. */
  <S extends Record> Optional<S> record(Class<S> type) {
    return type.isInstance(record) ? Optional.of(type.cast(record)) : Optional.empty();
  }

  private byte[] encoded() {
    byte[] bytes = encoded;
    if (bytes == null) {
      bytes = encoding.get();
      encoded = bytes;
    }
    return bytes;
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
    return encoded().clone();
  }

  /** Hash of the bytes. */
  public long hash() {
    return StateHash.of(encoded());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartState p
        && p.name.equals(name)
        && p.version == version
        && Arrays.equals(p.encoded(), encoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded());
  }

  @Override
  public String toString() {
    return name + ", " + encoded().length + " bytes";
  }
}
