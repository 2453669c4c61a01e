package dev.hindsight.assertion;

import dev.hindsight.bus.BackDoor;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.device.vassert.Call;
import dev.hindsight.device.vassert.CallListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the guest says while a check is made: only what comes from the check's address space. */
final class Conversation implements CallListener {
  private static final int RBX = 3;
  private static final int LONGEST_LOG = 1 << 16;

  private final List<Vcpu> cpus;
  private long addressSpace;
  private final StringBuilder log = new StringBuilder();
  private Place place = Place.UNKNOWN;
  private @Nullable Verdict verdict;

  Conversation(List<Vcpu> cpus) {
    this.cpus = cpus;
  }

  /** Begins anew. */
  void begin(long space) {
    addressSpace = space;
    log.setLength(0);
    place = Place.UNKNOWN;
    verdict = null;
  }

  /** What the guest has said came of the check, or null if it is not over. */
  @Nullable Verdict verdict() {
    return verdict;
  }

  Place place() {
    return place;
  }

  String log() {
    return log.toString();
  }

  @Override
  public void called(Call call, BackDoor.Caller caller) {
    if (caller.addressSpace() != addressSpace || verdict != null) {
      return;
    }
    long number = caller.register(RBX) & 0xFFFF_FFFFL;
    switch (call) {
      case RETURN_TO_REPLAY -> verdict = Verdict.HELD;
      case GO_LIVE -> verdict = Verdict.FALSE;
      case END -> verdict = number == 0 ? Verdict.HELD : Verdict.FALSE;
      case LOG -> append(text(caller));
      case EXPRESSION ->
          place =
              new Place(text(caller), place.file(), place.line(), place.function(), place.pid());
      case FILE ->
          place =
              new Place(place.expression(), text(caller), number, place.function(), place.pid());
      case FUNCTION ->
          place = new Place(place.expression(), place.file(), place.line(), text(caller), number);
      default -> {}
    }
  }

  @Override
  public void logged(int value, BackDoor.Caller caller) {
    if (caller.addressSpace() == addressSpace) {
      append(String.valueOf((char) value));
    }
  }

  private void append(String text) {
    log.append(text, 0, Math.min(text.length(), LONGEST_LOG - log.length()));
  }

  private String text(BackDoor.Caller caller) {
    return text(cpus.get(caller.vcpu()), caller);
  }

  static String text(Vcpu cpu, BackDoor.Caller caller) {
    return new String(Memory.text(cpu, caller), StandardCharsets.ISO_8859_1);
  }

  /** What a call in the recorded run itself notes, or null. */
  static @Nullable Note note(Call call, Vcpu cpu, BackDoor.Caller caller, long tick, long steps) {
    return switch (call) {
      case MARK -> new Note(Note.Kind.MARK, tick, steps, text(cpu, caller), OptionalLong.empty());
      case RECORD_START -> new Note(Note.Kind.RECORD_START, tick, steps, "", OptionalLong.empty());
      case RECORD_STOP -> new Note(Note.Kind.RECORD_STOP, tick, steps, "", OptionalLong.empty());
      case VALUE -> {
        String text = text(cpu, caller);
        if (text.length() < Long.BYTES) {
          yield null;
        }
        byte[] number = text.substring(0, Long.BYTES).getBytes(StandardCharsets.ISO_8859_1);
        long value = ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getLong();
        yield new Note(
            Note.Kind.VALUE, tick, steps, text.substring(Long.BYTES), OptionalLong.of(value));
      }
      default -> null;
    };
  }
}
